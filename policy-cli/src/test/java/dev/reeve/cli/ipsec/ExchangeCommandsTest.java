package dev.reeve.cli.ipsec;

import static dev.reeve.cli.Ran.reeve;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.cli.ExitCode;
import dev.reeve.cli.Ran;
import dev.reeve.model.gp.Dn;
import dev.reeve.model.json.JsonMembers;
import dev.reeve.model.json.JsonText;
import dev.reeve.model.json.JsonValue;
import dev.reeve.schema.names.LdapAttribute;
import dev.reeve.schema.read.LdapEntry;
import dev.reeve.schema.read.LdifFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `reeve ipsec export` and `import` as people run them.
class ExchangeCommandsTest {

  private static final String PLAIN_RULE_WITH_KEY =
      "AKy7EY1J0RGGOQCgJI0wITYAAAABAAAAAQAAAA4AAABzAGUAYwByAGUAdAAAAP3///8CAAAAAAAAAAAAAAAAAAEAAAAC"
          + "AAAAAAAA";

  @TempDir Path dir = Path.of("");

  private Path corp = Path.of("");

  @BeforeEach
  void sample() throws IOException {
    corp = dir.resolve("corp.ldif");
    try (InputStream in = getClass().getResourceAsStream("/samples/corp.ldif")) {
      Files.copy(Objects.requireNonNull(in), corp);
    }
  }

  @Test
  void microsofts_policies_go_out_to_a_readable_file_and_come_back_byte_for_byte()
      throws IOException {
    Path file = dir.resolve("policies.json");
    Ran out =
        reeve(
            "ipsec",
            "export",
            "--ldif",
            corp + "",
            "--out",
            file + "",
            "--policy",
            "client (respond only)",
            "--policy",
            "{7238523C-70FA-11D1-864C-14A300000000}");

    assertThat(out.code()).as(out.err()).isEqualTo(ExitCode.DONE);
    assertThat(out.out()).contains("2 policies written to the readable file:");
    assertThat(Files.getPosixFilePermissions(file))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    JsonMembers document = JsonText.parseObject(Files.readAllBytes(file));
    assertThat(document.number("v")).isEqualTo(1);
    assertThat(Files.readString(file)).contains("\"Secure Server (Require Security)\"");

    Ran back =
        reeve("ipsec", "import", file + "", "--as", "microsoft", "--base", "DC=corp,DC=example");

    assertThat(back.code()).as(back.err()).isEqualTo(ExitCode.DONE);
    Map<String, byte[]> before = data(LdifFile.parse(Files.readAllBytes(corp)).entries());
    Map<String, byte[]> after = data(LdifFile.parse(back.out().getBytes()).entries());
    assertThat(after).hasSize(14);
    after.forEach((name, bytes) -> assertThat(before.get(name)).as(name).isEqualTo(bytes));
  }

  private static Map<String, byte[]> data(List<LdapEntry> entries) {
    var data = new TreeMap<String, byte[]>();
    for (LdapEntry entry : entries) {
      entry
          .firstBytes(LdapAttribute.IPSEC_DATA)
          .ifPresent(bytes -> data.put(entry.dn().toString(), bytes));
    }
    return data;
  }

  @Test
  void a_modern_policy_for_windows_is_refused_with_reasons() {
    Ran ran =
        reeve(
            "ipsec",
            "export",
            "--ldif",
            corp + "",
            "--as",
            "microsoft",
            "--output",
            "json",
            "--policy",
            "Server (Request Security), modern",
            "--out",
            dir.resolve("x.ldif") + "");

    assertThat(ran.code()).isEqualTo(ExitCode.FAILED);
    JsonMembers report = JsonMembers.of("$", JsonText.parse(ran.out()));
    List<String> codes =
        report.objects(
            "findings",
            finding -> {
              var unused = finding.find("detail");
              assertThat(finding.string("policy")).isEqualTo("Server (Request Security), modern");
              var unusedObject = finding.find("object");
              return finding.string("effect") + " " + finding.string("code");
            });
    assertThat(codes)
        .contains("left_out ALGORITHM", "refused NO_PROPOSAL_LEFT", "refused NO_OFFER_LEFT");
    assertThat(dir.resolve("x.ldif")).isEmptyFile();
  }

