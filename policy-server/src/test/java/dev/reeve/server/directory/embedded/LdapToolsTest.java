package dev.reeve.server.directory.embedded;

import static dev.reeve.server.directory.embedded.TestDirectory.ADMIN;
import static dev.reeve.server.directory.embedded.TestDirectory.BASE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The administrator's own tools, from OpenLDAP.
class LdapToolsTest {
  @TempDir Path dir;

  @SuppressWarnings("NullAway.Init")
  private EmbeddedDirectory directory;

  private record Ran(int status, String output) {}

  @BeforeEach
  void open() throws Exception {
    for (var tool : List.of("ldapsearch", "ldapmodify", "ldapwhoami", "ldapmodrdn", "ldapdelete")) {
      assumeTrue(Files.isExecutable(Path.of("/usr/bin", tool)), tool + " (ldap-utils) is missing");
    }
    directory = EmbeddedDirectory.open(TestDirectory.config(state()));
  }

  @AfterEach
  void close() {
    if (directory != null) directory.close();
  }

  private Path state() {
    return dir.resolve("state");
  }

  @Test
  void an_anonymous_search_is_told_to_bind() throws Exception {
    var rootDse = run("", "ldapsearch", "-x", "-b", "", "-s", "base", "namingContexts");
    assertThat(rootDse.status()).isZero();
    assertThat(rootDse.output()).contains("namingContexts: " + BASE);
    var refused = run("", "ldapsearch", "-x", "-b", BASE);
    assertThat(refused.status()).isEqualTo(50);
    assertThat(refused.output()).contains("Insufficient access").contains("bind first");
    assertThat(
            run("dn: CN=x,%s\nchangetype: delete\n".formatted(BASE), "ldapmodify", "-x").status())
        .isEqualTo(50);
  }

  @Test
  void an_administrator_adds_changes_renames_and_deletes() throws Exception {
    assertThat(asAdmin("", "ldapwhoami").output()).containsIgnoringCase("dn:" + ADMIN);
    var changes =
        """
        dn: CN=box,%1$s
        changetype: add
        objectClass: testContainer
        cn: box
        description: grün

        dn: CN=box,%1$s
        changetype: modify
        add: testExact
        testExact: one
        -
        replace: description
        description: zwei
        """
            .formatted(BASE);
    assertThat(asAdmin(changes, "ldapmodify")).extracting(Ran::status).isEqualTo(0);
    assertThat(asAdmin("", "ldapmodrdn", "-r", "CN=box," + BASE, "CN=crate").status()).isZero();
    var found =
        asAdmin("", "ldapsearch", "-LLL", "-o", "ldif-wrap=no", "-b", BASE, "(cn=crate)", "*", "+");
    assertThat(found.status()).isZero();
    assertThat(found.output())
        .contains("dn: CN=crate," + BASE)
        .contains("description: zwei")
        .containsIgnoringCase("modifiersName: " + ADMIN)
        .containsPattern("entryUUID: [0-9a-f-]{36}");
    assertThat(asAdmin("", "ldapsearch", "-E", "pr=2/noprompt", "-b", BASE, "1.1").output())
        .contains("# numEntries: 8");
    assertThat(asAdmin("", "ldapdelete", "CN=crate," + BASE).status()).isZero();
    assertThat(asAdmin("", "ldapsearch", "-b", "CN=crate," + BASE).status()).isEqualTo(32);
  }

  @Test
  void a_schema_violation_is_explained() throws Exception {
    var ran =
        asAdmin(
            "dn: CN=x,%s\nchangetype: add\nobjectClass: noSuchClass\ncn: x\n".formatted(BASE),
            "ldapmodify");
    assertThat(ran.status()).isEqualTo(65);
    assertThat(ran.output()).contains("noSuchClass");
  }

  private Ran asAdmin(String input, String... command) throws Exception {
    var line = new ArrayList<>(List.of(command[0], "-x", "-D", ADMIN, "-y", passwordFile()));
    line.addAll(List.of(command).subList(1, command.length));
    return run(input, line.toArray(String[]::new));
  }

  /// The tools take the whole file as the password, its line end included.
  private String passwordFile() throws IOException {
    var file = dir.resolve("password");
    Files.writeString(file, TestDirectory.adminPassword(state()));
    return file.toString();
  }

  private Ran run(String input, String... command) throws Exception {
    var line = new ArrayList<>(List.of(command));
    line.addAll(1, List.of("-H", "ldap://127.0.0.1:" + directory.address().getPort()));
    var in = Files.writeString(dir.resolve("input"), input);
    var process =
        new ProcessBuilder(line).redirectErrorStream(true).redirectInput(in.toFile()).start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ran(process.waitFor(), output);
  }
}
