package dev.reeve.cli.ipsec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.agent.disk.StateDirectory;
import dev.reeve.cli.ExitCode;
import dev.reeve.cli.Golden;
import dev.reeve.cli.Ran;
import dev.reeve.model.ipsec.FilterAction.Negotiate;
import dev.reeve.model.ipsec.IpsecPolicy;
import dev.reeve.model.ipsec.IpsecRule;
import dev.reeve.schema.exchange.Keys;
import dev.reeve.schema.exchange.Policies;
import dev.reeve.schema.read.LdifFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `ipsec static` on real stores.
class StaticCommandTest {

  private static final String WEB =
      """
      # The walk-through, as an administrator types it.
      netsh ipsec static add policy name="Web Server Security" description="Integrity for the web server" activatedefaultrule=no mmsecmethods=AES256GCM-SHA384-ECP384
      add filter filterlist="TCP 80 from any to me" srcaddr=any dstaddr=me protocol=TCP mirrored=yes dstport=80
      add filterlist name=Unused description="for later"
      add filteraction name="Integrity only" description="AH alone" action=negotiate inpass=yes soft=no qmsecmethods="AH[SHA256]:100000k/3600s"
      add rule name="Web traffic" policy="Web Server Security" filterlist="TCP 80 from any to me" filteraction="Integrity only" kerberos=yes
      set policy name="Web Server Security" assign=y
      """;

  @TempDir Path dir;
  private Path state;

  @BeforeEach
  void state() {
    state = dir.resolve("agent");
  }

  private Ran reeve(String... words) {
    var all = new ArrayList<>(List.of("ipsec", "static"));
    all.addAll(List.of(words));
    all.addAll(List.of("--state", state + ""));
    return Ran.reeve(all.toArray(String[]::new));
  }

  private Ran script(String text, String... more) throws IOException {
    Path file = Files.writeString(dir.resolve("script"), text);
    var words = new ArrayList<>(List.of("exec", file + ""));
    words.addAll(List.of(more));
    return reeve(words.toArray(String[]::new));
  }

  private Optional<IpsecPolicy> local() throws IOException {
    return StateDirectory.open(state).readStores().local();
  }

  @Test
  void a_policy_that_is_assigned_is_in_the_store_that_the_agent_obeys() throws IOException {
    Ran ran = script(WEB);
    assertThat(ran.code()).as(ran.err()).isEqualTo(ExitCode.DONE);
    assertThat(ran.out())
        .contains("Done, in the local store.")
        .contains(
            "Policy 'Web Server Security' is assigned; the agent takes it up within seconds.");
    assertThat(local().map(IpsecPolicy::name)).contains("Web Server Security");

    assertThat(reeve("set", "policy", "Web Server Security", "assign=no").out())
        .contains("No policy is assigned any more");
    assertThat(local()).isEmpty();
    assertThat(reeve("show", "policy", "all").out()).contains("Web Server Security");
  }

  @Test
  void what_is_assigned_changes_with_its_parts() throws IOException {
    var unused = script(WEB);
    Ran ran = reeve("set", "filteraction", "Integrity only", "soft=yes");
    assertThat(ran.code()).as(ran.err()).isEqualTo(ExitCode.DONE);
    assertThat(local().orElseThrow().rules().getFirst().action())
        .isInstanceOfSatisfying(
            Negotiate.class, a -> assertThat(a.allowFallbackToClear()).isTrue());
  }

  /// Ids are made anew each time.
  private static String withoutIds(String text) {
    return text.replaceAll("\\{[0-9A-F-]{36}}", "{ID}");
  }

  @ParameterizedTest
  @CsvSource({
    "all, show all",
    "all-verbose, show all level=verbose",
    "policy, show policy name=all",
    "rule, show rule all policy=Web*Server*Security",
    "filterlist, show filterlist all level=verbose",
    "filteraction, show filteraction rule=Web*traffic level=verbose"
  })
  void show_reads_as_recorded(String name, String command) throws IOException {
    var unused = script(WEB);
    List<String> words = List.of(command.split(" "));
    Ran ran = reeve(words.stream().map(w -> w.replace('*', ' ')).toArray(String[]::new));
    assertThat(ran.code()).as(ran.err()).isEqualTo(ExitCode.DONE);
    Golden.assertMatches("static/" + name + ".txt", withoutIds(ran.out()));
  }

  @Test
  void an_empty_store_says_so() {
    assertThat(reeve("show", "policy").out()).isEqualTo("No policies in the policy store.\n");
    assertThat(reeve("show", "all", "--output", "json").out()).contains("\"policies\":[]");
  }

  @Test
  void a_script_is_done_whole_or_not_at_all() throws IOException {
    Ran ran = script(WEB + "add rule name=X policy=Nonesuch filterlist=A filteraction=B\n");
    assertThat(ran.code()).isEqualTo(ExitCode.FAILED);
    assertThat(ran.err())
        .contains("script, line 8: no policy is called 'Nonesuch'")
        .contains("nothing was changed");
    assertThat(local()).isEmpty();
    assertThat(reeve("show", "policy").out()).contains("No policies");
  }