  @Test
  void microsofts_policies_become_ours() {
    Ran ran =
        reeve(
            "ipsec",
            "import",
            corp + "",
            "--as",
            "reeve",
            "--policy",
            "Server (Request Security)",
            "--base",
            "DC=other,DC=example");

    assertThat(ran.code()).as(ran.err()).isEqualTo(ExitCode.DONE);
    assertThat(ran.err()).contains("bytes that nobody knows");
    Map<String, byte[]> entries = data(LdifFile.parse(ran.out().getBytes()).entries());
    assertThat(entries)
        .containsKey(
            "CN=ipsecPolicy{72385230-70FA-11D1-864C-14A300000000},CN=Reeve,CN=System,"
                + "DC=other,DC=example");
    assertThat(entries.values()).allMatch(bytes -> bytes[0] == '{');
  }

  @Test
  void a_key_is_withheld_until_it_is_to_be_revealed() throws IOException {
    Path ldif = withKey();

    Ran hidden = reeve("ipsec", "export", "--ldif", ldif + "");
    assertThat(hidden.code()).isEqualTo(ExitCode.DONE);
    assertThat(hidden.out()).contains("\"withheld\":true").doesNotContain("secret\"");
    assertThat(hidden.err()).contains("[PRE_SHARED_KEY]").doesNotContain("secret\"");

    Path half = dir.resolve("half.json");
    Files.writeString(half, hidden.out());
    Ran refused = reeve("ipsec", "import", half + "", "--as", "reeve", "--base", "DC=x");
    assertThat(refused.code()).isEqualTo(ExitCode.FAILED);
    assertThat(refused.err()).contains("--reveal-secrets");

    Ran shown = reeve("ipsec", "export", "--ldif", ldif + "", "--reveal-secrets");
    assertThat(shown.out()).contains("\"key\":\"secret\"");

    Ran unsealed = reeve("ipsec", "import", ldif + "", "--as", "reeve");
    assertThat(unsealed.code()).isEqualTo(ExitCode.FAILED);
    assertThat(unsealed.err()).contains("nobody to be sealed to");
    assertThat(unsealed.out()).doesNotContain("7238523C");
  }

  @Test
  void with_the_servers_vault_a_key_goes_into_our_objects_and_out_again() throws IOException {
    Path vault = dir.resolve("vault.key");
    byte[] key = new byte[32];
    Arrays.fill(key, (byte) 7);
    Files.write(vault, key);
    Path ours = dir.resolve("ours.ldif");

    Ran in =
        reeve(
            "ipsec",
            "import",
            withKey() + "",
            "--as",
            "reeve",
            "--vault",
            vault + "",
            "--out",
            ours + "");
    assertThat(in.code()).as(in.out() + in.err()).isEqualTo(ExitCode.DONE);

    Path state = dir.resolve("agent");
    Ran stat = reeve("ipsec", "static", "importpolicy", ours + "", "--state", state + "");
    assertThat(stat.code()).isEqualTo(ExitCode.FAILED);
    assertThat(stat.err()).contains("its pre-shared key is sealed to somebody else");
    assertThat(state.resolve("stores/local.library.json")).doesNotExist();

    assertThat(reeve("ipsec", "export", "--ldif", ours + "").out())
        .contains("\"sealed\":")
        .doesNotContain("\"secret\"");
    assertThat(
            reeve("ipsec", "export", "--ldif", ours + "", "--vault", vault + "", "--reveal-secrets")
                .out())
        .contains("\"key\":\"secret\"");
  }

  private Path withKey() throws IOException {
    var text = new StringBuilder();
    for (LdapEntry entry : LdifFile.parse(Files.readAllBytes(corp)).entries()) {
      if (!entry.dn().toString().contains("CN=IP Security")) continue;
      String ldif = entry.toEntry().toLDIFString();
      if (entry.dn().name().equals("ipsecNFA{7238523E-70FA-11D1-864C-14A300000000}")) {
        ldif = ldif.replaceAll("ipsecData:: .*(\\R .*)*", "ipsecData:: " + PLAIN_RULE_WITH_KEY);
      }
      text.append(ldif).append('\n');
    }
    return Files.writeString(dir.resolve("key.ldif"), text);
  }

