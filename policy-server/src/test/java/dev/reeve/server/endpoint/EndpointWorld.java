package dev.reeve.server.endpoint;

import dev.reeve.model.bundle.HostId;
import dev.reeve.trust.AgentTrust;
import dev.reeve.trust.Authority;
import dev.reeve.trust.Csr;
import dev.reeve.trust.EcKeys;
import dev.reeve.trust.HostTrust;
import dev.reeve.trust.Identity;
import dev.reeve.trust.Pem;
import dev.reeve.trust.PinnedIssuer;
import dev.reeve.trust.Purpose;
import dev.reeve.trust.TlsContexts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import javax.net.ssl.SSLContext;

/// An authority, a server on loopback and hosts of all kinds. It is always noon.
final class EndpointWorld implements AutoCloseable {

  static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
  static final HostId HOST = new HostId("1".repeat(32));
  private static final InstantSource CLOCK = InstantSource.fixed(NOON);
  private static final String NAME = "127.0.0.1";

  final FakeService service = new FakeService();
  final AgentEndpoint endpoint;
  private final Authority authority;

  EndpointWorld(Path directory, AgentConnection.Patience patience) throws Exception {
    authority = Authority.openOrCreate(directory, NOON, new SecureRandom());
    endpoint =
        AgentEndpoint.open(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            authority.issueServer(List.of(NAME), NOON, Duration.ofDays(30)),
            new HostTrust(
                PinnedIssuer.of(
                    authority.issuer(Purpose.HOST), authority.root(), Purpose.HOST, NOON)),
            service,
            CLOCK,
            patience);
  }

  Authority authority() {
    return authority;
  }

  /// @param issued when its certificate was
  static Identity host(Authority authority, HostId id, Instant issued) {
    KeyPair keys = EcKeys.generate();
    return new Identity(
        keys.getPrivate(),
        authority.issueHost(new Csr(keys.getPublic()), id, issued, Authority.HOST_VALIDITY));
  }

  SSLContext tls(Identity host) {
    try {
      return TlsContexts.forAgent(
          host,
          AgentTrust.parse(
              Pem.write(authority.root()),
              Pem.write(authority.issuer(Purpose.SERVER)),
              Pem.write(authority.issueSigner("1", NOON, Duration.ofDays(1)).chain()),
              NOON),
          NAME,
          CLOCK);
    } catch (CertificateException e) {
      throw new IllegalStateException(e);
    }
  }

  Client connect(Identity host) throws IOException {
    return Client.connect(endpoint.address(), tls(host), TlsContexts.parameters());
  }

  Client connect() throws IOException {
    return connect(host(authority, HOST, NOON));
  }

  /// Without a certificate, as a host that joins.
  Client stranger() throws IOException {
    return Client.connect(
        endpoint.address(),
        TlsContexts.forJoining(authority.pin(), NAME, CLOCK),
        TlsContexts.parameters());
  }

  @Override
  public void close() {
    endpoint.close();
  }
}
