package dev.reeve.cli.rsop;

import static dev.reeve.cli.rsop.TestDomain.DOMAIN;
import static dev.reeve.cli.rsop.TestDomain.gpoDn;
import static dev.reeve.cli.rsop.TestDomain.linkTo;
import static dev.reeve.cli.rsop.TestDomain.policyDn;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.cli.ExitCode;
import dev.reeve.cli.Golden;
import dev.reeve.cli.Ran;
import dev.reeve.model.json.JsonMembers;
import dev.reeve.model.json.JsonText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `rsop plan --what-if`: the directory before and after changes.
class WhatIfTest {

  private static final String WEB = "OU=Web," + DOMAIN;
  private static final String DB = "OU=Databases," + DOMAIN;

  @TempDir Path directory;

  /// Eight web servers with a policy by their OU, two databases with that of the domain.
  private static TestDomain company() {
    var domain =
        new TestDomain(linkTo(1)).ou(WEB, linkTo(2)).ou(DB, "").gpo(1, "Baseline").gpo(2, "Web");
    IntStream.rangeClosed(1, 8).forEach(i -> domain.computer("CN=web-0" + i + "," + WEB));
    IntStream.rangeClosed(1, 2).forEach(i -> domain.computer("CN=db-0" + i + "," + DB));
    return domain;
  }

