package dev.reeve.schema.samples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.unboundid.ldap.sdk.Entry;
import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.SearchScope;
import dev.reeve.model.ipsec.SealedSecret;
import dev.reeve.schema.read.LdapEntry;
import dev.reeve.schema.read.LdifFile;
import dev.reeve.schema.read.SnapshotBuilder;
import dev.reeve.schema.read.SnapshotText;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A real slapd with the schema we ship holds the sample domain, and reads the same.
class OpenLdapIT {

  private static final List<String> SCHEMAS = List.of("core", "cosine", "nis", "inetorgperson");
  private static final String PASSWORD = "only-for-this-test";

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path dir;

  @Test
  void slapd_loads_schema_and_sample_domain_and_both_read_the_same() throws Exception {
    Optional<Path> slapd = find("slapd", "/usr/sbin", "/usr/libexec", "/usr/local/libexec");
    Optional<Path> slapadd = find("slapadd", "/usr/sbin", "/usr/local/sbin");
    Optional<Path> schemas = firstDirectory("/etc/ldap/schema", "/etc/openldap/schema");
    assumeTrue(
        slapd.isPresent() && slapadd.isPresent() && schemas.isPresent(),
        "slapd is not installed (Debian: apt-get install slapd)");
    byte[] corp = CorpLdifTest.resource("/samples/corp.ldif");
    Path data = Files.write(dir.resolve("corp.ldif"), corp);
    Path config = Files.createDirectory(dir.resolve("config"));
    run(slapadd.get(), "-n", "0", "-F", config, "-l", configuration(schemas.get()));
    run(slapadd.get(), "-n", "1", "-F", config, "-l", data);

    int port = freePort();
    Path log = dir.resolve("slapd.log");
    Process server =
        new ProcessBuilder(
                slapd.get().toString(),
                "-d",
                "0",
                "-F",
                config.toString(),
                "-h",
                "ldap://127.0.0.1:" + port)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try (LDAPConnection connection = connect(server, port, log)) {
      connection.bind("cn=admin,DC=corp,DC=example", PASSWORD);
      var found = connection.search("DC=corp,DC=example", SearchScope.SUB, "(objectClass=*)");
      List<LdapEntry> read = new ArrayList<>();
      for (Entry entry : Objects.requireNonNull(found.getSearchEntries()))
        read.add(LdapEntry.of(entry));

      assertThat(text(new LdifFile.Contents(read, List.of())))
          .containsExactlyElementsOf(text(LdifFile.parse(corp)));
      assertThat(
              connection
                  .search(
                      "DC=corp,DC=example",
                      SearchScope.SUB,
                      "(&(objectClass=computer)(ipHostNumber=10.77.10.11))")
                  .getEntryCount())
          .as("equality filters work")
          .isEqualTo(1);
    } finally {
      server.destroy();
      if (!server.waitFor(10, TimeUnit.SECONDS)) server.destroyForcibly();
    }
  }

  /// In lower case: slapd writes names its own way.
  private static List<String> text(LdifFile.Contents contents) {
    var snapshot = SnapshotBuilder.build(contents, _ -> SealedSecret.ofBytes(new byte[] {1}));
    return SnapshotText.of(snapshot).toLowerCase(Locale.ROOT).lines().toList();
  }

  private Path configuration(Path schemas) throws IOException {
    Files.createDirectory(dir.resolve("db"));
    var text =
        new StringBuilder(
            "dn: cn=config\nobjectClass: olcGlobal\ncn: config\n"
                + "olcPidFile: "
                + dir.resolve("slapd.pid")
                + "\n\n");
    firstDirectory("/usr/lib/ldap", "/usr/lib64/openldap")
        .ifPresent(modules ->
            text.append(
                "dn: cn=module,cn=config\nobjectClass: olcModuleList\ncn: module\n"
                    + "olcModulePath: "
                    + modules
                    + "\nolcModuleLoad: back_mdb\n\n"));
    text.append("dn: cn=schema,cn=config\nobjectClass: olcSchemaConfig\ncn: schema\n\n");
    for (String schema : SCHEMAS)
      text.append("include: ").append(schemas.resolve(schema + ".ldif").toUri()).append("\n\n");
    text.append(new String(CorpLdifTest.resource("/schema/reeve-openldap.ldif"), UTF_8));
    text.append(
        "\ndn: olcDatabase={1}mdb,cn=config\nobjectClass: olcDatabaseConfig\n"
            + "objectClass: olcMdbConfig\nolcDatabase: {1}mdb\nolcSuffix: DC=corp,DC=example\n"
            + "olcRootDN: cn=admin,DC=corp,DC=example\nolcRootPW: "
            + PASSWORD
            + "\n"
            + "olcDbDirectory: "
            + dir.resolve("db")
            + "\n");
    return Files.writeString(dir.resolve("config.ldif"), text);
  }

  private static void run(Object... command) throws Exception {
    var process =
        new ProcessBuilder(Stream.of(command).map(Object::toString).toList())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
  }

  private static LDAPConnection connect(Process server, int port, Path log) throws Exception {
    Instant deadline = Instant.now().plus(Duration.ofSeconds(20));
    while (true) {
      try {
        return new LDAPConnection("127.0.0.1", port);
      } catch (LDAPException e) {
        if (!server.isAlive() || Instant.now().isAfter(deadline)) {
          throw new AssertionError("slapd does not answer: " + Files.readString(log), e);
        }
        Thread.sleep(50);
      }
    }
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static Optional<Path> find(String program, String... directories) {
    return Stream.of(directories)
        .map(d -> Path.of(d, program))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private static Optional<Path> firstDirectory(String... directories) {
    return Stream.of(directories).map(Path::of).filter(Files::isDirectory).findFirst();
  }
}
