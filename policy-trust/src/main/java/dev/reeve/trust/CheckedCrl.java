package dev.reeve.trust;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.CRLException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/// A CRL that was seen to be its authority's, and to speak of all that it issued.
///
/// @param der as signed
/// @param authority its name
/// @param issued what it calls its own time
/// @param until when a newer one is due: later it says nothing
/// @param entries how many certificates it names
public record CheckedCrl(byte[] der, String authority, Instant issued, Instant until, int entries) {

  private static final String PEM = "-----BEGIN X509 CRL-----";
  private static final int CRL_SIGN = 6;

  /// A CRL of a part of the certificates, and one of changes alone.
  private static final Set<String> PARTIAL = Set.of("2.5.29.28", "2.5.29.27");

  public CheckedCrl {
    der = der.clone();
  }

  @Override
  public byte[] der() {
    return der.clone();
  }

  /// One that was checked before, by whoever kept it.
  ///
  /// @throws CertificateException when it is none
  public static CheckedCrl reread(byte[] der) throws CertificateException {
    X509CRL crl = parse(der);
    return of(der, crl, crl.getIssuerX500Principal().getName());
  }

  /// @param bytes DER or PEM, as web servers have either
  /// @throws CertificateException saying what is wrong with it
  public static CheckedCrl of(byte[] bytes, X509Certificate authority) throws CertificateException {
    byte[] der = der(bytes);
    String name = authority.getSubjectX500Principal().getName();
    X509CRL crl = parse(der);
    requireAuthority(crl, authority, name);
    Set<String> critical = crl.getCriticalExtensionOIDs();
    if (critical != null && critical.stream().anyMatch(PARTIAL::contains))
      throw new CertificateException("speaks of a part of the certificates of " + name + " only");
    return of(der, crl, name);
  }

  private static CheckedCrl of(byte[] der, X509CRL crl, String name) throws CertificateException {
    if (crl.getNextUpdate() == null)
      throw new CertificateException("does not say when the next one is due");
    return new CheckedCrl(
        der,
        name,
        crl.getThisUpdate().toInstant(),
        crl.getNextUpdate().toInstant(),
        crl.getRevokedCertificates() == null ? 0 : crl.getRevokedCertificates().size());
  }

  private static X509CRL parse(byte[] der) throws CertificateException {
    try {
      return (X509CRL)
          CertificateFactory.getInstance("X.509").generateCRL(new ByteArrayInputStream(der));
    } catch (CRLException e) {
      throw new CertificateException("no CRL: " + e.getMessage(), e);
    }
  }

  private static byte[] der(byte[] bytes) throws CertificateException {
    String text = new String(bytes, StandardCharsets.ISO_8859_1).strip();
    if (!text.startsWith(PEM)) return bytes;
    try {
      List<byte[]> blocks = Pem.blocks("X509 CRL", text);
      if (blocks.size() == 1) return blocks.getFirst();
      throw new CertificateException("found " + blocks.size() + " CRLs, expected one");
    } catch (IllegalArgumentException e) {
      throw new CertificateException("no CRL: " + e.getMessage(), e);
    }
  }

  private static void requireAuthority(X509CRL crl, X509Certificate authority, String name)
      throws CertificateException {
    if (!crl.getIssuerX500Principal().equals(authority.getSubjectX500Principal()))
      throw new CertificateException(
          "of " + crl.getIssuerX500Principal().getName() + ", expected one of " + name);
    boolean[] usage = authority.getKeyUsage();
    if (authority.getBasicConstraints() < 0 || usage != null && !usage[CRL_SIGN])
      throw new CertificateException(name + " may not sign CRLs");
    try {
      crl.verify(authority.getPublicKey());
    } catch (GeneralSecurityException e) {
      throw new CertificateException("not signed by " + name, e);
    }
  }

  /// Whether it replaces `other`, of the same authority.
  public boolean isNewerThan(CheckedCrl other) {
    return issued.isAfter(other.issued);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CheckedCrl that && Arrays.equals(der, that.der);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(der);
  }

  @Override
  public String toString() {
    return "CRL of %s, %d certificates, until %s".formatted(authority, entries, until);
  }
}