  private Ran plan(TestDomain domain, String change, String... more) {
    try {
      Path changes = Files.writeString(directory.resolve("change.ldif"), change);
      var arguments = new ArrayList<>(List.of("rsop", "plan", "--ldif"));
      arguments.add(domain.writeTo(directory).toString());
      arguments.addAll(List.of("--what-if", changes.toString()));
      arguments.addAll(List.of(more));
      return Ran.reeve(arguments.toArray(String[]::new));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String modify(String dn, String... lines) {
    return "dn: " + dn + "\nchangetype: modify\n" + String.join("\n", lines) + "\n\n";
  }

  private static String link(String som, String gpLink) {
    return modify(som, "replace: gPLink", "gPLink: " + gpLink);
  }

  private static String unlink(String som) {
    return modify(som, "delete: gPLink");
  }

  private static String move(String dn, String rdn, String to) {
    return "dn: %s\nchangetype: modrdn\nnewrdn: %s\ndeleteoldrdn: 1\nnewsuperior: %s\n\n"
        .formatted(dn, rdn, to);
  }

  private static List<JsonMembers> documents(Ran ran) {
    assertThat(ran.code()).as(ran.err()).isEqualTo(ExitCode.DONE);
    return ran.out().lines().map(line -> JsonMembers.of("$", JsonText.parse(line))).toList();
  }

  @Test
  void hosts_that_change_alike_are_told_together() {
    Ran ran =
        plan(
            company(),
            unlink(WEB)
                + move("CN=db-01," + DB, "CN=db-01", WEB)
                + "dn: CN=db-02,"
                + DB
                + "\nchangetype: delete\n\n"
                + "dn: CN=db-03,"
                + DB
                + "\nchangetype: add\nobjectClass: computer\n",
            "--all");
    assertThat(ran.err()).isEmpty();
    assertThat(ran.code()).isEqualTo(ExitCode.DONE);
    Golden.assertMatches("plan/what-if.txt", ran.out());
  }

  @Test
  void every_changed_computer_is_a_document_with_both_sides_in_the_fixed_form() {
    Ran ran = plan(company(), unlink(WEB), "--all", "--output", "json");
    List<JsonMembers> found = documents(ran);
    assertThat(found).hasSize(8);
    JsonMembers first = found.getFirst();
    assertThat(first.string("computer")).isEqualTo("CN=web-01," + WEB);
    assertThat(first.strings("changes")).containsExactly("ASSIGNMENT", "VERDICTS");
    String before = JsonText.write(first.get("before"));
    String after = JsonText.write(first.get("after"));
    String plain =
        Ran.reeve(
                "rsop",
                "plan",
                "--ldif",
                directory.resolve("domain.ldif").toString(),
                "--computer",
                "web-01",
                "--output",
                "json")
            .out()
            .strip();
    assertThat(before).isEqualTo(plain).contains("\"name\":\"Web\"");
    assertThat(after).contains("\"assigned\":{\"gpo\":\"" + TestDomain.guid(1) + "\"");
  }

  @Test
  void what_is_asked_about_can_be_one_computer_or_an_ou() {
    String change = unlink(WEB) + link(DB, linkTo(2));
    assertThat(documents(plan(company(), change, "--computer", "db-01", "--output", "json")))
        .hasSize(1);
    assertThat(documents(plan(company(), change, "--under", DB, "--output", "json"))).hasSize(2);
    assertThat(documents(plan(company(), change, "--all", "--output", "json"))).hasSize(10);
    Ran one = plan(company(), change, "--computer", "db-01", "-v");
    assertThat(one.out())
        .contains("1 of 1 computer changes")
        .contains("from \"Baseline\" (GPO \"Baseline\") to \"Web\" (GPO \"Web\")")
        .containsSubsequence("Before", "IPsec policy \"Baseline\"", "After", "policy \"Web\"");
  }

  @Test
  void a_computer_that_moves_is_one_computer_under_either_name() {
    String change = move("CN=db-01," + DB, "CN=db-99", WEB);
    for (String asked : List.of("db-01", "db-99", "CN=db-99," + WEB)) {
      var found = documents(plan(company(), change, "--computer", asked, "--output", "json"));
      assertThat(found).as(asked).hasSize(1);
      assertThat(found.getFirst().string("computer")).isEqualTo("CN=db-99," + WEB);
      assertThat(found.getFirst().object("before").string("computer")).isEqualTo("CN=db-01," + DB);
    }
    for (String under : List.of(DB, WEB))
      assertThat(documents(plan(company(), change, "--under", under, "--output", "json")))
          .as(under)
          .hasSize(1);
  }

  @Test
  void a_policy_withdrawn_stands_out() {
    Ran ran = plan(company(), unlink(WEB) + unlink(DOMAIN), "--all");
    assertThat(ran.out())
        .contains("8 computers: WITHOUT POLICY: from \"Web\" (GPO \"Web\") to none")
        .contains("2 computers: WITHOUT POLICY: from \"Baseline\" (GPO \"Baseline\") to none");
  }

  @Test
  void other_content_of_the_same_policy_is_a_change() {
    Ran text =
        plan(company(), modify(policyDn(2), "replace: ipsecName", "ipsecName: Other"), "--all");
    assertThat(text.out()).contains("What is in the policy").contains("8 computers: stays");
    var found =
        documents(
            plan(
                company(),
                modify(policyDn(2), "replace: ipsecName", "ipsecName: Other"),
                "--all",
                "--output",
                "json"));
    assertThat(found.getFirst().strings("changes")).containsExactly("POLICY");
  }

  @Test
  void a_new_problem_and_an_unknown_result_are_changes() {
    Ran ran =
        plan(
            company(),
            "dn: " + gpoDn(2) + "\ncontrol: 1.2.840.113556.1.4.805 true\nchangetype: delete\n",
            "--all");
    assertThat(ran.out().replaceAll("\\s+", ""))
        .contains("8computers:from\"Web\"(GPO\"Web\")tounknown")
        .contains("8computers:new:" + WEB + ":gPLink:" + WEB + "links" + gpoDn(2));
  }

  @Test
  void a_renamed_gpo_changes_nothing() {
    Ran ran =
        plan(company(), modify(gpoDn(2), "replace: displayName", "displayName: New"), "--all");
    assertThat(ran.out())
        .isEqualTo("With the change of change.ldif, nothing changes for 10 computers.\n");
    assertThat(
            plan(
                    company(),
                    modify(gpoDn(2), "replace: displayName", "displayName: New"),
                    "--all",
                    "--output",
                    "json")
                .out())
        .isEmpty();
  }

  @Test
  void assumptions_hold_on_both_sides() {
    var found =
        documents(
            plan(
                company(),
                unlink(WEB),
                "--computer",
                "CN=new," + DOMAIN,
                "--ou",
                WEB,
                "--output",
                "json"));
    assertThat(found).hasSize(1);
    assertThat(found.getFirst().object("before").object("assigned").string("name"))
        .isEqualTo("Web");
  }

  @Test
  void a_change_that_cannot_be_made_names_line_entry_and_attribute() {
    Ran ran = plan(company(), "\n" + modify(DB, "delete: gPLink"), "--all");
    assertThat(ran.code()).isEqualTo(ExitCode.FAILED);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err())
        .contains("change.ldif: line 4: " + DB + ": gPLink: the entry has no such attribute");
  }

  @Test
  void a_server_is_not_asked_what_if() throws IOException {
    Path changes = Files.writeString(directory.resolve("change.ldif"), unlink(WEB));
    Ran ran =
        Ran.reeve(
            "rsop",
            "plan",
            "--server",
            "https://localhost:1",
            "--all",
            "--what-if",
            changes.toString());
    assertThat(ran.code()).isEqualTo(ExitCode.USAGE);
    assertThat(ran.err()).contains("--what-if needs --ldif");
  }

  @Test
  void without_changes_an_ou_is_a_table() {
    Ran ran =
        Ran.reeve("rsop", "plan", "--ldif", company().writeTo(directory).toString(), "--under", DB);
    assertThat(ran.out().lines().map(line -> line.split(" ")[0]))
        .containsExactly("Computer", "db-01", "db-02");
    Ran none =
        Ran.reeve(
            "rsop",
            "plan",
            "--ldif",
            company().writeTo(directory).toString(),
            "--under",
            "OU=No," + DOMAIN);
    assertThat(none.code()).isEqualTo(ExitCode.FAILED);
    assertThat(none.err()).contains("holds no computer entry under OU=No," + DOMAIN);
  }
}
