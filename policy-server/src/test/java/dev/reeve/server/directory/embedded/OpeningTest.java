package dev.reeve.server.directory.embedded;

import static dev.reeve.server.directory.embedded.TestDirectory.BASE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.unboundid.ldap.sdk.Attribute;
import com.unboundid.ldap.sdk.SearchScope;
import com.unboundid.ldif.LDIFDeleteChangeRecord;
import dev.reeve.server.directory.embedded.EmbeddedDirectoryException.AddressUnavailable;
import dev.reeve.server.directory.embedded.EmbeddedDirectoryException.StateUnavailable;
import dev.reeve.server.directory.embedded.EmbeddedDirectoryException.StoreInUse;
import dev.reeve.server.directory.embedded.EmbeddedDirectoryException.UnusableInput;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpeningTest {
  @TempDir Path dir;

  private Path state() {
    return dir.resolve("deep/state");
  }

  @Test
  void a_port_in_use_is_named_and_everything_is_let_go() throws Exception {
    var loopback = InetAddress.getLoopbackAddress();
    try (var other = new ServerSocket(0, 1, loopback)) {
      var config = TestDirectory.config(state()).withListener(loopback, other.getLocalPort());
      for (int attempt = 0; attempt < 2; attempt++) {
        assertThatThrownBy(() -> EmbeddedDirectory.open(config))
            .isInstanceOfSatisfying(
                AddressUnavailable.class,
                e -> assertThat(e.address().getPort()).isEqualTo(other.getLocalPort()))
            .hasMessageContaining(
                "address 127.0.0.1 port %d: Address already in use", other.getLocalPort());
      }
    }
  }

  @Test
  void one_state_directory_serves_one_directory() throws Exception {
    try (var first = EmbeddedDirectory.open(TestDirectory.config(state()))) {
      assertThatThrownBy(() -> EmbeddedDirectory.open(TestDirectory.config(state())))
          .isInstanceOf(StoreInUse.class)
          .hasMessageContaining(state().toString());
      assertThat(first.find(BASE)).isPresent();
    }
    EmbeddedDirectory.open(TestDirectory.config(state())).close();
  }

  @Test
  void everything_in_the_state_directory_is_its_owners_alone() throws Exception {
    try (var directory = EmbeddedDirectory.open(TestDirectory.config(state()))) {
      directory.apply(TestDirectory.container("CN=box," + BASE));
    }
    assertThat(mode(state())).isEqualTo("rwx------");
    try (var files = Files.list(state())) {
      for (var file : files.toList()) {
        assertThat(mode(file)).as(file.toString()).startsWith("rw-").endsWith("------");
      }
    }
  }

  @Test
  void the_administrator_password_is_made_once_and_kept() throws Exception {
    EmbeddedDirectory.open(TestDirectory.config(state())).close();
    var made = TestDirectory.adminPassword(state());
    assertThat(made).hasSizeGreaterThanOrEqualTo(32);
    EmbeddedDirectory.open(TestDirectory.config(state())).close();
    assertThat(TestDirectory.adminPassword(state())).isEqualTo(made);
    EmbeddedDirectory.open(TestDirectory.config(dir.resolve("second"))).close();
    assertThat(TestDirectory.adminPassword(dir.resolve("second"))).isNotEqualTo(made);

    var file = state().resolve(AdminPassword.FILE);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    EmbeddedDirectory.open(TestDirectory.config(state())).close();
    assertThat(mode(file)).isEqualTo("rw-------");

    Files.writeString(file, "\n");
    assertThatThrownBy(() -> EmbeddedDirectory.open(TestDirectory.config(state())))
        .isInstanceOf(UnusableInput.class)
        .hasMessageContaining(file.toString());
  }

  @Test
  void the_first_content_is_loaded_once() throws Exception {
    try (var directory = EmbeddedDirectory.open(TestDirectory.config(state()))) {
      directory.apply(new LDIFDeleteChangeRecord(TestDirectory.ALICE));
    }
    try (var directory = EmbeddedDirectory.open(TestDirectory.config(state()))) {
      assertThat(directory.find(TestDirectory.ALICE)).isEmpty();
    }
  }

  @Test
  void operational_attributes_in_the_first_content_are_kept() throws Exception {
    var uuid = "6ba7b810-9dad-11d1-80b4-00c04fd430c8";
    var ldif = "dn: %s\nobjectClass: domain\ndc: corp\nentryUUID: %s\n".formatted(BASE, uuid);
    var config = TestDirectory.emptyConfig(state()).withInitialContent(() -> stream(ldif));
    try (var directory = EmbeddedDirectory.open(config)) {
      assertThat(directory.find(BASE).orElseThrow().getAttributeValue("entryUUID")).isEqualTo(uuid);
    }
  }

  @Test
  void an_empty_directory_takes_its_base_entry_from_an_administrator() throws Exception {
    try (var directory = EmbeddedDirectory.open(TestDirectory.emptyConfig(state()))) {
      assertThat(directory.readAll()).isEmpty();
      assertThat(directory.authenticate("nobody", "x")).isEmpty();
      try (var admin = TestDirectory.connectAsAdmin(directory, state())) {
        admin.add("dn: " + BASE, "objectClass: domain", "dc: corp");
      }
      assertThat(directory.readAll()).hasSize(1);
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          problem        | ldif                                                                    | message
          not LDIF       | hello                                                                   | initial content
          no parent      | dn: CN=a,CN=missing,DC=corp,DC=example~objectClass: testContainer~cn: a | CN=a,CN=missing,DC=corp,DC=example
          not our domain | dn: DC=other,DC=example~objectClass: domain~dc: other                   | DC=other,DC=example
          unknown class  | dn: DC=corp,DC=example~objectClass: noSuchClass~dc: corp                | noSuchClass
          twice          | dn: DC=corp,DC=example~objectClass: domain~dc: corp~~dn: dc=CORP, dc=example~objectClass: domain~dc: corp | there twice
          """,
      useHeadersInDisplayName = true)
  void a_first_content_that_does_not_fit_is_refused_and_leaves_no_store(
      String problem, String ldif, String message) throws Exception {
    var config =
        TestDirectory.emptyConfig(state())
            .withInitialContent(() -> stream(ldif.replace('~', '\n') + "\n"));
    assertThatThrownBy(() -> EmbeddedDirectory.open(config))
        .as(problem)
        .isInstanceOf(UnusableInput.class)
        .hasMessageContaining(message);
    EmbeddedDirectory.open(TestDirectory.config(state())).close();
  }

  @Test
  void an_unusable_schema_or_state_directory_is_named() throws Exception {
    for (var schema : Set.of("", "dn: cn=schema\nobjectClass: top\nattributeTypes: ( nonsense\n")) {
      assertThatThrownBy(() ->
              EmbeddedDirectory.open(
                  EmbeddedDirectoryConfig.of(state(), BASE, () -> stream(schema))))
          .isInstanceOf(UnusableInput.class)
          .hasMessageContaining("schema");
    }
    assertThatThrownBy(() ->
            EmbeddedDirectory.open(
                EmbeddedDirectoryConfig.of(
                    state(),
                    BASE,
                    () -> {
                      throw new IOException("no such resource");
                    })))
        .isInstanceOf(UnusableInput.class)
        .hasMessageContaining("no such resource");
    Files.writeString(dir.resolve("file"), "");
    assertThatThrownBy(
            () -> EmbeddedDirectory.open(TestDirectory.config(dir.resolve("file/state"))))
        .isInstanceOf(StateUnavailable.class)
        .hasMessageContaining("file/state");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          property         | base               | port  | request | rotate | administrator
          baseDn           | nonsense           | 0     | 4096    | 1      |
          baseDn           | ''                 | 0     | 4096    | 1      |
          port             | DC=corp,DC=example | 65536 | 4096    | 1      |
          port             | DC=corp,DC=example | -1    | 4096    | 1      |
          maxRequestBytes  | DC=corp,DC=example | 0     | 10      | 1      |
          rotateAfterBytes | DC=corp,DC=example | 0     | 4096    | 0      |
          administrators   | DC=corp,DC=example | 0     | 4096    | 1      | bob
          """,
      useHeadersInDisplayName = true)
  void an_invalid_value_is_refused_with_its_property(
      String property,
      String base,
      int port,
      int request,
      long rotate,
      @Nullable String administrator) {
    assertThatThrownBy(() ->
            new EmbeddedDirectoryConfig(
                dir,
                base,
                List.of(),
                TestDirectory::schema,
                Optional.empty(),
                InetAddress.getLoopbackAddress(),
                port,
                Optional.empty(),
                administrator == null ? Set.of() : Set.of(administrator),
                request,
                rotate))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(property);
  }

  @Test
  void the_root_dse_says_what_is_spoken() throws Exception {
    try (var directory = EmbeddedDirectory.open(TestDirectory.config(state()));
        var anonymous = TestDirectory.connect(directory)) {
      var rootDse =
          Objects.requireNonNull(
              anonymous.searchForEntry("", SearchScope.BASE, "(objectClass=*)", "*", "+"));
      assertThat(rootDse.getAttributeValue("namingContexts")).isEqualTo(BASE);
      assertThat(rootDse.getAttributeValue("defaultNamingContext")).isEqualTo(BASE);
      assertThat(rootDse.getAttributeValues("supportedControl"))
          .contains("1.2.840.113556.1.4.319")
          .doesNotContain("2.16.840.1.113730.3.4.18");
      assertThat(rootDse.getAttribute("supportedExtension"))
          .isEqualTo(new Attribute("supportedExtension", "1.3.6.1.4.1.4203.1.11.3"));
    }
  }

  @ParameterizedTest(name = "{0} to {1}")
  @CsvSource({
    "19998, 19999, false",
    "19999, 20000, true",
    "20000, 20001, false",
    "0, 30000, true",
    "20000, 19999, false"
  })
  void the_size_warning_comes_once_and_names_the_next_step(int before, int after, boolean warned) {
    assertThat(SizeWarning.between(before, after).isPresent()).isEqualTo(warned);
    SizeWarning.between(before, after).ifPresent(w -> assertThat(w).contains("OpenLDAP"));
  }

  private static ByteArrayInputStream stream(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }
}
