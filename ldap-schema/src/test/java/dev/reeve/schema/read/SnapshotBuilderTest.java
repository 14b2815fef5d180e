package dev.reeve.schema.read;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.model.gp.DirectorySnapshot;
import dev.reeve.model.gp.Dn;
import dev.reeve.model.gp.Problem;
import dev.reeve.model.gp.Problem.Code;
import dev.reeve.model.gp.Som;
import dev.reeve.model.net.IpAddress;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Containers, accounts, sites and fact filters; GPOs have their own test.
class SnapshotBuilderTest {

  @Test
  void domains_ous_and_sites_are_soms() {
    var snapshot =
        build(
            """
            dn: DC=corp,DC=example
            objectClass: domainDNS
            gPLink: [LDAP://CN={1},CN=Policies,CN=System,DC=corp,DC=example;0]

            dn: OU=Web,DC=corp,DC=example
            objectClass: organizationalUnit
            gPOptions: 1

            dn: DC=printer,DC=corp.example,CN=MicrosoftDNS,DC=corp,DC=example
            objectClass: dnsNode

            dn: CN=Computers,DC=corp,DC=example
            objectClass: container

            dn: CN=HQ,CN=Sites,CN=Configuration,DC=corp,DC=example
            objectClass: site
            """);
    assertThat(snapshot.soms().values())
        .extracting(s ->
            s.dn().name()
                + " "
                + s.kind()
                + " "
                + s.links().size()
                + " "
                + s.blocksInheritance()
                + " "
                + s.complete())
        .containsExactlyInAnyOrder(
            "corp DOMAIN 1 false true", "Web OU 0 true true", "HQ SITE 0 false true");
    assertThat(snapshot.problems()).isEmpty();
  }

