package dev.reeve.cli.rsop;

import static dev.reeve.cli.rsop.TestDomain.DOMAIN;
import static dev.reeve.cli.rsop.TestDomain.gpoDn;
import static dev.reeve.cli.rsop.TestDomain.linkTo;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.cli.ExitCode;
import dev.reeve.cli.Golden;
import dev.reeve.cli.Ran;
import dev.reeve.model.json.JsonMembers;
import dev.reeve.model.json.JsonText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PlanCommandTest {

  private static final String SITES = "CN=Sites,CN=Configuration," + DOMAIN;

  @TempDir Path directory;

  private Ran plan(TestDomain domain, String... more) {
    return plan(domain.text(), more);
  }

  private Ran plan(String ldif, String... more) {
    var arguments = new ArrayList<>(List.of("rsop", "plan", "--ldif"));
    arguments.add(TestDomain.write(directory, ldif).toString());
    arguments.addAll(List.of(more));
    return Ran.reeve(arguments.toArray(String[]::new));
  }

  private static JsonMembers json(Ran ran) {
    assertThat(ran.err()).isEmpty();
    assertThat(ran.code()).isEqualTo(ExitCode.DONE);
    return JsonMembers.of("$", JsonText.parse(ran.out()));
  }

  /// Two sites with overlapping subnets, nested OUs, nested groups, links of every kind.
  private static TestDomain company() {
    return new TestDomain(linkTo(1) + linkTo(2, 2))
        .ou("OU=Servers," + DOMAIN, linkTo(3) + linkTo(4, 1) + linkTo(5))
        .ou("OU=Web,OU=Servers," + DOMAIN, linkTo(6))
        .computer(
            "CN=web-01,OU=Web,OU=Servers," + DOMAIN,
            "dNSHostName: web-01.corp.example",
            "ipHostNumber: 10.1.2.3")
        .computer("CN=db-01,OU=Servers," + DOMAIN, "ipHostNumber: 10.1.9.9")
        .gpo(1, "Domain baseline")
        .gpo(2, "Company rule")
        .gpo(3, "Servers")
        .gpo(4, "Trial")
        .gpo(
            5,
            "Only for databases",
            "objectClass: reeveGpoScope",
            "reeveApplyGroup: CN=db," + DOMAIN)
        .gpo(6, "Web")
        .without("CN=IPSEC,CN=Reeve,CN=Machine," + gpoDn(2))
        .entry("CN=db," + DOMAIN, "objectClass: groupOfNames", "member: CN=inner," + DOMAIN)
        .entry(
            "CN=inner," + DOMAIN,
            "objectClass: groupOfNames",
            "member: CN=db-01,OU=Servers," + DOMAIN)
        .entry("CN=HQ," + SITES, "objectClass: site")
        .entry("CN=Lab," + SITES, "objectClass: site")
        .entry(
            "CN=10.1.0.0/16,CN=Subnets," + SITES,
            "objectClass: subnet",
            "siteObject: CN=HQ," + SITES)
        .entry(
            "CN=10.1.2.0/24,CN=Subnets," + SITES,
            "objectClass: subnet",
            "siteObject: CN=Lab," + SITES);
  }

  @Test
  void the_answer_for_people_reads_as_recorded() {
    Ran ran = plan(company(), "--computer", "web-01");
    assertThat(ran.code()).isZero();
    assertThat(ran.err()).isEmpty();
    Golden.assertMatches("plan/web-01.txt", ran.out());
  }

  @Test
  void with_v_the_policy_follows_in_words() {
    Golden.assertMatches("plan/web-01-v.txt", plan(company(), "--computer", "web-01", "-v").out());
  }

  @Test
  void all_computers_are_a_line_each() {
    Golden.assertMatches("plan/all.txt", plan(company(), "--all").out());
  }

  @Test
  void the_json_form_is_as_recorded() {
    Golden.assertMatches(
        "plan/web-01.json", plan(company(), "--computer", "web-01", "--output", "json").out());
  }

  @Test
  void the_longest_prefix_of_overlapping_subnets_wins() {
    String of = "CN=web-01,OU=Web,OU=Servers," + DOMAIN;
    assertThat(json(plan(company(), "--computer", of, "--output", "json")).string("site"))
        .isEqualTo("Lab");
    assertThat(
            json(plan(company(), "--computer", of, "--address", "10.1.3.3", "--output", "json"))
                .string("site"))
        .isEqualTo("HQ");
  }

  @Test
  void a_group_in_a_group_counts_and_one_may_be_assumed() {
    Ran nested = plan(company(), "--computer", "db-01");
    assertThat(nested.out()).contains("IPsec policy \"Only for databases\"");
    Ran assumed =
        plan(
            company(),
            "--computer",
            "web-01",
            "--ou",
            "OU=Servers," + DOMAIN,
            "--group",
            "CN=inner," + DOMAIN);
    assertThat(assumed.out()).contains("IPsec policy \"Only for databases\"");
    Ran without = plan(company(), "--computer", "web-01", "--ou", "OU=Servers," + DOMAIN);
    assertThat(without.out()).contains("IPsec policy \"Servers\"");
  }

  /// WMI's word for what a host reports as a plain fact.
  @Test
  void facts_may_be_assumed_for_a_computer_that_exists_and_one_that_does_not() {
    String query = "SELECT * FROM Win32_OperatingSystem WHERE Caption LIKE 'deb%'";
    String filter = "CN={0E0E6B93-6B8C-4B8D-A0C1-7A6F3C0B5D11},CN=SOM,CN=WMIPolicy,CN=System,";
    var domain =
        new TestDomain(linkTo(1))
            .gpo(
                1,
                "Debian",
                "gPCWQLFilter: [corp.example;{0E0E6B93-6B8C-4B8D-A0C1-7A6F3C0B5D11};0]")
            .entry(
                filter + DOMAIN,
                "objectClass: msWMI-Som",
                "msWMI-Parm2: 1;3;10;" + query.length() + ";WQL;root\\CIMv2;" + query + ";")
            .computer("CN=pc,CN=Computers," + DOMAIN);

    assertThat(plan(domain, "--computer", "pc").out().replaceAll("\\s+", " "))
        .contains("no row for " + query);
    assertThat(plan(domain, "--computer", "pc", "--fact", "os=debian").out())
        .contains("IPsec policy \"Debian\"");
    assertThat(
            plan(
                    domain,
                    "--computer",
                    "CN=new,CN=Computers," + DOMAIN,
                    "--ou",
                    DOMAIN,
                    "--fact",
                    "os=Debian")
                .out())
        .contains("IPsec policy \"Debian\"");
  }

  @Test
  void an_address_of_either_family_may_be_assumed_and_a_site_wins_over_it() {
    var domain =
        company()
            .entry(
                "CN=fd00:7::/32,CN=Subnets," + SITES,
                "objectClass: subnet",
                "siteObject: CN=HQ," + SITES)
            .entry(
                "CN=fd00:7:1::/48,CN=Subnets," + SITES,
                "objectClass: subnet",
                "siteObject: CN=Lab," + SITES);
    assertThat(site(domain, "--address", "fd00:7:2::1")).isEqualTo("HQ");
    assertThat(site(domain, "--address", "fd00:7:1::1")).isEqualTo("Lab");
    assertThat(site(domain, "--address", "fd00:7:2::1", "--address", "10.1.2.3")).isEqualTo("HQ");
    assertThat(site(domain, "--address", "fd00:7:1::1", "--site", "HQ")).isEqualTo("HQ");
  }

  private String site(TestDomain domain, String... assumed) {
    var arguments = new ArrayList<>(List.of("--computer", "db-01", "--output", "json"));
    arguments.addAll(List.of(assumed));
    return json(plan(domain, arguments.toArray(String[]::new))).string("site");
  }

  @Test
  void an_unknown_group_is_assumed_and_said_so() {
    Ran ran = plan(company(), "--computer", "web-01", "--group", "CN=typo," + DOMAIN);
    assertThat(ran.code()).isZero();
    assertThat(ran.err()).contains("CN=typo," + DOMAIN + ": no such group; assumed all the same");
  }

  @Test
  void a_computer_that_does_not_exist_yet_may_be_placed() {
    String dn = "CN=new,CN=Computers," + DOMAIN;
    assertThat(plan(company(), "--computer", dn, "--ou", "OU=Web,OU=Servers," + DOMAIN).out())
        .contains("IPsec policy \"Web\"");
    Ran nowhere = plan(company(), "--computer", dn);
    assertThat(nowhere.code()).isEqualTo(ExitCode.FAILED);
    assertThat(nowhere.out()).isEmpty();
    assertThat(nowhere.err()).contains("has no computer " + dn);
  }

  @Test
  void escaped_commas_and_other_alphabets_are_names_like_any_other() {
    String ou = "OU=Köln\\, Süd," + DOMAIN;
    String computer = "CN=büro\\,eins," + ou;
    var domain =
        new TestDomain().ou(ou, linkTo(1)).computer(computer).gpo(1, "Richtlinie für Köln — 統制");
    Ran ran = plan(domain, "--computer", "cn=BÜRO\\2ceins , ou=köln\\, süd," + DOMAIN);
    assertThat(ran.code()).isZero();
    assertThat(ran.out()).contains(computer).contains("\"Richtlinie für Köln — 統制\"");
    var answer = json(plan(domain, "--computer", computer, "--output", "json"));
    assertThat(answer.string("computer")).isEqualTo(computer);
    assertThat(answer.strings("containers")).containsExactly(ou, DOMAIN);
  }

  static LongStream seeds() {
    return LongStream.range(0, 25);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void the_order_of_entries_never_changes_an_answer(long seed) {
    var domain = troubled();
    Ran straight = plan(domain.text(), "--all", "--output", "json");
    Ran shuffled = plan(domain.shuffled(seed), "--all", "--output", "json");
    assertThat(straight.code()).isZero();
    assertThat(shuffled).isEqualTo(straight);
  }

  /// With something wrong in many places.
  private static TestDomain troubled() {
    return company()
        .ou("OU=Odd," + DOMAIN, "[LDAP://nonsense;0]" + linkTo(99))
        .computer("CN=odd-01,OU=Odd," + DOMAIN, "ipHostNumber: 10.1.2.300")
        .computer("CN=odd-02,OU=Gone," + DOMAIN)
        .gpo(7, "Nowhere linked")
        .without(TestDomain.policyDn(7))
        .entry(
            "CN=10.1.2.0/33,CN=Subnets," + SITES,
            "objectClass: subnet",
            "siteObject: CN=HQ," + SITES)
        .entry("CN=10.7.0.0/16,CN=Subnets," + SITES, "objectClass: subnet");
  }

  @Test
  void two_thousand_computers_are_answered_one_document_per_line() {
    var domain = company();
    IntStream.range(0, 2000)
        .forEach(i ->
            domain.computer(
                "CN=host-%04d,OU=Web,OU=Servers,%s".formatted(i, DOMAIN),
                "ipHostNumber: 10.1." + i / 250 + "." + (1 + i % 250)));
    Ran ran = plan(domain, "--all", "--output", "json");
    assertThat(ran.code()).isZero();
    List<String> lines = ran.out().lines().toList();
    assertThat(lines).hasSize(2002);
    assertThat(lines)
        .allSatisfy(line -> assertThat(line).startsWith("{\"computer\":\"CN=").endsWith("}"));
    assertThat(lines.get(1500)).contains("\"name\":\"Web\"");
  }

  @Test
  void what_concerns_nobody_asked_about_is_told_once_and_beside_the_answer() {
    Ran one = plan(troubled(), "--computer", "web-01", "--output", "json");
    assertThat(one.code()).isZero();
    assertThat(one.out().lines()).hasSize(1);
    assertThat(one.err())
        .contains("more problems in the directory, not in the answer above:")
        .contains("10.1.2.0/33");
    Ran all = plan(troubled(), "--all", "--output", "json");
    assertThat(all.err().lines().filter(line -> line.contains("10.1.2.0/33"))).hasSize(1);
  }

  @Test
  void an_unknown_site_or_ou_makes_the_answer_unknown_and_says_why() {
    Ran site = plan(company(), "--computer", "web-01", "--site", "Mars");
    assertThat(site.out()).contains("unknown").contains("no site of that name; known: HQ, Lab");
    Ran ou = plan(company(), "--computer", "web-01", "--ou", "OU=Mars," + DOMAIN);
    assertThat(ou.out()).contains("OU=Mars," + DOMAIN).contains("CONTAINER_MISSING");
  }

  @Test
  void a_computer_may_be_named_as_people_do_unless_two_have_the_name() {
    var domain = company().computer("CN=web-01,OU=Servers," + DOMAIN).computer("CN=solo," + DOMAIN);
    assertThat(plan(domain, "--computer", "SOLO").code()).isZero();
    Ran two = plan(domain, "--computer", "web-01");
    assertThat(two.code()).isEqualTo(ExitCode.FAILED);
    assertThat(two.err()).contains("has 2 computers named web-01");
    assertThat(plan(domain, "--computer", "web-99").err()).contains("has no computer named web-99");
  }

  @Test
  void a_file_that_gives_nothing_is_an_error() throws IOException {
    Path empty = Files.createFile(directory.resolve("empty.ldif"));
    assertThat(Ran.reeve("rsop", "plan", "--ldif", empty.toString(), "--all"))
        .isEqualTo(
            new Ran(
                ExitCode.FAILED, "", "reeve: " + empty + ": has 0 bytes, expected LDIF entries\n"));
    Path missing = directory.resolve("missing.ldif");
    assertThat(Ran.reeve("rsop", "plan", "--ldif", missing.toString(), "--all"))
        .isEqualTo(new Ran(ExitCode.FAILED, "", "reeve: " + missing + ": no such file\n"));
    assertThat(Ran.reeve("rsop", "plan", "--ldif", directory.toString(), "--all").err())
        .isEqualTo("reeve: " + directory + ": is a directory\n");
    assertThat(plan("this is no LDIF\n", "--all").code()).isEqualTo(ExitCode.FAILED);
    assertThat(plan(new TestDomain(), "--all").err()).contains("holds no computer entry");
  }
}
