package dev.reeve.trust;

import static dev.reeve.trust.TestAuthority.NOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reeve.model.bundle.Digest;
import dev.reeve.model.bundle.HostId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Real handshakes on loopback.
class TlsContextsTest {

  private static final HostId HOST = new HostId("0123456789abcdef0123456789abcdef");
  private static final InstantSource CLOCK = InstantSource.fixed(NOON);
  private static final String NAME = "reeve.example";

  @TempDir static Path directory;
  private static TestAuthority ours;
  private static TestAuthority theirs;

  @BeforeAll
  static void make_two_authorities() {
    ours = TestAuthority.in(directory.resolve("ours"));
    theirs = TestAuthority.in(directory.resolve("theirs"));
  }

  private static Identity server(TestAuthority authority, String... names) {
    return authority.authority.issueServer(List.of(names), NOON, Duration.ofDays(30));
  }

  private static Identity host(TestAuthority authority) {
    KeyPair keys = EcKeys.generate();
    return new Identity(
        keys.getPrivate(),
        authority.authority.issueHost(
            new Csr(keys.getPublic()), HOST, NOON, Authority.HOST_VALIDITY));
  }

  private static SSLContext agent(String expected) {
    return TlsContexts.forAgent(host(ours), ours.agentTrust(), expected, CLOCK);
  }

  /// Connects; the client's side of the answer, or what the client threw.
  private static String handshake(SSLContext server, SSLContext client, boolean clientAuth)
      throws Exception {
    return handshake(server, client, clientAuth, TlsContexts.parameters());
  }

  private static String handshake(
      SSLContext server, SSLContext client, boolean clientAuth, SSLParameters clientSide)
      throws Exception {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    var listener =
        (SSLServerSocket) server.getServerSocketFactory().createServerSocket(0, 1, loopback);
    SSLParameters parameters = TlsContexts.parameters();
    parameters.setNeedClientAuth(clientAuth);
    listener.setSSLParameters(parameters);
    CompletableFuture<String> peer = CompletableFuture.supplyAsync(() -> serveOne(listener));
    try (Socket plain = new Socket(loopback, listener.getLocalPort());
        var socket =
            (SSLSocket)
                client
                    .getSocketFactory()
                    .createSocket(plain, "ignored.example", listener.getLocalPort(), true)) {
      socket.setSoTimeout(10_000);
      socket.setSSLParameters(clientSide);
      socket.startHandshake();
      int answer = socket.getInputStream().read();
      return answer == '!' ? socket.getSession().getProtocol() : "closed";
    } finally {
      listener.close();
      String unused = peer.join();
    }
  }

