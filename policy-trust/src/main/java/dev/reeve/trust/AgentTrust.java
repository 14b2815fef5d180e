package dev.reeve.trust;

import dev.reeve.model.bundle.Digest;
import dev.reeve.model.bundle.Enrolment;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Whom a host trusts after it joined: all of it hangs from one root.
///
/// @param serverIssuers of the servers it talks to
/// @param signers of the manifests it obeys
public record AgentTrust(
    X509Certificate root, List<PinnedIssuer> serverIssuers, PinnedSigners signers) {

  public AgentTrust {
    serverIssuers = List.copyOf(serverIssuers);
  }

  /// @param root, serverIssuers, signers in PEM, as in [Enrolment.Response]
  /// @throws CertificateException unless everything is certified by the root
  public static AgentTrust parse(String root, String serverIssuers, String signers, Instant now)
      throws CertificateException {
    try {
      X509Certificate anchor = Pem.parseCertificate(root);
      var issuers = new ArrayList<PinnedIssuer>();
      for (X509Certificate issuer : Pem.parseCertificates(serverIssuers))
        issuers.add(PinnedIssuer.of(issuer, anchor, Purpose.SERVER, now));
      return new AgentTrust(
          anchor, issuers, PinnedSigners.of(Pem.parseCertificates(signers), anchor));
    } catch (IllegalArgumentException e) {
      throw new CertificateException(e.getMessage(), e);
    }
  }

  /// What a server answered to the request to join, once it is seen to hang from the pinned root.
  public static AgentTrust parse(Enrolment.Response response, Digest pin, Instant now)
      throws CertificateException {
    AgentTrust trust = parse(response.root(), response.serverIssuers(), response.signers(), now);
    if (!trust.pin().equals(pin))
      throw new CertificateException(
          "the server's root key has digest " + trust.pin() + ", expected " + pin);
    return trust;
  }

  /// SHA-256 of the root's key.
  public Digest pin() {
    return EcKeys.digest(root.getPublicKey());
  }
}