  @Test
  void containers_of_which_only_the_name_is_readable_are_incomplete() {
    var snapshot =
        build(
            """
            dn: OU=Hidden,DC=corp,DC=example

            dn: CN=HQ,CN=Sites,CN=Configuration,DC=corp,DC=example

            dn: CN=Subnets,CN=Sites,CN=Configuration,DC=corp,DC=example
            """);
    assertThat(snapshot.soms().values()).hasSize(2).noneMatch(Som::complete);
    assertThat(snapshot.problems())
        .extracting(Problem::code)
        .containsOnly(Code.CONTAINER_UNREADABLE);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "gPLink: [LDAP://nonsense;0], MALFORMED_LINK, gPLink",
    "gPOptions: yes, CONTAINER_UNREADABLE, gPOptions",
  })
  void a_container_with_an_attribute_that_makes_no_sense_is_incomplete(
      String line, Code code, String attribute) {
    var snapshot = build("dn: OU=Web,DC=x\nobjectClass: organizationalUnit\n" + line + "\n");
    assertThat(snapshot.soms().values()).singleElement().matches(s -> !s.complete());
    assertThat(snapshot.problems())
        .singleElement()
        .matches(p ->
            p.code() == code && p.attribute().equals(attribute) && p.dn().equals("OU=Web,DC=x"));
  }

  @Test
  void two_gp_links_on_one_container_are_neither() {
    var snapshot =
        build(
            """
            dn: OU=Web,DC=x
            objectClass: organizationalUnit
            gPLink: [LDAP://CN=A,DC=x;0]
            gPLink: [LDAP://CN=B,DC=x;0]
            """);
    assertThat(snapshot.soms().values())
        .singleElement()
        .matches(s -> !s.complete() && s.links().isEmpty());
  }

  @Test
  void computers_have_name_guid_sid_and_addresses() {
    var snapshot =
        build(
            """
            dn: CN=web-01,OU=Web,DC=x
            objectClass: computer
            cn: web-01
            dNSHostName: web-01.corp.example
            entryUUID: 6F1D2C3B-0000-4000-8000-000000000001
            ipHostNumber: fd77::11
            ipHostNumber: 10.77.10.11
            ipHostNumber: nonsense

            dn: CN=db-01,DC=x
            objectClass: computer
            cn: db-01
            objectGUID:: j/2s7bP/0RG0HQCgyWj5OQ==
            objectSid:: AQUAAAAAAAUVAAAAAQAAAAIAAAADAAAAUAQAAA==
            """);
    var web = snapshot.findComputer(Dn.parse("CN=web-01,OU=Web,DC=x")).orElseThrow();
    assertThat(web.name()).isEqualTo("web-01.corp.example");
    assertThat(web.guid()).contains("6f1d2c3b-0000-4000-8000-000000000001");
    assertThat(web.addresses())
        .containsExactly(IpAddress.parse("10.77.10.11"), IpAddress.parse("fd77::11"));
    var db = snapshot.findComputer(Dn.parse("CN=db-01,DC=x")).orElseThrow();
    assertThat(db.name()).isEqualTo("db-01");
    assertThat(db.guid()).contains("edacfd8f-ffb3-11d1-b41d-00a0c968f939");
    assertThat(db.sid()).contains("S-1-5-21-1-2-3-1104");
    assertThat(snapshot.problems())
        .containsExactly(
            new Problem(
                "CN=web-01,OU=Web,DC=x",
                "ipHostNumber",
                Code.COMPUTER_UNREADABLE,
                "value 'nonsense' is no IP address"));
  }

  @Test
  void groups_nest_and_the_primary_group_counts() {
    var snapshot =
        build(
            """
            dn: CN=web-01,DC=x
            objectClass: computer
            objectSid: S-1-5-21-1-2-3-1104
            primaryGroupID: 515

            dn: CN=Web Servers,DC=x
            objectClass: groupOfNames
            member: cn=WEB-01, dc=x

            dn: CN=Servers,DC=x
            objectClass: group
            member: CN=Web Servers,DC=x

            dn: CN=Everything,DC=x
            objectClass: groupOfUniqueNames
            uniqueMember: CN=Servers,DC=x#'0101'B
            uniqueMember: nonsense

            dn: CN=Domain Computers,DC=x
            objectClass: group
            objectSid: S-1-5-21-1-2-3-515

            dn: CN=Large,DC=x
            objectClass: group
            member;range=0-1499: CN=a,DC=x
            """);
    assertThat(snapshot.groupsOf(Dn.parse("CN=web-01,DC=x"), Set.of()))
        .extracting(Dn::name)
        .containsExactlyInAnyOrder("Web Servers", "Servers", "Everything", "Domain Computers");
    assertThat(snapshot.sidOfGroup(Dn.parse("CN=Domain Computers,DC=x")))
        .contains("S-1-5-21-1-2-3-515");
    assertThat(snapshot.problems())
        .extracting(p -> p.dn() + " " + p.code())
        .containsExactly("CN=Everything,DC=x GROUP_UNREADABLE", "CN=Large,DC=x GROUP_UNREADABLE");
  }

  @Test
  void primary_groups_that_are_not_there_are_one_problem() {
    var snapshot =
        build(
            """
            dn: CN=b,DC=x
            objectClass: computer
            objectSid: S-1-5-21-1-2-3-1105
            primaryGroupID: 515

            dn: CN=a,DC=x
            objectClass: computer
            objectSid: S-1-5-21-1-2-3-1104
            primaryGroupID: 515
            """);
    assertThat(snapshot.problems())
        .singleElement()
        .hasToString(
            "CN=a,DC=x: primaryGroupID: names group S-1-5-21-1-2-3-515, which is not there;"
                + " computers with such a problem: 2 [GROUP_UNREADABLE]");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          10.1.0.0/16      | ok
          2001:db8::/32    | ok
          2001:DB8::/32    | ok
          10.1.2.3/32      | ok
          10.1.0.0         | SUBNET_MALFORMED
          10.1.0.0/16/8    | SUBNET_MALFORMED
          10.1.0.0/016     | SUBNET_MALFORMED
          10.1.0.0/33      | SUBNET_MALFORMED
          10.1.0.1/16      | SUBNET_MALFORMED
          010.1.0.0/16     | SUBNET_MALFORMED
          0.0.0.0/0        | SUBNET_MALFORMED
          255.255.0.0/16   | SUBNET_MALFORMED
          2001:db8:0::/32  | SUBNET_MALFORMED
          office/16        | SUBNET_MALFORMED
          """)
  void a_subnets_name_follows_the_rules_of_active_directory(String name, String result) {
    var snapshot =
        build(
            "dn: CN="
                + name
                + ",CN=Subnets,CN=Sites,CN=Configuration,DC=x\nobjectClass: subnet\n"
                + "siteObject: CN=HQ,CN=Sites,CN=Configuration,DC=x\n");
    assertThat(snapshot.problems().isEmpty() ? "ok" : snapshot.problems().getFirst().code().name())
        .isEqualTo(result);
    assertThat(snapshot.subnets()).hasSize(result.equals("ok") ? 1 : 0);
  }

  @Test
  void a_subnet_without_site_stays_and_is_reported() {
    var snapshot =
        build(
            "dn: CN=10.1.0.0/16,CN=Subnets,CN=Sites,CN=Configuration,DC=x\nobjectClass: subnet\n");
    assertThat(snapshot.subnets()).singleElement().matches(s -> s.site().isEmpty());
    assertThat(snapshot.problems())
        .singleElement()
        .matches(p -> p.code() == Code.SUBNET_WITHOUT_SITE && p.attribute().equals("siteObject"));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          1;3;10;24;WQL;root\\CIMv2;SELECT * FROM Win32_Thing;                                | SELECT * FROM Win32_Thing
          1;3;10;18;WQL;root\\CIMv2;SELECT * FROM Win32_Thing;                                | SELECT * FROM Win32_Thing
          1;3;10;33;WQL;root\\CIMv2;SELECT * FROM A WHERE b='x;y;z';                          | SELECT * FROM A WHERE b='x;y;z'
          2;3;10;15;WQL;root\\CIMv2;SELECT * FROM A;3;10;19;WQL;root\\CIMv2;SELECT * FROM A;B 1; | SELECT * FROM A + SELECT * FROM A;B 1
          2;3;10;99;WQL;root\\CIMv2;SELECT * FROM A;3;10;1;WQL;root\\CIMv2;SELECT * FROM B;     | SELECT * FROM A + SELECT * FROM B
          1;3;10;15;WQL;root\\CIMv2;SELECT * FROM A                                           | SELECT * FROM A
          0;                                                                                 | problem
          1;3;10;0;WQL;root\\CIMv2;;                                                          | problem
          1;3;10;15;SQL;root\\CIMv2;SELECT * FROM A;                                          | problem
          2;3;10;15;WQL;root\\CIMv2;SELECT * FROM A;                                          | problem
          x;3;10;15;WQL;root\\CIMv2;SELECT * FROM A;                                          | problem
          nonsense                                                                           | problem
          """)
  void the_queries_of_a_wmi_filter_are_found_by_length_and_by_semicolon(
      String text, String queries) {
    Dn dn = Dn.parse("CN={1},CN=SOM,CN=WMIPolicy,CN=System,DC=x");
    var snapshot =
        build(
            "dn: "
                + dn
                + "\nobjectClass: msWMI-Som\nmsWMI-Name: Linux\nmsWMI-Parm2: "
                + text
                + "\n");
    assertThat(
            snapshot
                .findFactFilter(dn)
                .map(f -> String.join(" + ", f.queries().stream().map(q -> q.text()).toList()))
                .orElse("problem"))
        .isEqualTo(queries);
    assertThat(snapshot.problems()).hasSize(queries.equals("problem") ? 1 : 0);
  }

  @Test
  void the_problems_of_a_file_are_the_snapshots_and_the_first_of_two_entries_counts() {
    var file =
        LdifFile.parse(
            """
            dn: OU=A,DC=x
            objectClass: organizationalUnit

            dn: ou=a,dc=x
            objectClass: organizationalUnit

            dn: nonsense
            objectClass: organizationalUnit
            """
                .getBytes(java.nio.charset.StandardCharsets.UTF_8));
    assertThat(SnapshotBuilder.build(file, TestEntries.SEALER).problems())
        .extracting(Problem::code)
        .containsExactlyInAnyOrder(Code.DUPLICATE_ENTRY, Code.MALFORMED_ENTRY);
    var twice = List.of(file.entries().getFirst(), file.entries().getFirst());
    assertThat(SnapshotBuilder.build(twice, TestEntries.SEALER).problems())
        .extracting(Problem::code)
        .containsExactly(Code.DUPLICATE_ENTRY);
  }

  @Test
  void a_name_of_very_many_parts_is_a_name_like_others() {
    var snapshot = build("dn: DC=a" + ",DC=a".repeat(50_000) + "\nobjectClass: domainDNS\n");
    assertThat(snapshot.soms().values()).singleElement().matches(s -> s.kind() == Som.Kind.DOMAIN);
  }

  @Test
  void a_problem_does_not_quote_a_megabyte() {
    var snapshot =
        build("dn: CN=a,DC=x\nobjectClass: group\nmember: " + "x".repeat(1 << 20) + "\n");
    assertThat(snapshot.problems())
        .singleElement()
        .satisfies(p -> assertThat(p.detail()).hasSizeLessThan(1000));
  }

  @Test
  void an_empty_directory_is_an_empty_picture() {
    var snapshot = SnapshotBuilder.build(List.of(), TestEntries.SEALER);
    assertThat(snapshot.soms()).isEmpty();
    assertThat(snapshot.problems()).isEmpty();
  }

  @Test
  void default_policies_are_no_gpos_and_pointers_no_policies() {
    var snapshot =
        SnapshotBuilder.build(
            TestEntries.ldif(TestEntries.resource("/ms/samba-provision-ipsec.ldif")),
            TestEntries.SEALER);
    assertThat(snapshot.policies()).hasSize(3);
    assertThat(snapshot.gpos()).isEmpty();
  }

  private static DirectorySnapshot build(String ldif) {
    return SnapshotBuilder.build(TestEntries.ldif(ldif), TestEntries.SEALER);
  }
}
