package dev.reeve.agent;

import dev.reeve.agent.disk.Membership;
import dev.reeve.agent.disk.StateDirectory;
import dev.reeve.agent.http.Endpoint;
import dev.reeve.trust.AgentTrust;
import dev.reeve.trust.Identity;
import dev.reeve.trust.Pem;
import dev.reeve.trust.TlsContexts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.cert.CertificateException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import javax.net.ssl.SSLSocketFactory;

/// Sockets with this host's certificate, for each name that a server may have; made when they are
/// first needed, and anew after a renewal.
final class HostTls implements Function<Endpoint, SSLSocketFactory> {

  private final StateDirectory directory;
  private final Map<String, SSLSocketFactory> made = new HashMap<>(); // guarded by this
  private Membership membership;

  HostTls(StateDirectory directory, Membership membership) {
    this.directory = directory;
    this.membership = membership;
  }

  synchronized void renewed(Membership now) {
    membership = now;
    made.clear();
  }

  @Override
  public synchronized SSLSocketFactory apply(Endpoint server) {
    return made.computeIfAbsent(membership.nameOf(server), this::make);
  }

  private SSLSocketFactory make(String name) {
    InstantSource clock = InstantSource.system();
    try {
      var trust =
          AgentTrust.parse(
              membership.root(), membership.serverIssuers(), membership.signers(), clock.instant());
      var identity =
          new Identity(directory.key(membership), Pem.parseCertificates(membership.certificate()));
      return TlsContexts.forAgent(identity, trust, name, clock).getSocketFactory();
    } catch (CertificateException e) {
      throw new UncheckedIOException(
          new IOException("the servers' issuer cannot be trusted now: " + e.getMessage(), e));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