  @Test
  void a_store_takes_one_policy_and_gives_it_back() throws IOException {
    Path state = dir.resolve("agent");
    Ran many = reeve("ipsec", "import", corp + "", "--store", "local", "--state", state + "");
    assertThat(many.code()).isEqualTo(ExitCode.USAGE);
    assertThat(many.err()).contains("a store holds one policy").contains("'Web Servers'");

    Ran in =
        reeve(
            "ipsec",
            "import",
            corp + "",
            "--store",
            "persistent",
            "--state",
            state + "",
            "--policy",
            "web servers");
    assertThat(in.code()).as(in.err()).isEqualTo(ExitCode.DONE);
    assertThat(in.out()).contains("1 policy written to the persistent store:");

    Ran out = reeve("ipsec", "export", "--store", "persistent", "--state", state + "");
    assertThat(out.code()).as(out.err()).isEqualTo(ExitCode.DONE);
    assertThat(out.out()).contains("\"Web Servers\"");

    Ran empty = reeve("ipsec", "export", "--store", "local", "--state", state + "");
    assertThat(empty.code()).isEqualTo(ExitCode.FAILED);
    assertThat(empty.err()).contains("the local store is empty");
    Ran nowhere = reeve("ipsec", "export", "--store", "local", "--state", dir + "/none");
    assertThat(nowhere.code()).isEqualTo(ExitCode.FAILED);
    assertThat(Files.exists(dir.resolve("none"))).isFalse();
  }

  /// Ours and Microsoft's, into either store and out again: the same policy as from the directory.
  @ParameterizedTest
  @CsvSource({
    "local, Client (Respond Only)",
    "persistent, Client (Respond Only)",
    "local, Server (Request Security)",
    "persistent, Secure Server (Require Security)",
    "local, Web Servers",
    "persistent, Web Servers"
  })
  void a_policy_in_a_store_is_what_it_was_in_the_directory(String store, String name)
      throws IOException {
    String state = dir.resolve("agent") + "";
    Ran in =
        reeve("ipsec", "import", corp + "", "--store", store, "--state", state, "--policy", name);
    assertThat(in.code()).as(in.err()).isEqualTo(ExitCode.DONE);

    Ran stored = reeve("ipsec", "export", "--store", store, "--state", state);
    Ran direct = reeve("ipsec", "export", "--ldif", corp + "", "--policy", name);

    assertThat(stored.code()).as(stored.err()).isEqualTo(ExitCode.DONE);
    assertThat(policies(stored.out())).isEqualTo(policies(direct.out()));
    // Microsoft's own objects do not fit into a store; that is said, not hidden
    boolean microsofts = !name.equals("Web Servers");
    assertThat(in.out() + in.err())
        .matches(text -> text.contains("bytes that nobody knows") == microsofts);
  }

  /// For Windows: what is read back from these objects is what the store holds.
  @ParameterizedTest
  @CsvSource({
    "local, Client (Respond Only)",
    "persistent, Secure Server (Require Security)",
    "persistent, Client (Respond Only)",
    "local, Server (Request Security)"
  })
  void a_policy_in_a_store_goes_out_as_microsofts_objects(String store, String name)
      throws IOException {
    String state = dir.resolve("agent") + "";
    Path ldif = dir.resolve("for-windows.ldif");
    Ran in =
        reeve("ipsec", "import", corp + "", "--store", store, "--state", state, "--policy", name);
    assertThat(in.code()).as(in.err()).isEqualTo(ExitCode.DONE);
    String[] out = {
      "ipsec", "export", "--store", store, "--state", state, "--as", "microsoft", "--out", ldif + ""
    };

    Ran homeless = reeve(out);
    assertThat(homeless.code()).isEqualTo(ExitCode.USAGE);
    assertThat(homeless.err()).contains("--base");

    Ran written = reeve(with(out, "--base", "DC=other,DC=example"));

    assertThat(written.code()).as(written.out() + written.err()).isEqualTo(ExitCode.DONE);
    assertThat(written.out()).contains("1 policy written to Microsoft's encoding:");
    assertThat(LdifFile.parse(Files.readAllBytes(ldif)).entries())
        .isNotEmpty()
        .allMatch(e -> e.dn().isUnder(Dn.parse("CN=IP Security,CN=System,DC=other,DC=example")));
    assertThat(policies(reeve("ipsec", "export", "--ldif", ldif + "").out()))
        .isEqualTo(policies(reeve("ipsec", "export", "--store", store, "--state", state).out()));
  }

