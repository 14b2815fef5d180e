package dev.reeve.schema.read;

import static org.assertj.core.api.Assertions.assertThat;

import com.unboundid.ldap.sdk.Entry;
import dev.reeve.model.gp.Dn;
import dev.reeve.model.gp.PolicyEntry;
import dev.reeve.model.gp.Problem;
import dev.reeve.model.gp.Problem.Code;
import dev.reeve.model.ipsec.AuthMethod;
import dev.reeve.model.ipsec.FilterAction.Negotiate;
import dev.reeve.model.ipsec.IpsecPolicy;
import dev.reeve.model.ipsec.IpsecRule;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IpsecObjectReaderTest {

  private static final String CONTAINER = ",CN=IP Security,CN=System,DC=corp,DC=example";
  private static final Dn SERVER = dn("ipsecPolicy{72385230-70FA-11D1-864C-14A300000000}");
  private static final Dn SERVER_RULE = dn("ipsecNFA{72385232-70FA-11D1-864C-14A300000000}");

  private static final List<LdapEntry> SAMPLES =
      TestEntries.ldif(TestEntries.resource("/ms/samba-provision-ipsec.ldif"));

  @Test
  void the_three_default_policies_are_read_from_their_binary_objects() {
    var read = read(SAMPLES);
    assertThat(read.problems()).isEmpty();
    assertThat(
            read.policies().values().stream()
                .map(p -> text(((PolicyEntry.Readable) p).policy()))
                .sorted()
                .collect(Collectors.joining("\n")))
        .isEqualTo(
            """
            Client (Respond Only), {72385236-70FA-11D1-864C-14A300000000}, PT3H, 4 proposals
              default response | respond | [KERBEROS] | all | active | no tunnel
            Secure Server (Require Security), {7238523C-70FA-11D1-864C-14A300000000}, PT3H, 4 proposals
              default response | respond | [KERBEROS] | all | active | no tunnel
              All ICMP Traffic [me <-> any icmp] | Permit | [KERBEROS] | all | active | no tunnel
              All IP Traffic [me <-> any] | Require Security: require, pass-through | [KERBEROS] | all | active | no tunnel
            Server (Request Security), {72385230-70FA-11D1-864C-14A300000000}, PT3H, 4 proposals
              default response | respond | [KERBEROS] | all | active | no tunnel
              All ICMP Traffic [me <-> any icmp] | Permit | [KERBEROS] | all | active | no tunnel
              All IP Traffic [me <-> any] | Request Security (Optional): request | [KERBEROS] | all | active | no tunnel
            """
                .stripTrailing());
  }

  private static String text(IpsecPolicy policy) {
    var text =
        new StringBuilder(policy.name())
            .append(", ")
            .append(policy.id())
            .append(", ")
            .append(policy.pollingInterval())
            .append(", ")
            .append(policy.mainMode().proposals().size())
            .append(" proposals");
    for (IpsecRule rule : policy.rules()) {
      text.append("\n  ")
          .append(rule.filters().map(f -> f.name() + " " + f.filters()).orElse("default response"))
          .append(" | ")
          .append(rule.isDefaultResponse() ? "respond" : rule.action().name())
          .append(
              rule.action() instanceof Negotiate n && !rule.isDefaultResponse()
                  ? ": " + n.posture()
                  : "")
          .append(" | ")
          .append(rule.authentication())
          .append(" | ")
          .append(rule.networkType())
          .append(rule.active() ? " | active" : " | inactive")
          .append(rule.tunnel().map(t -> " | " + t).orElse(" | no tunnel"));
    }
    return text.toString();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      useHeadersInDisplayName = true,
      textBlock =
          """
          changed                                              | attribute                       | to                                   | problem
          ipsecPolicy{72385230-70FA-11D1-864C-14A300000000}            | ipsecISAKMPReference            |                                      | ipsecISAKMPReference: is missing
          ipsecPolicy{72385230-70FA-11D1-864C-14A300000000}            | ipsecISAKMPReference            | CN=gone,DC=x                         | ipsecISAKMPReference: names CN=gone,DC=x, which does not exist
          ipsecPolicy{72385230-70FA-11D1-864C-14A300000000}            | ipsecISAKMPReference            | nonsense                             | ipsecISAKMPReference: value 'nonsense' is no DN
          ipsecPolicy{72385230-70FA-11D1-864C-14A300000000}            | ipsecNFAReference               |                                      | ipsecNFAReference: names no rule
          ipsecPolicy{72385230-70FA-11D1-864C-14A300000000}            | ipsecDataType                   | 7                                    | ipsecDataType: found '7', expected 256 or 598
          ipsecPolicy{72385230-70FA-11D1-864C-14A300000000}            | ipsecData                       |                                      | ipsecData: is missing
          ipsecPolicy{72385230-70FA-11D1-864C-14A300000000}            | ipsecData                       | short                                | ipsecData: at offset 0: found 5 bytes left
          ipsecPolicy{72385230-70FA-11D1-864C-14A300000000}            | objectClass                     |                                      | objectClass: not readable
          ipsecNFA{72385232-70FA-11D1-864C-14A300000000}               | ipsecFilterReference            |                                      | ipsecFilterReference: is missing, and the rule's action is not
          ipsecNFA{72385232-70FA-11D1-864C-14A300000000}               | ipsecFilterReference            | CN=gone,DC=x                         | ipsecFilterReference: names CN=gone,DC=x, which does not exist
          ipsecNFA{72385232-70FA-11D1-864C-14A300000000}               | ipsecNegotiationPolicyReference |                                      | ipsecNegotiationPolicyReference: is missing
          ipsecNFA{72385232-70FA-11D1-864C-14A300000000}               | ipsecData                       | truncated                            | ipsecData: at offset
          ipsecNegotiationPolicy{72385233-70FA-11D1-864C-14A300000000} | iPSECNegotiationPolicyAction    | {00000000-0000-0000-0000-000000000000} | ipsecData: at offset 0: found action
          ipsecNegotiationPolicy{72385233-70FA-11D1-864C-14A300000000} | iPSECNegotiationPolicyType      |                                      | iPSECNegotiationPolicyType: is missing
          ipsecNegotiationPolicy{72385233-70FA-11D1-864C-14A300000000} | objectClass                     |                                      | objectClass: not readable
          """)
  void a_broken_part_makes_the_whole_policy_unreadable(
      String changed, String attribute, String to, String problem) {
    var entries =
        TestEntries.changed(
            SAMPLES,
            dn(changed),
            e -> {
              if (to == null) e.removeAttribute(attribute);
              else e.setAttribute(attribute, to);
              return e;
            });

    var read = read(entries);

    assertThat(read.policies().get(SERVER)).isInstanceOf(PolicyEntry.Unreadable.class);
    assertThat(read.policies().values().stream().filter(p -> p instanceof PolicyEntry.Readable))
        .as("the other policies live on")
        .hasSize(2);
    assertThat(read.problems())
        .anySatisfy(p -> {
          assertThat(p.dn()).isEqualTo(dn(changed).toString());
          assertThat(p.attribute() + ": " + p.detail()).startsWith(problem);
        });
  }

  @Test
  void a_shared_object_that_breaks_takes_all_its_policies_with_it() {
    Dn icmp = dn("ipsecFilter{72385235-70FA-11D1-864C-14A300000000}");
    var read = read(TestEntries.without(SAMPLES, icmp));
    assertThat(read.policies().values().stream().filter(p -> p instanceof PolicyEntry.Readable))
        .hasSize(1);
    assertThat(read.problems()).extracting(Problem::code).containsOnly(Code.POLICY_INCOMPLETE);
  }

  @Test
  void a_reference_into_another_container_is_found_by_its_first_name() {
    var entries =
        TestEntries.changed(
            SAMPLES,
            SERVER,
            e -> {
              String rule = Objects.requireNonNull(e.getAttributeValue("ipsecISAKMPReference"));
              e.setAttribute("ipsecISAKMPReference", rule.replace("DC=corp", "DC=old"));
              return e;
            });
    assertThat(read(entries).policies().get(SERVER)).isInstanceOf(PolicyEntry.Readable.class);
  }

  @Test
  void the_two_data_types_of_microsofts_encoding_are_the_same() {
    var read = read(TestEntries.changed(SAMPLES, SERVER, set("ipsecDataType", "256")));
    assertThat(read.problems()).isEmpty();
  }

  @Test
  void a_pre_shared_key_is_sealed_and_reported_as_readable_at_its_source() {
    byte[] data =
        HexFormat.of()
            .parseHex(
                "00acbb118d49d111863900a0248d30213600000001000000010000000e000000"
                    + "730065006300720065007400"
                    + "0000fdffffff020000000000"
                    + "0000000000000000"
                    + "01000000"
                    + "020000000000"
                    + "00");
    var entries =
        TestEntries.changed(
            SAMPLES,
            SERVER_RULE,
            e -> {
              e.setAttribute("ipsecData", data);
              return e;
            });
    var read = read(entries);
    assertThat(read.problems())
        .singleElement()
        .satisfies(p -> {
          assertThat(p.code()).isEqualTo(Code.SECRET_READABLE_AT_SOURCE);
          assertThat(p.dn()).isEqualTo(SERVER_RULE.toString());
          assertThat(p.toString()).doesNotContain("secret:");
        });
    assertThat(
            ((PolicyEntry.Readable) Objects.requireNonNull(read.policies().get(SERVER)))
                .policy()
                .rules())
        .anyMatch(r ->
            r.authentication()
                .equals(
                    List.of(new AuthMethod.PreSharedKey(TestEntries.SEALER.seal(new byte[0])))));
  }

  @Test
  void a_hostile_object_of_two_megabytes_stops_nothing_but_its_policy() {
    String huge = Base64.getEncoder().encodeToString(new byte[2 << 20]);
    var read = read(TestEntries.changed(SAMPLES, SERVER, set("ipsecData", huge)));
    assertThat(read.policies().get(SERVER)).isInstanceOf(PolicyEntry.Unreadable.class);
    assertThat(read.problems())
        .singleElement()
        .satisfies(p -> assertThat(p.detail()).contains("expected at most 1048576"));
  }

  private static final String OURS =
      """
      dn: CN=ipsecFilter{1},CN=Reeve,CN=System,DC=x
      objectClass: ipsecFilter
      ipsecDataType: 1380275781
      ipsecData: %s
      """;

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          '{"v":1,"filters":[],"new":1}'                        | $: unknown member 'new'
          '{"v":2,"filters":[]}'                                | $.v: found 2, expected 1..1
          '{"filters":[]}'                                      | $: member 'v' is missing
          '{"v":1,"filters":[{"source":"me"}]}'                 | $.filters[0]: member 'destination' is missing
          '{"v":1,"filters":[{"source":"me","destination":"any","x":1}]}' | $.filters[0]: unknown member 'x'
          '[]'                                                  | $: found an array, expected an object
          'nonsense'                                            | $:
          """)
  void an_unknown_member_or_version_makes_our_object_unreadable(String json, String detail) {
    var read = read(TestEntries.ldif(OURS.formatted(json)));
    assertThat(read.problems())
        .singleElement()
        .satisfies(p -> {
          assertThat(p.code()).isEqualTo(Code.OBJECT_UNREADABLE);
          assertThat(p.attribute()).isEqualTo("ipsecData");
          assertThat(p.detail()).startsWith(detail);
        });
  }

  private static UnaryOperator<Entry> set(String attribute, String value) {
    return e -> {
      e.setAttribute(attribute, value);
      return e;
    };
  }

  private static IpsecObjectReader.Policies read(List<LdapEntry> entries) {
    return IpsecObjectReader.read(entries, TestEntries.SEALER);
  }

  private static Dn dn(String name) {
    return Dn.parse("CN=" + name + CONTAINER);
  }
}
