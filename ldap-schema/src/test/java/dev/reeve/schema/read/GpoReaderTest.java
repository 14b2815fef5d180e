package dev.reeve.schema.read;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.model.gp.DirectorySnapshot;
import dev.reeve.model.gp.Dn;
import dev.reeve.model.gp.Gpo;
import dev.reeve.model.gp.GpoEntry;
import dev.reeve.model.gp.PolicyPointer;
import dev.reeve.model.gp.Problem.Code;
import dev.reeve.model.gp.SecurityFilter;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GpoReaderTest {

  private static final String DN =
      "CN={31b2f340-016d-11d2-945f-00c04fb984f9},CN=Policies,CN=System,DC=x";
  private static final String GPO =
      "dn: "
          + DN
          + "\nobjectClass: groupPolicyContainer\ndisplayName: Base\nversionNumber: 65538\n"
          + "flags: 0\ngPCFunctionalityVersion: 2\n";
  private static final String POLICY = "CN=ipsecPolicy{1},CN=Reeve,CN=System,DC=x";
  private static final String IPSEC_LISTED =
      "gPCMachineExtensionNames: [{35378EAC-683F-11D2-A89A-00C04FBBCFA2}{0}]"
          + "[{e437bc1c-aa7d-11d2-a382-00c04f991e27}{DEA8AFA0-CC85-11D0-9CE2-0080C7221EBD}]\n";

  @Test
  void a_plain_gpo_is_read() {
    assertThat(gpo(build(GPO)))
        .isEqualTo(
            new Gpo(
                Dn.parse(DN),
                "{31B2F340-016D-11D2-945F-00C04FB984F9}",
                "Base",
                false,
                2,
                2,
                SecurityFilter.Everyone.EVERYONE,
                java.util.Optional.empty(),
                PolicyPointer.None.NONE,
                PolicyPointer.None.NONE,
                dev.reeve.model.ipsec.HostSettings.DEFAULTS));
  }

  @ParameterizedTest(name = "versionNumber {0}, flags {1}")
  @CsvSource({
    "0, 0, 0, false",
    "65536, 1, 0, false",
    "65537, 2, 1, true",
    "-65535, 3, 1, true",
    "7, 0, 7, false"
  })
  void the_low_half_of_the_version_and_bit_2_of_the_flags_are_the_machines(
      String version, String flags, int machineVersion, boolean disabled) {
    var gpo =
        gpo(
            build(
                GPO.replace("versionNumber: 65538", "versionNumber: " + version)
                    .replace("flags: 0", "flags: " + flags)));
    assertThat(gpo.machineVersion()).isEqualTo(machineVersion);
    assertThat(gpo.computerSettingsDisabled()).isEqualTo(disabled);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          versionNumber: x                        | versionNumber        | GPO_UNREADABLE
          flags: x                                | flags                | GPO_UNREADABLE
          gPCFunctionalityVersion:                | gPCFunctionalityVersion | GPO_UNREADABLE
          gPCWQLFilter: nonsense                  | gPCWQLFilter         | FACT_FILTER_UNREADABLE
          gPCWQLFilter: [corp.example;{1};0]      | gPCWQLFilter         | FACT_FILTER_UNREADABLE
          reeveApplyGroup: nonsense               | reeveApplyGroup      | SECURITY_FILTER_UNREADABLE
          reeveDenyGroup: nonsense                | reeveDenyGroup       | SECURITY_FILTER_UNREADABLE
          nTSecurityDescriptor:: AQAEgA==         | nTSecurityDescriptor | SECURITY_FILTER_UNREADABLE
          """)
  void a_gpo_with_an_attribute_that_makes_no_sense_is_unreadable(
      String line, String attribute, Code code) {
    String without = GPO.replaceAll("(?m)^" + attribute + ": .*\n", "");
    var snapshot = build(without + line + "\n");
    assertThat(snapshot.gpos().values()).singleElement().isInstanceOf(GpoEntry.Unreadable.class);
    assertThat(snapshot.problems())
        .singleElement()
        .matches(p -> p.code() == code && p.attribute().equals(attribute) && p.dn().equals(DN));
  }

  @Test
  void a_gpo_of_which_only_name_or_class_is_readable_is_unreadable() {
    for (String entry :
        List.of("dn: " + DN + "\n", "dn: " + DN + "\nobjectClass: groupPolicyContainer\n")) {
      var snapshot = build(entry);
      assertThat(snapshot.gpos().values()).singleElement().isInstanceOf(GpoEntry.Unreadable.class);
      assertThat(snapshot.problems()).singleElement().matches(p -> p.code() == Code.GPO_UNREADABLE);
    }
  }

  @Test
  void a_wmi_filter_is_found_in_the_domain_it_names() {
    var gpo =
        gpo(
            build(
                GPO
                    + "gPCWQLFilter: [sub.corp.example;{6AC1786C-016F-11D2-945F-00C04FB984F9};0]\n"));
    assertThat(gpo.factFilter())
        .contains(
            Dn.parse(
                "CN={6AC1786C-016F-11D2-945F-00C04FB984F9},CN=SOM,CN=WMIPolicy,CN=System,DC=sub,DC=corp,DC=example"));
    assertThat(gpo(build(GPO + "gPCWQLFilter::IA==\n")).factFilter()).isEmpty();
  }

  @Test
  void groups_that_apply_or_are_denied_are_a_security_filter() {
    var gpo =
        gpo(
            build(
                GPO
                    + "reeveApplyGroup: CN=a,DC=x\nreeveApplyGroup: CN=b,DC=x\nreeveDenyGroup: CN=c,DC=x\n"));
    assertThat(gpo.securityFilter())
        .isEqualTo(
            new SecurityFilter.Groups(
                Set.of(Dn.parse("CN=a,DC=x"), Dn.parse("CN=b,DC=x")),
                Set.of(Dn.parse("CN=c,DC=x"))));
  }

  @Test
  void a_security_descriptor_is_a_security_filter() {
    String real = TestEntries.resource("/ms/gpo-security-descriptor.base64").strip();
    var filter = gpo(build(GPO + "nTSecurityDescriptor:: " + real + "\n")).securityFilter();
    assertThat(((SecurityFilter.AccessList) filter).apply())
        .contains(new SecurityFilter.Ace(true, "S-1-5-11"));
  }

  @Test
  void active_directory_hiding_the_descriptor_is_reported() {
    var snapshot = build(GPO + "objectCategory: CN=Group-Policy-Container,CN=Schema,DC=x\n");
    assertThat(snapshot.problems())
        .singleElement()
        .matches(p -> p.code() == Code.SECURITY_FILTER_UNREADABLE);
  }

  @Test
  void our_pointer_names_policy_and_settings() {
    var gpo =
        gpo(
            build(
                GPO
                    + ours("ipsecOwnersReference: " + POLICY, "{\"v\":1,\"bootMode\":\"block\"}")
                    + "\ndn: CN=PERSISTENT,CN=Reeve,CN=Machine,"
                    + DN
                    + "\nobjectClass: ipsecPolicy\nipsecOwnersReference: CN=p,DC=x\n"));
    assertThat(gpo.ipsecPolicy()).isEqualTo(new PolicyPointer.To(Dn.parse(POLICY)));
    assertThat(gpo.persistentPolicy()).isEqualTo(new PolicyPointer.To(Dn.parse("CN=p,DC=x")));
    assertThat(gpo.settings().bootMode()).isEqualTo("block");
  }

  @Test
  void microsofts_pointer_counts_only_when_the_extension_is_listed() {
    var listed = build(GPO + IPSEC_LISTED + microsofts("CN=ms,DC=x"));
    assertThat(gpo(listed).ipsecPolicy()).isEqualTo(new PolicyPointer.To(Dn.parse("CN=ms,DC=x")));
    assertThat(listed.problems()).isEmpty();

    var notListed = build(GPO + microsofts("CN=ms,DC=x"));
    assertThat(gpo(notListed).ipsecPolicy()).isEqualTo(PolicyPointer.None.NONE);
    assertThat(notListed.problems())
        .singleElement()
        .matches(p -> p.code() == Code.EXTENSION_NOT_LISTED && p.dn().equals(DN));
  }

  @Test
  void our_pointer_wins_over_microsofts_unless_it_only_carries_settings() {
    String both = GPO + IPSEC_LISTED + microsofts("CN=ms,DC=x");
    assertThat(
            gpo(build(both + ours("ipsecOwnersReference: " + POLICY, "{\"v\":1}"))).ipsecPolicy())
        .isEqualTo(new PolicyPointer.To(Dn.parse(POLICY)));
    assertThat(gpo(build(both + ours("cn: IPSEC", "{\"v\":1}"))).ipsecPolicy())
        .isEqualTo(new PolicyPointer.To(Dn.parse("CN=ms,DC=x")));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          nothing                     | ''
          several policies            | ipsecOwnersReference: CN=a,DC=x~ipsecOwnersReference: CN=b,DC=x
          an empty reference          | ipsecOwnersReference:
          a reference that is no DN   | ipsecOwnersReference: nonsense
          """)
  void a_pointer_that_makes_no_sense_is_unreadable_and_never_none(String what, String lines) {
    String dn = "\ndn: CN=IPSEC,CN=Reeve,CN=Machine," + DN + "\n";
    String content =
        what.equals("nothing")
            ? ""
            : "objectClass: ipsecPolicy\n" + lines.replace('~', '\n') + "\n";
    var snapshot = build(GPO + dn + content);
    assertThat(gpo(snapshot).ipsecPolicy()).isInstanceOf(PolicyPointer.Unreadable.class);
    assertThat(snapshot.problems())
        .singleElement()
        .matches(
            p -> p.code() == Code.POINTER_UNREADABLE && p.dn().startsWith("CN=IPSEC,CN=Reeve"));
  }

  @Test
  void a_pointer_without_reference_assigns_nothing() {
    assertThat(gpo(build(GPO + ours("cn: IPSEC", "{\"v\":1}"))).ipsecPolicy())
        .isEqualTo(PolicyPointer.None.NONE);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          '{"v":1,"ipsecExempt":4}'       | found 4, expected 0..3
          '{"v":1,"bootmode":"block"}'    | no host setting of that name
          '{"v":2,"bootMode":"block"}'    | found 2, expected 1..1
          '{"bootMode":"block"}'          | member 'v' is missing
          'nonsense'                      | $
          """)
  void a_setting_that_makes_no_sense_makes_the_pointer_unreadable(String json, String detail) {
    var snapshot = build(GPO + ours("ipsecOwnersReference: " + POLICY, json));
    assertThat(gpo(snapshot).ipsecPolicy()).isInstanceOf(PolicyPointer.Unreadable.class);
    assertThat(snapshot.problems())
        .singleElement()
        .matches(p -> p.code() == Code.SETTING_INVALID && p.attribute().equals("ipsecData"))
        .matches(p -> p.detail().contains(detail), detail);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          '[{A}{T}][{B}{T}]'          | {A} {B}
          '[{A}{T}{U}] [{b}]'         | {A} {b}
          '[{B}{T}][{A}{T}][{C}{T}]'  | {B}
          '[{A}{T}]x[{B}{T}]'         | {A}
          '[{A}{T}][B]'               | {A}
          '[{A}{T}'                   |
          ' '                         |
          """)
  void extension_lists_are_read_up_to_the_first_that_is_out_of_order(
      String text, String extensions) {
    assertThat(String.join(" ", ExtensionNames.parse(text)))
        .isEqualTo(extensions == null ? "" : extensions);
  }

  private static String ours(String line, String json) {
    return "\ndn: CN=IPSEC,CN=Reeve,CN=Machine,"
        + DN
        + "\nobjectClass: ipsecPolicy\n"
        + line
        + "\nipsecDataType: 1380275781\nipsecData:: "
        + Base64.getEncoder().encodeToString(json.getBytes(java.nio.charset.StandardCharsets.UTF_8))
        + "\n";
  }

  private static String microsofts(String policy) {
    return "\ndn: CN=IPSEC,CN=Windows,CN=Microsoft,CN=Machine,"
        + DN
        + "\nobjectClass: ipsecPolicy\nipsecOwnersReference: "
        + policy
        + "\n";
  }

  private static DirectorySnapshot build(String ldif) {
    return SnapshotBuilder.build(TestEntries.ldif(ldif), TestEntries.SEALER);
  }

  private static Gpo gpo(DirectorySnapshot snapshot) {
    return (Gpo) snapshot.findGpo(Dn.parse(DN)).orElseThrow();
  }
}
