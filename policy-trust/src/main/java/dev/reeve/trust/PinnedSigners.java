package dev.reeve.trust;

import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Whose signatures on manifests count: keys by their id. A certificate's life does not matter
/// here, so that a host that was off for a year can still check the manifest in its cache; a signer
/// ends by being left out of the list.
public final class PinnedSigners {

  private final Map<String, PublicKey> keys;

  private PinnedSigners(Map<String, PublicKey> keys) {
    this.keys = Map.copyOf(keys);
  }

  /// @param certificates signers and their issuers, in any order
  /// @throws CertificateException unless every signer is certified for signing policy, under `root`
  public static PinnedSigners of(List<X509Certificate> certificates, X509Certificate root)
      throws CertificateException {
    var issuers = new ArrayList<PinnedIssuer>();
    var signers = new ArrayList<X509Certificate>();
    for (X509Certificate certificate : certificates) {
      if (certificate.getBasicConstraints() < 0) signers.add(certificate);
      else {
        Instant within = certificate.getNotAfter().toInstant();
        issuers.add(PinnedIssuer.of(certificate, root, Purpose.SIGNER, within));
      }
    }
    if (signers.isEmpty())
      throw new CertificateException("no policy signer among the certificates");
    var keys = new LinkedHashMap<String, PublicKey>();
    for (X509Certificate signer : signers) {
      requireIssued(signer, issuers);
      if (!EcKeys.isP256(signer.getPublicKey()))
        throw new CertificateException(signer.getSubjectX500Principal() + ": key not on P-256");
      keys.put(EcKeys.digest(signer.getPublicKey()).hex(), signer.getPublicKey());
    }
    return new PinnedSigners(keys);
  }

  private static void requireIssued(X509Certificate signer, List<PinnedIssuer> issuers)
      throws CertificateException {
    var refusal =
        new CertificateException(signer.getSubjectX500Principal() + ": its issuer is not given");
    for (PinnedIssuer issuer : issuers) {
      try {
        issuer.checkIgnoringTime(signer);
        return;
      } catch (CertificateException e) {
        refusal.addSuppressed(e);
      }
    }
    throw refusal;
  }

  /// @param keyId SHA-256 of the key, in hex
  Optional<PublicKey> find(String keyId) {
    return Optional.ofNullable(keys.get(keyId));
  }
}