  private static String[] with(String[] arguments, String... more) {
    return Stream.concat(Arrays.stream(arguments), Arrays.stream(more)).toArray(String[]::new);
  }

  /// Sealed to this host: readable in no file of it, and only whoever may read its key gets it
  /// back.
  @Test
  void a_pre_shared_key_in_a_store_is_sealed_to_the_host() throws IOException {
    String state = dir.resolve("agent") + "";
    Path file = dir.resolve("key.json");
    Ran read =
        reeve("ipsec", "export", "--ldif", withKey() + "", "--reveal-secrets", "--out", file + "");
    assertThat(read.code()).as(read.err()).isEqualTo(ExitCode.DONE);
    assertThat(file).content().contains("\"secret\"");
    String secure = "Secure Server (Require Security)";

    Ran in =
        reeve(
            "ipsec", "import", file + "", "--store", "local", "--state", state, "--policy", secure);

    assertThat(in.code()).as(in.out()).isEqualTo(ExitCode.DONE);
    String stored = Files.readString(dir.resolve("agent/stores/local.json"));
    assertThat(stored).contains("\"sealed\"").doesNotContain("secret");
    assertThat(Files.getPosixFilePermissions(dir.resolve("agent/stores/seal.key"))).hasSize(2);
    Ran revealed =
        reeve("ipsec", "export", "--store", "local", "--state", state, "--reveal-secrets");
    assertThat(revealed.out()).contains("\"key\":");
    Ran withheld = reeve("ipsec", "export", "--store", "local", "--state", state);
    assertThat(withheld.out()).contains("withheld").doesNotContain("\"key\":");
    // The same again is the same store: nothing for the agent to do.
    assertThat(
            reeve(
                    "ipsec",
                    "import",
                    file + "",
                    "--store",
                    "local",
                    "--state",
                    state,
                    "--policy",
                    secure)
                .code())
        .isEqualTo(ExitCode.DONE);
    assertThat(Files.readString(dir.resolve("agent/stores/local.json"))).isEqualTo(stored);
  }

  private static JsonValue policies(String document) {
    return JsonMembers.of("$", JsonText.parse(document)).get("policies");
  }

  @Test
  void wrong_words_are_told_apart() {
    assertThat(reeve("ipsec").code()).isEqualTo(ExitCode.USAGE);
    assertThat(reeve("ipsec", "export").code()).isEqualTo(ExitCode.USAGE);
    assertThat(reeve("ipsec", "export", "--ldif", dir + "/none").code()).isEqualTo(ExitCode.FAILED);
    Ran unknown = reeve("ipsec", "export", "--ldif", corp + "", "--policy", "Nonesuch");
    assertThat(unknown.code()).isEqualTo(ExitCode.FAILED);
    assertThat(unknown.err()).contains("no policy is called 'Nonesuch'; there are: ");
    Ran homeless = reeve("ipsec", "import", dir + "/none.json", "--as", "reeve");
    assertThat(homeless.code()).isEqualTo(ExitCode.FAILED);
  }

  @Test
  void help_teaches() {
    assertThat(reeve("ipsec", "export", "--help").out()).contains("Examples:", "--reveal-secrets");
    assertThat(reeve("ipsec", "import", "--help").out()).contains("Examples:", "--store");
  }
}
