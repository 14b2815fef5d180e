package dev.reeve.schema.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reeve.model.gp.Dn;
import dev.reeve.model.gp.PolicyEntry;
import dev.reeve.model.ipsec.IpsecPolicy;
import dev.reeve.schema.names.LdapAttribute;
import dev.reeve.schema.names.LdapClass;
import dev.reeve.schema.read.IpsecObjectReader;
import dev.reeve.schema.read.LdapEntry;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class IpsecObjectWriterTest {

  private static final Dn CONTAINER = Dn.parse("CN=Reeve,CN=System,DC=corp,DC=example");

  @ParameterizedTest
  @MethodSource("seeds")
  void reading_what_was_written_gives_the_policy_back(long seed) {
    IpsecPolicy policy = new RandomPolicies(seed).policy();
    var entries = new ArrayList<>(IpsecObjectWriter.write(policy, CONTAINER));
    Collections.shuffle(entries, new Random(seed));

    var read = IpsecObjectReader.read(entries, _ -> neverSealed());

    assertThat(read.problems()).isEmpty();
    assertThat(read.policies().values()).containsExactly(new PolicyEntry.Readable(policy));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void a_policy_that_lacks_one_entry_is_unreadable(long seed) {
    IpsecPolicy policy = new RandomPolicies(seed).policy();
    var entries = new ArrayList<>(IpsecObjectWriter.write(policy, CONTAINER));
    LdapEntry head = entries.removeLast();
    LdapEntry missing = entries.remove(new Random(seed).nextInt(entries.size()));
    entries.add(head);
    boolean used = policyUses(entries, missing);

    var read = IpsecObjectReader.read(entries, _ -> neverSealed());

    assertThat(read.policies().get(head.dn()))
        .isInstanceOf(used ? PolicyEntry.Unreadable.class : PolicyEntry.Readable.class);
    if (used)
      assertThat(read.problems())
          .singleElement()
          .satisfies(p -> assertThat(p.detail()).contains(missing.dn() + ", which does not exist"));
  }

  /// A list of filters that no rule took is not written at all, so everything is used.
  private static boolean policyUses(List<LdapEntry> entries, LdapEntry missing) {
    Set<String> named = new HashSet<>();
    for (LdapEntry entry : entries)
      for (LdapAttribute reference :
          List.of(
              LdapAttribute.IPSEC_ISAKMP_REFERENCE,
              LdapAttribute.IPSEC_NFA_REFERENCE,
              LdapAttribute.IPSEC_FILTER_REFERENCE,
              LdapAttribute.IPSEC_NEGOTIATION_POLICY_REFERENCE))
        named.addAll(entry.texts(reference));
    return named.contains(missing.dn().toString());
  }

  @Test
  void the_policy_comes_last_so_that_it_is_never_seen_without_its_parts() {
    var entries = IpsecObjectWriter.write(new RandomPolicies(7).policy(), CONTAINER);
    assertThat(entries.getLast().isA(LdapClass.IPSEC_POLICY)).isTrue();
    assertThat(entries.getLast().text(LdapAttribute.IPSEC_DATA_TYPE)).contains("1380275781");
  }

  @Test
  void a_policy_without_rules_is_refused() {
    IpsecPolicy any = new RandomPolicies(1).policy();
    var empty =
        new IpsecPolicy(any.id(), any.name(), "", any.pollingInterval(), any.mainMode(), List.of());
    assertThatThrownBy(() -> IpsecObjectWriter.write(empty, CONTAINER))
        .hasMessage("policy " + any.id() + " has no rule");
  }

  private static dev.reeve.model.ipsec.SealedSecret neverSealed() {
    throw new AssertionError("our encoding holds no readable secret");
  }

  static LongStream seeds() {
    return LongStream.range(0, 300);
  }
}
