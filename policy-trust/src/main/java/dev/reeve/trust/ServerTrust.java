package dev.reeve.trust;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;

/// An agent's view of a server: certified by a server issuer it knows, for the name it dialled.
final class ServerTrust extends PeerTrust {

  private final List<PinnedIssuer> issuers;
  private final String name;
  private final InstantSource clock;

  ServerTrust(List<PinnedIssuer> issuers, String name, InstantSource clock) {
    this.issuers = List.copyOf(issuers);
    this.name = name;
    this.clock = clock;
  }

  @Override
  void check(X509Certificate[] chain) throws CertificateException {
    requireIssued(chain[0]);
    ServerName.require(chain[0], name);
  }

  private void requireIssued(X509Certificate server) throws CertificateException {
    var refusal = new CertificateException("the server's certificate is from no issuer of ours");
    for (PinnedIssuer issuer : issuers) {
      try {
        issuer.check(server, clock.instant());
        return;
      } catch (CertificateException e) {
        refusal.addSuppressed(e);
      }
    }
    throw refusal;
  }
}
