package dev.reeve.engine.ike;

import java.security.cert.X509Certificate;
import java.util.List;

/// A certificate that this host may show to peers.
///
/// @param chain the host's own first, then its issuers
/// @param issuer of the certificates that peers must have: none but those that it issued itself
/// @param anchors where the issuer's own certificate hangs from, for charon trusts no chain without
///   a self-signed end; peers with a certificate of an anchor itself are refused all the same
public record IkeIdentity(
    List<X509Certificate> chain,
    IkeSecret key,
    X509Certificate issuer,
    List<X509Certificate> anchors) {

  public IkeIdentity {
    chain = List.copyOf(chain);
    anchors = List.copyOf(anchors);
    if (chain.isEmpty()) throw new IllegalArgumentException("an identity without a certificate");
  }

  public X509Certificate certificate() {
    return chain.getFirst();
  }
}
