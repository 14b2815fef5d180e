package dev.reeve.trust;

import dev.reeve.model.bundle.Digest;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;

/// A joining host's view of a server: it knows the digest of the root's key and the name it
/// dialled. The chain must bring the root: server, issuer, root.
final class PinTrust extends PeerTrust {

  private final Digest pin;
  private final String name;
  private final InstantSource clock;

  PinTrust(Digest pin, String name, InstantSource clock) {
    this.pin = pin;
    this.name = name;
    this.clock = clock;
  }

  @Override
  void check(X509Certificate[] chain) throws CertificateException {
    if (chain.length != 3)
      throw new CertificateException(
          "the server sent " + chain.length + " certificates, expected 3 that end with the root");
    X509Certificate root = chain[2];
    Digest key = EcKeys.digest(root.getPublicKey());
    if (!key.equals(pin)) {
      throw new CertificateException(
          "the join string is for another server: its root key has digest "
              + key
              + ", the join string wants "
              + pin);
    }
    PinnedIssuer.of(chain[1], root, Purpose.SERVER, clock.instant())
        .check(chain[0], clock.instant());
    ServerName.require(chain[0], name);
  }
}
