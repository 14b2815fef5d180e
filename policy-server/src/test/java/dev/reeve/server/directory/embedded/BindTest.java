package dev.reeve.server.directory.embedded;

import static dev.reeve.server.directory.embedded.TestDirectory.ADMIN;
import static dev.reeve.server.directory.embedded.TestDirectory.ALICE;
import static dev.reeve.server.directory.embedded.TestDirectory.ALICE_PASSWORD;
import static dev.reeve.server.directory.embedded.TestDirectory.BASE;
import static dev.reeve.server.directory.embedded.TestDirectory.OPERATOR;
import static dev.reeve.server.directory.embedded.TestDirectory.OPERATOR_PASSWORD;
import static org.assertj.core.api.Assertions.assertThat;

import com.unboundid.ldap.sdk.Entry;
import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.Modification;
import com.unboundid.ldap.sdk.ModificationType;
import com.unboundid.ldap.sdk.SearchScope;
import com.unboundid.ldif.LDIFAddChangeRecord;
import com.unboundid.ldif.LDIFDeleteChangeRecord;
import com.unboundid.util.Base64;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Who gets in, and as whom.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BindTest {
  @TempDir static Path state;

  @SuppressWarnings("NullAway.Init")
  private EmbeddedDirectory directory;

  @BeforeAll
  void open() throws Exception {
    directory = EmbeddedDirectory.open(TestDirectory.config(state.resolve("state")));
  }

  @AfterAll
  void close() {
    directory.close();
  }

  @FunctionalInterface
  private interface Request {
    Object send(LDAPConnection connection) throws LDAPException;
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          name                                 | password                 | code
          uid=alice,CN=Users,DC=corp,DC=example| the first test password  | 0
          UID=Alice,cn=users,dc=corp,dc=example| the first test password  | 0
          uid=alice,CN=Users,DC=corp,DC=example| The first test password  | 49
          uid=alice,CN=Users,DC=corp,DC=example|                          | 53
          uid=nobody,DC=corp,DC=example        | the first test password  | 49
          CN=Users,DC=corp,DC=example          | x                        | 49
          cn=admin,DC=corp,DC=example          | admin                    | 49
          cn=Internal Root User                | x                        | 49
          not a dn                             | x                        | 34
          """,
      useHeadersInDisplayName = true)
  void binds(String name, @Nullable String password, String code) throws Exception {
    try (var connection = TestDirectory.connect(directory)) {
      connection.getConnectionOptions().setBindWithDNRequiresPassword(false);
      assertThat(code(connection, c -> c.bind(name, password == null ? "" : password)))
          .isEqualTo(code);
    }
  }

  @Test
  void a_failed_bind_leaves_the_connection_anonymous() throws Exception {
    try (var connection = TestDirectory.connect(directory, ALICE, ALICE_PASSWORD)) {
      assertThat(code(connection, c -> c.bind(ALICE, "wrong"))).isEqualTo("49");
      assertThat(readBase(connection)).isEqualTo("50");
    }
  }

  @Test
  void a_deleted_user_loses_its_rights_at_once() throws Exception {
    var bob = "uid=bob,CN=Users," + BASE;
    directory.apply(
        new LDIFAddChangeRecord(
            new Entry(
                "dn: " + bob,
                "objectClass: inetOrgPerson",
                "uid: bob",
                "cn: Bob",
                "sn: Example",
                "userPassword: " + TestDirectory.weakHash("short-lived"))));
    try (var connection = TestDirectory.connect(directory, bob, "short-lived")) {
      assertThat(readBase(connection)).isEqualTo("0");
      directory.apply(new LDIFDeleteChangeRecord(bob));
      assertThat(readBase(connection)).isEqualTo("50");
    }
  }

  @Test
  void authenticate_takes_dn_uid_and_account_name() throws Exception {
    assertThat(directory.authenticate(ALICE, ALICE_PASSWORD)).contains(ALICE);
    assertThat(directory.authenticate("alice", ALICE_PASSWORD)).contains(ALICE);
    assertThat(directory.authenticate("corp-ALICE", ALICE_PASSWORD)).contains(ALICE);
    assertThat(directory.authenticate("admin", TestDirectory.adminPassword(state.resolve("state"))))
        .hasValueSatisfying(dn -> assertThat(dn).isEqualTo(ADMIN));
    assertThat(directory.authenticate("alice", "wrong")).isEmpty();
    assertThat(directory.authenticate("alice", "")).isEmpty();
    assertThat(directory.authenticate("nobody", ALICE_PASSWORD)).isEmpty();
    assertThat(directory.authenticate("*", ALICE_PASSWORD)).isEmpty();
    assertThat(directory.authenticate("", ALICE_PASSWORD)).isEmpty();
    assertThat(directory.isAdministrator(OPERATOR)).isTrue();
    assertThat(directory.isAdministrator(ADMIN)).isTrue();
    assertThat(directory.isAdministrator(ALICE)).isFalse();
  }

  @Test
  void a_new_password_is_stored_hashed_and_nowhere_in_clear() throws Exception {
    var secret = "a password that must not be found";
    try (var operator = TestDirectory.connect(directory, OPERATOR, OPERATOR_PASSWORD)) {
      operator.add(
          "dn: uid=carol,CN=Users," + BASE,
          "objectClass: inetOrgPerson",
          "uid: carol",
          "cn: Carol",
          "sn: Example",
          "userPassword: " + secret);
      assertThat(
              code(
                  operator,
                  c ->
                      c.modify(
                          "uid=carol,CN=Users," + BASE,
                          new Modification(
                              ModificationType.REPLACE, "userPassword", "{SSHA}abcdefgh"))))
          .as("a hash we cannot check")
          .isEqualTo("53");
    }
    assertThat(directory.authenticate("carol", secret)).isPresent();
    try (var files = Files.list(state.resolve("state"))) {
      for (var file : files.toList()) {
        assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
            .as(file.toString())
            .doesNotContain(secret)
            .doesNotContain(Base64.encode(secret));
      }
    }
    assertThat(directory.readAll()).noneMatch(e -> e.hasAttribute("userPassword"));
  }

  @Test
  void a_client_elsewhere_is_not_asked_for_its_password() throws Exception {
    // The listener is on loopback, so the other address is handed to the handler directly.
    var elsewhere = InetAddress.getByName("192.0.2.7");
    try (var served = new ServedWithoutSocket(state.resolve("elsewhere"), elsewhere)) {
      assertThat(served.bind(ALICE, ALICE_PASSWORD)).isEqualTo(13);
      assertThat(served.bind("", "")).isZero();
    }
    try (var served =
        new ServedWithoutSocket(state.resolve("here"), InetAddress.getLoopbackAddress())) {
      assertThat(served.bind(ALICE, ALICE_PASSWORD)).isZero();
    }
  }

  private static String readBase(LDAPConnection connection) {
    return code(connection, c -> c.search(BASE, SearchScope.BASE, "(objectClass=*)"));
  }

  private static String code(LDAPConnection connection, Request request) {
    try {
      request.send(connection);
      return "0";
    } catch (LDAPException e) {
      return Integer.toString(e.getResultCode().intValue());
    }
  }
}
