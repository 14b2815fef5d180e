package dev.reeve.schema.write;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.model.gp.Dn;
import dev.reeve.model.gp.PolicyEntry;
import dev.reeve.model.ipsec.Filter;
import dev.reeve.model.ipsec.FilterList;
import dev.reeve.model.ipsec.IpsecPolicy;
import dev.reeve.model.ipsec.IpsecRule;
import dev.reeve.model.ipsec.SealedSecret;
import dev.reeve.model.ipsec.SecretSealer;
import dev.reeve.schema.ipsec.Finding;
import dev.reeve.schema.ipsec.Finding.Effect;
import dev.reeve.schema.ms.FilterForm;
import dev.reeve.schema.ms.SecretOpener;
import dev.reeve.schema.names.LdapAttribute;
import dev.reeve.schema.names.LdapClass;
import dev.reeve.schema.read.IpsecObjectReader;
import dev.reeve.schema.read.LdapEntry;
import dev.reeve.schema.read.LdifFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MsObjectWriterTest {

  private static final Dn CONTAINER = Dn.parse("CN=IP Security,CN=System,DC=corp,DC=example");

  /// The sealed text is the key, in these tests.
  private static final SecretOpener OPENER = key -> key.text().getBytes(StandardCharsets.UTF_8);

  private static final SecretSealer SEALER =
      secret -> new SealedSecret(new String(secret, StandardCharsets.UTF_8));

  static LongStream seeds() {
    return LongStream.range(0, 400);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void reading_what_was_written_gives_the_policy_back(long seed) {
    IpsecPolicy policy = RandomPolicies.old(seed).policy();
    var carried = MsCarrier.carry(policy, FilterForm.B, _ -> true);
    boolean loses =
        carried.findings().stream()
            .anyMatch(f -> f.isLoss() || f.code() == Finding.Code.MAIN_MODE_UNUSED);

    // nothing is lost in silence, nor is anything called lost that is not
    assertThat(carried.policy().filter(policy::equals).isPresent())
        .as(carried.findings().toString())
        .isEqualTo(!loses);
    if (carried.policy().isEmpty()) return;
    var entries =
        new ArrayList<>(
            MsObjectWriter.write(
                List.of(carried.policy().get()),
                CONTAINER,
                FilterForm.B,
                OPENER,
                MsOriginals.NONE));
    assertThat(entries.getLast().isA(LdapClass.IPSEC_POLICY)).isTrue();
    Collections.shuffle(entries, new Random(seed));

    var read = IpsecObjectReader.read(entries, SEALER);

    assertThat(read.policies().values())
        .map(entry -> entry instanceof PolicyEntry.Readable(var p) ? sorted(p) : entry)
        .containsExactly(sorted(carried.policy().get()));
    var again =
        MsObjectWriter.write(
            List.of(carried.policy().get()),
            CONTAINER,
            FilterForm.B,
            OPENER,
            new MsOriginals(entries));
    assertThat(image(again)).isEqualTo(image(entries));
  }

  /// The order of filters means nothing, and the form has two places for them.
  private static IpsecPolicy sorted(IpsecPolicy policy) {
    return new IpsecPolicy(
        policy.id(),
        policy.name(),
        policy.description(),
        policy.pollingInterval(),
        policy.mainMode(),
        policy.rules().stream().map(MsObjectWriterTest::sorted).toList());
  }

  private static IpsecRule sorted(IpsecRule rule) {
    return new IpsecRule(
        rule.id(),
        rule.name(),
        rule.description(),
        rule.active(),
        rule.filters()
            .map(list ->
                new FilterList(
                    list.id(),
                    list.name(),
                    list.description(),
                    list.filters().stream()
                        .sorted(
                            Comparator.comparing(Filter::toString)
                                .thenComparing(Filter::description))
                        .toList())),
        rule.action(),
        rule.authentication(),
        rule.tunnel(),
        rule.networkType());
  }

  private static List<LdapEntry> freshDomain() throws IOException {
    try (InputStream in =
        MsObjectWriterTest.class.getResourceAsStream("/ms/samba-provision-ipsec.ldif")) {
      return LdifFile.parse(Objects.requireNonNull(in).readAllBytes()).entries().stream()
          .filter(e -> e.has(LdapAttribute.IPSEC_DATA))
          .filter(e -> !e.dn().name().contains("6A1F5C6F")) // version information
          .toList();
    }
  }

  private static List<IpsecPolicy> policies(List<LdapEntry> entries) {
    return IpsecObjectReader.read(entries, SEALER).policies().values().stream()
        .map(entry -> ((PolicyEntry.Readable) entry).policy())
        .sorted(Comparator.comparing(IpsecPolicy::id))
        .toList();
  }

  @Test
  void the_policies_of_a_fresh_domain_come_out_as_they_were() throws IOException {
    List<LdapEntry> before = freshDomain();
    List<IpsecPolicy> policies = policies(before);
    assertThat(policies).hasSize(3);
    for (IpsecPolicy policy : policies) {
      var carried = MsCarrier.carry(policy, FilterForm.B, _ -> true);
      assertThat(carried.policy()).contains(policy);
      assertThat(carried.findings()).allMatch(f -> f.effect() == Effect.NOTE);
    }

    List<LdapEntry> after =
        MsObjectWriter.write(
            policies,
            before.getFirst().dn().parent().orElseThrow(),
            FilterForm.B,
            OPENER,
            new MsOriginals(before));

    assertThat(image(after)).isEqualTo(image(before));
  }

  @Test
  void an_edit_of_one_part_leaves_all_others_as_they_were() throws IOException {
    List<LdapEntry> before = freshDomain();
    IpsecPolicy policy = policies(before).getFirst();
    var edited =
        new IpsecPolicy(
            policy.id(),
            policy.name(),
            policy.description(),
            Duration.ofMinutes(10),
            policy.mainMode(),
            policy.rules());

    List<LdapEntry> after =
        MsObjectWriter.write(
            List.of(edited),
            before.getFirst().dn().parent().orElseThrow(),
            FilterForm.B,
            OPENER,
            new MsOriginals(before));

    var changed = new TreeSet<String>();
    for (LdapEntry entry : after) {
      LdapEntry was =
          before.stream().filter(e -> e.dn().equals(entry.dn())).findFirst().orElseThrow();
      if (!java.util.Arrays.equals(MsOriginals.data(entry), MsOriginals.data(was)))
        changed.add(entry.dn().name());
    }
    assertThat(changed).containsExactly("ipsecPolicy" + policy.id());
  }

  @Test
  void a_policy_of_today_is_refused_and_every_reason_is_listed() {
    IpsecPolicy modern = new RandomPolicies(3).policy(); // any: what counts is its main mode
    var policy =
        new IpsecPolicy(
            modern.id(),
            "Modern",
            "",
            modern.pollingInterval(),
            dev.reeve.model.ipsec.MainMode.DEFAULT,
            modern.rules());
    var carried = MsCarrier.carry(policy, FilterForm.B, _ -> false);

    assertThat(carried.policy()).isEmpty();
    assertThat(carried.findings())
        .filteredOn(f -> f.object().equals("main mode"))
        .extracting(Finding::detail)
        .containsExactly(
            "proposal aes256gcm16-sha384-ecp384 has no number in Microsoft's form",
            "proposal aes256gcm16-sha256-curve25519 has no number in Microsoft's form",
            "proposal aes256-sha256-modp2048 has no number in Microsoft's form",
            "no proposal is left to agree on");
  }

  @Test
  void a_key_that_cannot_be_opened_is_left_out_and_listed() {
    for (long seed = 0; seed < 200; seed++) {
      IpsecPolicy policy = RandomPolicies.old(seed).policy();
      var carried = MsCarrier.carry(policy, FilterForm.B, _ -> false);
      boolean hasKey =
          policy.rules().stream()
              .flatMap(rule -> rule.authentication().stream())
              .anyMatch(m -> m instanceof dev.reeve.model.ipsec.AuthMethod.PreSharedKey);
      assertThat(carried.findings().stream().anyMatch(f -> f.code() == Finding.Code.PRE_SHARED_KEY))
          .isEqualTo(hasKey);
      carried
          .policy()
          .ifPresent(p ->
              assertThat(p.rules())
                  .flatExtracting(IpsecRule::authentication)
                  .noneMatch(m -> m instanceof dev.reeve.model.ipsec.AuthMethod.PreSharedKey));
    }
  }

  /// Everything about entries but the order of their values.
  private static Map<Dn, Map<String, List<String>>> image(List<LdapEntry> entries) {
    var image = new HashMap<Dn, Map<String, List<String>>>();
    for (LdapEntry entry : entries) {
      var attributes = new HashMap<String, List<String>>();
      for (String name : entry.attributeNames()) {
        attributes.put(
            name,
            entry.bytes(name).stream()
                .map(v -> new String(v, StandardCharsets.ISO_8859_1))
                .sorted()
                .toList());
      }
      image.put(entry.dn(), attributes);
    }
    return image;
  }
}