  @Test
  void set_store_is_remembered_and_options_come_first() throws IOException {
    assertThat(reeve("show", "store").out()).contains("the local store");
    assertThat(reeve("set", "store", "location=persistent").out()).contains("persistent store");
    assertThat(reeve("add", "policy", "First", "assign=yes").out())
        .contains("Done, in the persistent store.");
    assertThat(StateDirectory.open(state).readStores().persistent().map(IpsecPolicy::name))
        .contains("First");
    assertThat(reeve("show", "policy", "--store", "local").out()).contains("No policies");
    assertThat(reeve("set", "store", "local").code()).isEqualTo(ExitCode.DONE);
    assertThat(reeve("show", "store").out()).contains("the local store");
    Ran domain = reeve("set", "store", "location=domain");
    assertThat(domain.code()).isEqualTo(ExitCode.FAILED);
    assertThat(domain.err()).contains("reeve ipsec export --ldif").contains("ldapmodify");
  }

  @Test
  void a_script_has_stores_of_its_own() throws IOException {
    Ran ran =
        script(
            "set store persistent\nadd policy P\nset store local\nadd policy L\nset batch enable");
    assertThat(ran.code()).as(ran.err()).isEqualTo(ExitCode.DONE);
    assertThat(ran.out()).contains("in the persistent store.").contains("in the local store.");
    assertThat(reeve("show", "store").out()).contains("the local store");
    assertThat(reeve("show", "policy", "--store", "persistent").out()).contains("P");
  }

  @Test
  void what_was_imported_into_a_store_is_there_to_be_changed() throws IOException {
    Ran in =
        Ran.reeve(
            "ipsec",
            "import",
            corp() + "",
            "--store",
            "local",
            "--policy",
            "Web Servers",
            "--state",
            state + "");
    assertThat(in.code()).as(in.err()).isEqualTo(ExitCode.DONE);
    assertThat(reeve("show", "policy").out()).contains("Web Servers").contains("YES");
    Ran ran = reeve("set", "policy", "Web Servers", "newname=Mine");
    assertThat(ran.code()).as(ran.err()).isEqualTo(ExitCode.DONE);
    assertThat(local().map(IpsecPolicy::name)).contains("Mine");
  }

  private Path corp() throws IOException {
    try (InputStream in = getClass().getResourceAsStream("/samples/corp.ldif")) {
      return Files.write(dir.resolve("corp.ldif"), in.readAllBytes());
    }
  }

  @Test
  void a_pre_shared_key_is_sealed_and_comes_out_only_when_asked_for() throws IOException {
    assertThat(script(WEB).code()).isZero();
    Ran ran = reeve("set", "rule", "Web traffic", "Web Server Security", "psk=Blaukraut");
    assertThat(ran.code()).as(ran.err()).isEqualTo(ExitCode.DONE);
    try (var files = Files.walk(state)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(Files.readAllBytes(file)).asString().doesNotContain("Blaukraut");
      }
    }
    assertThat(reeve("show", "rule", "all", "Web Server Security").out())
        .contains("pre-shared key (sealed; not shown)");

