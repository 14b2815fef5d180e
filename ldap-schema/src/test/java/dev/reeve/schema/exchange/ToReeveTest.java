package dev.reeve.schema.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.model.gp.Dn;
import dev.reeve.model.ipsec.IpsecPolicy;
import dev.reeve.schema.ipsec.Finding;
import dev.reeve.schema.ipsec.Finding.Code;
import dev.reeve.schema.ms.FilterForm;
import dev.reeve.schema.ms.SecretOpener;
import dev.reeve.schema.names.LdapAttribute;
import dev.reeve.schema.names.LdapClass;
import dev.reeve.schema.read.LdapEntry;
import dev.reeve.schema.write.MsCarrier;
import dev.reeve.schema.write.MsObjectWriter;
import dev.reeve.schema.write.MsOriginals;
import dev.reeve.schema.write.RandomPolicies;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// From Microsoft's objects to ours: what is lost is listed, and nothing is listed that is not
/// lost. Whether something is lost, the bytes tell that Microsoft's objects have when they are made
/// again from ours alone.
class ToReeveTest {

  private static final Dn DOMAIN = Dn.parse("DC=corp,DC=example");
  private static final Dn CONTAINER = DOMAIN.below("CN=IP Security,CN=System");

  /// The sealed text is the key, in these tests.
  private static final SecretOpener OPENER = key -> key.text().getBytes(StandardCharsets.UTF_8);

  /// Of policies that Microsoft can have.
  static LongStream seeds() {
    return LongStream.range(0, 400).filter(seed -> policy(seed).isPresent());
  }

  private static Optional<IpsecPolicy> policy(long seed) {
    return MsCarrier.carry(RandomPolicies.old(seed).policy(), FilterForm.B, _ -> true).policy();
  }

  @Test
  void most_seeds_prove_something() {
    assertThat(seeds().count()).isGreaterThan(200);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void what_is_lost_is_listed(long seed) {
    IpsecPolicy policy = policy(seed).orElseThrow();
    var keys = new Keys();
    List<LdapEntry> fresh = objects(List.of(policy), OPENER);
    List<LdapEntry> objects = marked((int) (seed % 7), objects(read(fresh, keys), keys));
    boolean sealable = seed % 3 > 0;

    var result =
        Exchange.toReeve(
            Policies.read(objects, keys),
            DOMAIN,
            key -> sealable ? Optional.of(key) : Optional.empty());

    boolean listed =
        result.findings().stream().anyMatch(f -> f.isLoss() || f.code() == Code.UNKNOWN_BYTES);
    Set<String> again = image(objects(read(result.entries(), keys), keys));
    assertThat(again.equals(image(objects))).as(result.findings().toString()).isEqualTo(!listed);
    for (Finding finding : result.findings())
      assertThat(finding.policy()).isIn(policy.name(), policy.id());
  }

  private static List<IpsecPolicy> read(List<LdapEntry> entries, Keys keys) {
    return Policies.read(entries, keys).policies();
  }

  private static List<LdapEntry> objects(List<IpsecPolicy> policies, SecretOpener opener) {
    return MsObjectWriter.write(policies, CONTAINER, FilterForm.B, opener, MsOriginals.NONE);
  }

  /// What only Microsoft's main mode can hold, in five of seven.
  private static List<LdapEntry> marked(int mark, List<LdapEntry> objects) {
    var marked = new ArrayList<LdapEntry>();
    for (LdapEntry entry : objects) {
      if (!entry.isA(LdapClass.IPSEC_ISAKMP_POLICY)) {
        marked.add(entry);
        continue;
      }
      byte[] data = entry.firstBytes(LdapAttribute.IPSEC_DATA).orElseThrow();
      int method = 84;
      switch (mark) {
        case 0 -> data[36] = 1; // reserved
        case 1 -> data[60] = 1; // unused
        case 2 -> data[method + 52] = 7; // kilobytes
        case 3 -> data[method + 56] ^= 1; // seconds, other than in front
        case 4 -> data[method + 60] = 0x5c; // neither PFS nor none
        default -> {}
      }
      LdapEntry.Builder changed = LdapEntry.named(entry.dn());
      for (LdapAttribute attribute : LdapAttribute.values()) {
        if (attribute == LdapAttribute.IPSEC_DATA) changed.add(attribute, data);
        else entry.bytes(attribute).forEach(value -> changed.add(attribute, value));
      }
      marked.add(changed.build());
    }
    return marked;
  }

  /// Every value of every attribute of every entry.
  private static Set<String> image(List<LdapEntry> entries) {
    var image = new HashSet<String>();
    for (LdapEntry entry : entries)
      for (String name : entry.attributeNames())
        for (byte[] value : entry.bytes(name))
          image.add(entry.dn() + " " + name + " " + Base64.getEncoder().encodeToString(value));
    return image;
  }
}
