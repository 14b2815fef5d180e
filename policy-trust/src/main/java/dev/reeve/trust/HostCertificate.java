package dev.reeve.trust;

import dev.reeve.model.bundle.HostId;
import java.math.BigInteger;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// What a host's certificate says: whose it is and when it holds.
///
/// @param serial unique within the host issuer
public record HostCertificate(HostId host, BigInteger serial, Instant from, Instant until) {

  private static final int URI = 6; // RFC 5280 GeneralName

  /// Empty unless the certificate names exactly one host as its subject alternative name. Says
  /// nothing of who issued it.
  public static Optional<HostCertificate> find(X509Certificate certificate) {
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      if (names == null) return Optional.empty();
      List<String> uris =
          names.stream()
              .filter(name -> name.getFirst().equals(URI))
              .map(name -> String.valueOf(name.get(1)))
              .toList();
      if (uris.size() != 1) return Optional.empty();
      return Optional.of(
          new HostCertificate(
              HostId.parseUri(uris.getFirst()),
              certificate.getSerialNumber(),
              certificate.getNotBefore().toInstant(),
              certificate.getNotAfter().toInstant()));
    } catch (CertificateParsingException | IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  public boolean validAt(Instant now) {
    return !now.isBefore(from) && !now.isAfter(until);
  }

  /// Time to renew: a third of its life is over.
  public Instant renewAt() {
    return from.plus(Duration.between(from, until).dividedBy(3));
  }
}
