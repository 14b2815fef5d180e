package dev.reeve.server.directory.embedded;

import static dev.reeve.server.directory.embedded.TestDirectory.ADMIN;
import static dev.reeve.server.directory.embedded.TestDirectory.BASE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.unboundid.ldap.sdk.ExtendedRequest;
import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SearchScope;
import com.unboundid.ldap.sdk.extensions.StartTLSExtendedRequest;
import com.unboundid.ldap.sdk.extensions.WhoAmIExtendedRequest;
import com.unboundid.ldap.sdk.extensions.WhoAmIExtendedResult;
import com.unboundid.util.ssl.PEMFileTrustManager;
import com.unboundid.util.ssl.SSLUtil;
import dev.reeve.trust.Authority;
import dev.reeve.trust.TlsContexts;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// LDAPS and StartTLS, under a certificate of the server's own authority.
@SuppressWarnings("NullAway.Init")
class TlsTest {

  @TempDir Path dir;
  private EmbeddedDirectory directory;
  private Path root;

  private record Ran(int status, String output) {}

  @BeforeEach
  void open() throws Exception {
    Instant now = Instant.now();
    var authority = Authority.openOrCreate(dir.resolve("trust"), now, new SecureRandom());
    root = dir.resolve("trust").resolve("root.pem");
    SSLContext context =
        TlsContexts.forServer(
            authority.issueServer(List.of("localhost", "127.0.0.1"), now, Duration.ofDays(1)));
    directory =
        EmbeddedDirectory.open(
            TestDirectory.config(state())
                .withTls(
                    new EmbeddedDirectoryConfig.Tls(
                        context,
                        Optional.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)))));
  }

  @AfterEach
  void close() {
    directory.close();
  }

  private Path state() {
    return dir.resolve("state");
  }

  private String ldap() {
    return "ldap://127.0.0.1:" + directory.address().getPort();
  }

  private String ldaps() {
    return "ldaps://127.0.0.1:" + directory.tlsAddress().orElseThrow().getPort();
  }

  @Test
  void ldapsearch_reads_over_LDAPS_and_StartTLS() throws Exception {
    for (List<String> how : List.of(List.of("-H", ldaps()), List.of("-H", ldap(), "-ZZ"))) {
      Ran ran = search(root.toString(), how);
      assertThat(ran.status()).as(how + ran.output()).isZero();
      assertThat(ran.output()).contains("dn: " + BASE);
    }
  }

  @Test
  void ldapsearch_refuses_a_certificate_of_an_authority_it_does_not_know() throws Exception {
    var other = Authority.openOrCreate(dir.resolve("other"), Instant.now(), new SecureRandom());
    assertThat(other).isNotNull();
    Ran ran = search(dir.resolve("other/root.pem").toString(), List.of("-H", ldaps()));
    assertThat(ran.status()).isNotZero();
    assertThat(ran.output()).doesNotContain("dn: " + BASE);
  }

  private Ran search(String authority, List<String> how) throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/ldapsearch")), "ldap-utils is missing");
    Path password =
        Files.writeString(dir.resolve("password"), TestDirectory.adminPassword(state()));
    var line = new ArrayList<>(List.of("ldapsearch", "-x", "-LLL", "-s", "base", "-b", BASE));
    line.addAll(List.of("-D", ADMIN, "-y", password.toString()));
    line.addAll(how);
    var builder = new ProcessBuilder(line).redirectErrorStream(true);
    builder.environment().put("LDAPTLS_CACERT", authority);
    builder.environment().put("LDAPTLS_REQCERT", "demand");
    var process = builder.start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ran(process.waitFor(), output);
  }

  @Test
  void a_client_that_says_nothing_holds_up_no_other() throws Exception {
    int port = directory.tlsAddress().orElseThrow().getPort();
    try (var _ = new Socket(InetAddress.getLoopbackAddress(), port);
        var client = connect()) {
      assertThat(client.getEntry(BASE)).isNotNull();
    }
  }

  private LDAPConnection connect() throws Exception {
    var tls = new SSLUtil(new PEMFileTrustManager(root.toFile()));
    return new LDAPConnection(
        tls.createSSLSocketFactory(),
        "127.0.0.1",
        directory.tlsAddress().orElseThrow().getPort(),
        ADMIN,
        TestDirectory.adminPassword(state()));
  }

  @Test
  void whoever_turns_TLS_on_is_nobody_again() throws Exception {
    var tls = new SSLUtil(new PEMFileTrustManager(root.toFile()));
    try (var client =
        new LDAPConnection(
            "127.0.0.1",
            directory.address().getPort(),
            ADMIN,
            TestDirectory.adminPassword(state()))) {
      var startTls = new StartTLSExtendedRequest(tls.createSSLSocketFactory());
      assertThat(client.processExtendedOperation(startTls).getResultCode())
          .isEqualTo(ResultCode.SUCCESS);
      assertThatThrownBy(() -> client.search(BASE, SearchScope.BASE, "(objectClass=*)"))
          .isInstanceOf(LDAPException.class)
          .hasMessageContaining("bind first");
      client.bind(ADMIN, TestDirectory.adminPassword(state()));
      var who = (WhoAmIExtendedResult) client.processExtendedOperation(new WhoAmIExtendedRequest());
      assertThat(who.getAuthorizationID()).isEqualToIgnoringCase("dn:" + ADMIN);
      assertThat(client.getRootDSE().getSupportedExtendedOperationOIDs())
          .contains(StartTLSExtendedRequest.STARTTLS_REQUEST_OID);
    }
  }

  @Test
  void TLS_is_turned_on_once() throws Exception {
    try (var client = connect()) {
      assertThatThrownBy(() ->
              client.processExtendedOperation(
                  new ExtendedRequest(StartTLSExtendedRequest.STARTTLS_REQUEST_OID)))
          .isInstanceOfSatisfying(
              LDAPException.class,
              e -> assertThat(e.getResultCode()).isEqualTo(ResultCode.OPERATIONS_ERROR));
      assertThat(client.getEntry(BASE)).isNotNull();
    }
  }

  @Test
  void without_a_certificate_StartTLS_is_refused() throws Exception {
    try (var plain = EmbeddedDirectory.open(TestDirectory.config(dir.resolve("plain")));
        var client = new LDAPConnection("127.0.0.1", plain.address().getPort())) {
      assertThat(plain.tlsAddress()).isEmpty();
      assertThatThrownBy(() ->
              client.processExtendedOperation(
                  new ExtendedRequest(StartTLSExtendedRequest.STARTTLS_REQUEST_OID)))
          .isInstanceOfSatisfying(
              LDAPException.class,
              e -> assertThat(e.getResultCode()).isEqualTo(ResultCode.PROTOCOL_ERROR))
          .hasMessageContaining("certificate");
    }
  }
}
