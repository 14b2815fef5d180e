package dev.reeve.trust;

import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;

/// An issuer that is known by its key, and what its certificates may be used for. Other issuers
/// under the same root do not count.
public final class PinnedIssuer {

  private static final String NAME_CONSTRAINTS = "2.5.29.30";

  private final X509Certificate issuer;
  private final Purpose purpose;
  private final TrustAnchor root;

  private PinnedIssuer(X509Certificate issuer, Purpose purpose, TrustAnchor root) {
    this.issuer = issuer;
    this.purpose = purpose;
    this.root = root;
  }

  /// @throws CertificateException unless `root` certified `issuer` for exactly this purpose
  public static PinnedIssuer of(
      X509Certificate issuer, X509Certificate root, Purpose purpose, Instant now)
      throws CertificateException {
    String subject = issuer.getSubjectX500Principal().getName();
    if (issuer.getBasicConstraints() != 0)
      throw new CertificateException(subject + ": expected an issuer with path length 0");
    if (issuer.getExtensionValue(NAME_CONSTRAINTS) == null)
      throw new CertificateException(subject + ": may give any name");
    requireUsages(issuer, purpose);
    var anchor = new TrustAnchor(root, null);
    validate(List.of(issuer), anchor, now);
    return new PinnedIssuer(issuer, purpose, anchor);
  }

  public X509Certificate certificate() {
    return issuer;
  }

  /// @throws CertificateException unless this issuer certified `leaf` for its purpose and it holds
  ///   at `when`
  public void check(X509Certificate leaf, Instant when) throws CertificateException {
    if (leaf.getBasicConstraints() >= 0)
      throw new CertificateException("a certificate of an issuer, expected one of a subject");
    requireUsages(leaf, purpose);
    // From the root, because the JDK does not apply the constraints of an anchor.
    validate(List.of(leaf, issuer), root, when);
  }

  /// Whether this issuer certified `leaf` for its purpose, never mind when.
  ///
  /// @throws CertificateException when not
  public void checkIgnoringTime(X509Certificate leaf) throws CertificateException {
    check(leaf, leaf.getNotAfter().toInstant());
  }

  private static void requireUsages(X509Certificate certificate, Purpose purpose)
      throws CertificateParsingException, CertificateException {
    List<String> usages = certificate.getExtendedKeyUsage();
    if (usages == null || !Set.copyOf(usages).equals(Set.copyOf(purpose.usages()))) {
      throw new CertificateException(
          certificate.getSubjectX500Principal() + ": not for use as " + purpose);
    }
  }

  private static void validate(List<X509Certificate> chain, TrustAnchor anchor, Instant when)
      throws CertificateException {
    try {
      var parameters = new PKIXParameters(Set.of(anchor));
      parameters.setRevocationEnabled(false); // the server asks its own store
      parameters.setDate(Date.from(when));
      var path = CertificateFactory.getInstance("X.509").generateCertPath(chain);
      var unused = CertPathValidator.getInstance("PKIX").validate(path, parameters);
    } catch (GeneralSecurityException e) {
      throw new CertificateException(
          chain.getFirst().getSubjectX500Principal() + ": " + e.getMessage(), e);
    }
  }
}