    Path file = dir.resolve("all");
    assertThat(reeve("exportpolicy", "file=" + file).out())
        .contains("a pre-shared key is withheld");
    assertThat(dir.resolve("all.ipsec")).content().contains("withheld").doesNotContain("Blaukraut");
    Ran withheld = reeve("importpolicy", file + "", "--store", "persistent");
    assertThat(withheld.code()).isEqualTo(ExitCode.FAILED);
    assertThat(reeve("exportpolicy", file + "", "--reveal-secrets").code()).isZero();
    assertThat(dir.resolve("all.ipsec")).content().contains("Blaukraut");
    Ran back = reeve("importpolicy", file + "", "--store", "persistent");
    assertThat(back.code()).as(back.err()).isZero();
    assertThat(reeve("show", "all", "--store", "persistent").out())
        .contains("Web traffic")
        .contains("Unused");
  }

  @Test
  void a_file_takes_the_place_of_a_store() throws IOException {
    Path file = dir.resolve("mine.json");
    assertThat(script(WEB, "--file", file + "").code()).isZero();
    assertThat(Files.exists(state.resolve("stores/local.json"))).isFalse();
    Ran key =
        reeve("set", "rule", "Web traffic", "Web Server Security", "psk=x", "--file", file + "");
    assertThat(key.code()).isEqualTo(ExitCode.USAGE);
    assertThat(key.err())
        .contains("a file keeps no pre-shared key unless you give --reveal-secrets");
    Ran in = Ran.reeve("ipsec", "import", file + "", "--store", "local", "--state", state + "");
    assertThat(in.code()).as(in.err()).isZero();
    assertThat(in.out()).contains("stay behind");
    assertThat(local().map(IpsecPolicy::name)).contains("Web Server Security");
  }

  /// Microsoft's own, word by word, and then the same as the one that a domain begins with.
  @Test
  void secure_server_built_by_commands_is_microsofts() throws IOException {
    Ran ran =
        script(
            """
            add policy name="Secure Server (Require Security)" pollinginterval=180 mmlifetime=480 mmsecmethods="3DES-SHA1-2 3DES-MD5-2 DES-SHA1-1 DES-MD5-1" assign=yes
            add filter filterlist="All IP Traffic" srcaddr=me dstaddr=any
            add filter filterlist="All ICMP Traffic" srcaddr=me dstaddr=any description=ICMP protocol=ICMP
            add filteraction name=Permit action=permit
            add filteraction name="Require Security" inpass=yes qmsecmethods="ESP[3DES,SHA1]:100000k/900s ESP[3DES,MD5]:100000k/900s ESP[DES,SHA1]:100000k/900s ESP[DES,MD5]:100000k/900s"
            add rule name="Require Security" policy="Secure Server (Require Security)" filterlist="All IP Traffic" filteraction="Require Security" kerberos=yes
            add rule name="Permit unsecure ICMP packets to pass through." policy="Secure Server (Require Security)" filterlist="All ICMP Traffic" filteraction=Permit kerberos=yes
            set defaultrule policy="Secure Server (Require Security)" qmsecmethods="ESP[3DES,SHA1] ESP[3DES,MD5] ESP[DES,SHA1] ESP[DES,MD5] AH[SHA1] AH[MD5]"
            """);
    assertThat(ran.code()).as(ran.err()).isZero();
    var keys = new Keys();
    IpsecPolicy microsofts =
        Policies.read(LdifFile.parse(Files.readAllBytes(corp())).entries(), keys)
            .policies()
            .stream()
            .filter(p -> p.name().equals("Secure Server (Require Security)"))
            .findFirst()
            .orElseThrow();
    IpsecPolicy ours = local().orElseThrow();
    assertThat(ours.mainMode()).isEqualTo(microsofts.mainMode());
    assertThat(ours.pollingInterval()).isEqualTo(microsofts.pollingInterval());
    assertThat(rules(ours)).containsExactlyElementsOf(rules(microsofts));
  }

  /// All that says what a rule does: without ids and descriptions, and without the default
  /// response's flags and names, which mean nothing.
  private static List<String> rules(IpsecPolicy policy) {
    return policy.rules().stream()
        .sorted(Comparator.comparing(IpsecRule::isDefaultResponse).thenComparing(IpsecRule::name))
        .map(rule ->
            String.join(
                "\n",
                rule.filters().map(l -> l.name() + l.filters()).orElse("default response"),
                offers(rule),
                rule.authentication().toString(),
                rule.tunnel() + " " + rule.networkType() + " " + rule.active()))
        .toList();
  }

  private static String offers(IpsecRule rule) {
    if (!(rule.action() instanceof Negotiate n)) return rule.action().toString();
    return rule.isDefaultResponse() ? "" + n.offers() : n.name() + n.offers() + n.posture();
  }

  @ParameterizedTest
  @ValueSource(strings = {"modern", "win2k", "win2003"})
  void the_three_examples_are_restored(String release) {
    Ran ran = reeve("restorepolicyexamples", "release=" + release);
    assertThat(ran.code()).as(ran.err()).isZero();
    assertThat(reeve("show", "policy").out())
        .contains("Client (Respond Only)")
        .contains("Server (Request Security)")
        .contains("Secure Server (Require Security)");
    assertThat(reeve("restorepolicyexamples", "release=" + release).out()).isEmpty();
  }

  @Test
  void wrong_words_are_a_usage_error_and_missing_things_a_failure() {
    assertThat(reeve().code()).isEqualTo(ExitCode.USAGE);
    assertThat(reeve("add", "policy").code()).isEqualTo(ExitCode.USAGE);
    assertThat(reeve("show", "everything").err()).contains("expected all, policy, rule");
    assertThat(reeve("show", "all", "format=table").err()).contains("only list is there");
    assertThat(reeve("show", "gpoassignedpolicy").err()).contains("reeve gpresult");
    assertThat(reeve("show", "policy", "Nonesuch").code()).isEqualTo(ExitCode.FAILED);
    assertThat(reeve("exec", dir + "/none").code()).isEqualTo(ExitCode.FAILED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "add",
        "set",
        "delete",
        "show",
        "exec",
        "exportpolicy",
        "importpolicy",
        "restorepolicyexamples"
      })
  void help_teaches(String verb) {
    Ran ran = Ran.reeve("ipsec", "static", verb, "--help");
    assertThat(ran.code()).isZero();
    assertThat(ran.out()).contains("reeve ipsec static " + verb).contains("--store");
  }
}