  private static String serveOne(SSLServerSocket listener) {
    try (var socket = (SSLSocket) listener.accept()) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write('!');
      return socket.getSession().getProtocol();
    } catch (IOException e) {
      return "refused: " + e.getMessage();
    }
  }

  @Test
  void agent_and_server_of_one_authority_meet_in_tls_1_3() throws Exception {
    SSLContext server = TlsContexts.forServer(server(ours, NAME), ours.hostTrust());
    assertThat(handshake(server, agent(NAME), true)).isEqualTo("TLSv1.3");
  }

  @Test
  void an_address_is_a_name_too() throws Exception {
    SSLContext server =
        TlsContexts.forServer(server(ours, "127.0.0.1", "2001:db8::1"), ours.hostTrust());
    assertThat(handshake(server, agent("127.0.0.1"), true)).isEqualTo("TLSv1.3");
    assertThat(handshake(server, agent("2001:0db8::0:1"), true)).isEqualTo("TLSv1.3");
  }

  @Test
  void a_server_for_another_name_is_refused() {
    SSLContext server = TlsContexts.forServer(server(ours, "other.example"), ours.hostTrust());
    assertThatThrownBy(() -> handshake(server, agent(NAME), true))
        .isInstanceOf(SSLException.class)
        .hasMessageContaining("for [other.example], expected reeve.example");
  }

  @Test
  void a_server_of_another_root_is_refused() {
    SSLContext server = TlsContexts.forServer(server(theirs, NAME), theirs.hostTrust());
    assertThatThrownBy(() -> handshake(server, agent(NAME), true))
        .isInstanceOf(SSLException.class)
        .hasMessageContaining("from no issuer of ours");
  }

  @Test
  void a_host_cannot_pose_as_a_server() {
    SSLContext server = TlsContexts.forServer(host(ours), ours.hostTrust());
    assertThatThrownBy(() -> handshake(server, agent(NAME), true)).isInstanceOf(SSLException.class);
  }

  @Test
  void a_host_of_another_root_is_refused() {
    SSLContext server = TlsContexts.forServer(server(ours, NAME), ours.hostTrust());
    SSLContext client = TlsContexts.forAgent(host(theirs), ours.agentTrust(), NAME, CLOCK);
    assertThatThrownBy(() -> handshake(server, client, true)).isInstanceOf(IOException.class);
  }

  @Test
  void an_expired_server_is_refused() {
    SSLContext server = TlsContexts.forServer(server(ours, NAME), ours.hostTrust());
    Instant later = NOON.plus(Duration.ofDays(31));
    SSLContext client =
        TlsContexts.forAgent(host(ours), ours.agentTrust(), NAME, InstantSource.fixed(later));
    assertThatThrownBy(() -> handshake(server, client, true)).isInstanceOf(SSLException.class);
  }

  @Test
  void tls_1_2_is_refused() {
    SSLContext server = TlsContexts.forServer(server(ours, NAME), ours.hostTrust());
    var old = new SSLParameters();
    old.setProtocols(new String[] {"TLSv1.2"});
    assertThatThrownBy(() -> handshake(server, agent(NAME), true, old))
        .isInstanceOf(SSLException.class);
  }

  @Test
  void a_joining_host_accepts_the_pinned_root() throws Exception {
    SSLContext server = TlsContexts.forServer(server(ours, NAME), ours.hostTrust());
    SSLContext client = TlsContexts.forJoining(ours.authority.pin(), NAME, CLOCK);
    assertThat(handshake(server, client, false)).isEqualTo("TLSv1.3");
  }

  @Test
  void a_joining_host_refuses_another_root() {
    SSLContext server = TlsContexts.forServer(server(theirs, NAME), theirs.hostTrust());
    SSLContext client = TlsContexts.forJoining(ours.authority.pin(), NAME, CLOCK);
    assertThatThrownBy(() -> handshake(server, client, false))
        .isInstanceOf(SSLException.class)
        .hasMessageContaining("the join string is for another server");
  }

  /// The attack: the genuine root at the end of a chain it did not certify.
  @Test
  void a_joining_host_refuses_a_borrowed_root() {
    Identity stranger = server(theirs, NAME);
    var chain = List.of(stranger.chain().get(0), stranger.chain().get(1), ours.authority.root());
    SSLContext server =
        TlsContexts.forServer(new Identity(stranger.key(), chain), theirs.hostTrust());
    SSLContext client = TlsContexts.forJoining(ours.authority.pin(), NAME, CLOCK);
    assertThatThrownBy(() -> handshake(server, client, false)).isInstanceOf(SSLException.class);
  }

  @Test
  void a_joining_host_refuses_another_name() {
    SSLContext server = TlsContexts.forServer(server(ours, "other.example"), ours.hostTrust());
    SSLContext client = TlsContexts.forJoining(ours.authority.pin(), NAME, CLOCK);
    assertThatThrownBy(() -> handshake(server, client, false))
        .isInstanceOf(SSLException.class)
        .hasMessageContaining("expected reeve.example");
  }

  @Test
  void a_joining_host_refuses_a_host_that_poses_as_server() {
    Identity host = host(ours);
    var chain = List.of(host.chain().get(0), host.chain().get(1), ours.authority.root());
    SSLContext server = TlsContexts.forServer(new Identity(host.key(), chain), ours.hostTrust());
    SSLContext client = TlsContexts.forJoining(ours.authority.pin(), HOST.text(), CLOCK);
    assertThatThrownBy(() -> handshake(server, client, false))
        .isInstanceOf(SSLException.class)
        .hasMessageContaining("not for use as SERVER");
  }

  @Test
  void an_answer_from_another_root_than_the_pinned_one_is_refused() {
    String root = Pem.write(ours.authority.root());
    String issuers = Pem.write(ours.authority.issuer(Purpose.SERVER));
    String signers = Pem.write(ours.signer.chain());
    var response =
        new dev.reeve.model.bundle.Enrolment.Response(
            HOST, "0".repeat(32), "CN=x", "", root, issuers, signers, List.of());
    assertThatThrownBy(() -> AgentTrust.parse(response, Digest.of(new byte[0]), NOON))
        .hasMessageContaining("the server's root key has digest");
    assertThatThrownBy(
            () -> AgentTrust.parse(Pem.write(theirs.authority.root()), issuers, signers, NOON))
        .isInstanceOf(java.security.cert.CertificateException.class);
  }
}
