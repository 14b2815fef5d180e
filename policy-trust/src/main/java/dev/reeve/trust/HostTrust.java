package dev.reeve.trust;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;

/// A server's view of hosts: certified by the host issuer, naming one host.
///
/// An expired certificate passes, because its owner may still renew it; whoever handles the request
/// looks at [HostCertificate#validAt], and a connection outlives the handshake anyway.
public final class HostTrust extends PeerTrust {

  private final PinnedIssuer issuer;

  /// @param issuer of hosts
  public HostTrust(PinnedIssuer issuer) {
    this.issuer = issuer;
  }

  @Override
  void check(X509Certificate[] chain) throws CertificateException {
    issuer.checkIgnoringTime(chain[0]);
    if (HostCertificate.find(chain[0]).isEmpty())
      throw new CertificateException("the certificate names no host");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[] {issuer.certificate()};
  }
}
