package dev.reeve.server.directory.ldap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.Modification;
import com.unboundid.ldap.sdk.ModificationType;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.util.ssl.PEMFileTrustManager;
import com.unboundid.util.ssl.SSLUtil;
import dev.reeve.lab.NativeDirectory;
import dev.reeve.lab.NativeSlapd;
import dev.reeve.lab.Programs;
import dev.reeve.model.gp.Dn;
import dev.reeve.model.rsop.PolicyResult;
import dev.reeve.schema.names.LdapAttribute;
import dev.reeve.server.ComposeTest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the directory's container of docker-compose.yml runs, on this machine's own slapd.
@SuppressWarnings("NullAway.Init")
class OpenLdapImageIT {

  private static final Path FILES = Path.of("../docker/openldap").toAbsolutePath().normalize();
  private static final String WEB = "OU=Web,OU=Servers," + NativeDirectory.BASE;

  @TempDir Path dir;
  private int port;
  private int tlsPort;
  private Optional<Process> process = Optional.empty();

  @BeforeEach
  void start() throws Exception {
    assumeTrue(NativeSlapd.missing().isEmpty(), () -> NativeSlapd.missing().orElse(""));
    port = Programs.freePort();
    tlsPort = Programs.freePort();
    Files.createDirectories(dir.resolve("files"));
    for (String name : List.of("/schema/reeve-openldap.ldif", "/samples/corp.ldif"))
      Files.writeString(
          dir.resolve("files").resolve(name.substring(name.lastIndexOf('/') + 1)),
          NativeSlapd.resource(name));
    launch();
  }

  private void launch() throws Exception {
    var builder = new ProcessBuilder(FILES.resolve("start").toString()).redirectErrorStream(true);
    String socket = URLEncoder.encode(dir.resolve("ldapi").toString(), StandardCharsets.UTF_8);
    builder
        .environment()
        .putAll(
            Map.of(
                "REEVE_DIRECTORY_HOME", dir.resolve("home").toString(),
                "REEVE_DIRECTORY_SECRETS", dir.resolve("secrets").toString(),
                "REEVE_DIRECTORY_FILES", dir.resolve("files").toString(),
                "REEVE_DIRECTORY_URLS",
                    "ldap://127.0.0.1:%d ldaps://127.0.0.1:%d ldapi://%s"
                        .formatted(port, tlsPort, socket)));
    Path log = dir.resolve("log");
    Process started =
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile())).start();
    process = Optional.of(started);
    while (true) {
      try {
        new LDAPConnection("127.0.0.1", port).close();
        return;
      } catch (LDAPException _) {
        if (!started.isAlive()) throw new AssertionError(Files.readString(log));
        Thread.sleep(50);
      }
    }
  }

  @AfterEach
  void stop() throws Exception {
    if (process.isEmpty()) return;
    process.get().destroy();
    assertThat(process.get().waitFor(20, TimeUnit.SECONDS)).isTrue();
  }

  private Path secret(String name) {
    return dir.resolve("secrets").resolve(name);
  }

  /// As the compose file's server reads it, its host and paths put right.
  private LdapConfig config() throws Exception {
    LdapConfig shipped = ComposeTest.serverOptions().external().orElseThrow();
    var password = (Credentials.Password) shipped.credentials();
    return new LdapConfig(
        List.of(LdapAddress.parse("ldaps://127.0.0.1:" + tlsPort)),
        shipped.baseDn(),
        new Credentials.Password(password.name(), secret(password.file().getFileName().toString())),
        shipped.caFile().map(file -> secret(file.getFileName().toString())),
        Optional.of(shipped.addresses().getFirst().host()),
        shipped.startTls(),
        shipped.feed(),
        shipped.timing());
  }

  private LDAPConnection administrator() throws Exception {
    var tls = new SSLUtil(new PEMFileTrustManager(secret("ca.pem").toFile()));
    return new LDAPConnection(
        tls.createSSLSocketFactory(),
        "127.0.0.1",
        tlsPort,
        "cn=admin," + NativeDirectory.BASE,
        Files.readString(secret("admin.password")));
  }

  @Test
  void the_sample_domain_is_served_followed_and_still_there_after_a_restart() throws Exception {
    var seen = new Collected();
    try (var source = new LdapSource(config())) {
      source.start(seen);
      assertThat(SmallDomain.rsop(seen, "CN=web-01," + WEB).assignment())
          .isInstanceOf(PolicyResult.Assigned.class);
      try (LDAPConnection admin = administrator()) {
        admin.modify(
            WEB,
            new Modification(ModificationType.REPLACE, LdapAttribute.GP_OPTIONS.ldapName(), "1"));
      }
      seen.await("the block", s -> s.text(WEB, LdapAttribute.GP_OPTIONS).equals(Optional.of("1")));

      stop();
      launch();
      try (LDAPConnection admin = administrator()) {
        admin.add("dn: CN=web-77," + WEB, "objectClass: computer", "cn: web-77");
      }
      seen.await("a new computer", s -> s.find("CN=web-77," + WEB).isPresent());
      assertThat(seen.text(WEB, LdapAttribute.GP_OPTIONS)).contains("1");
    }
  }

  @Test
  void passwords_are_made_anew_kept_from_others_and_not_taken_in_clear() throws Exception {
    String reader = Files.readString(secret("reeve.password"));
    String admin = Files.readString(secret("admin.password"));
    assertThat(reader).matches("[0-9a-f]{48}").isNotEqualTo(admin);
    for (String name : List.of("reeve.password", "admin.password"))
      assertThat(Files.getPosixFilePermissions(secret(name))).hasSize(2);
    String account = ((Credentials.Password) config().credentials()).name();
    assertThatThrownBy(() -> new LDAPConnection("127.0.0.1", port, account, reader))
        .isInstanceOfSatisfying(
            LDAPException.class,
            e -> assertThat(e.getResultCode()).isEqualTo(ResultCode.CONFIDENTIALITY_REQUIRED));
    assertThat(config().baseDn()).isEqualTo(Dn.parse(NativeDirectory.BASE));
  }

  /// As the documentation and our error messages say it.
  @Test
  void the_configuration_is_changed_through_the_container_s_own_socket() throws Exception {
    String socket = URLEncoder.encode(dir.resolve("ldapi").toString(), StandardCharsets.UTF_8);
    String said =
        Programs.run(
            Map.of(),
            "dn: olcDatabase={1}mdb,cn=config\nchangetype: modify\nreplace: olcSizeLimit\n"
                + "olcSizeLimit: 10\n",
            "ldapmodify",
            "-Q",
            "-Y",
            "EXTERNAL",
            "-H",
            "ldapi://" + socket);
    assertThat(said).contains("olcDatabase={1}mdb");
  }
}
