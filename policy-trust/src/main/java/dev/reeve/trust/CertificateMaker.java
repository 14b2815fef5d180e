package dev.reeve.trust;

import java.io.IOException;
import java.math.BigInteger;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLNumber;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// The shapes our certificates have.
final class CertificateMaker {

  /// A clock that is behind must not refuse a certificate made today.
  private static final Duration BACK_DATED = Duration.ofDays(1);

  private static final Duration CRL_BACK_DATED = Duration.ofHours(1);

  private final SecureRandom random;

  CertificateMaker(SecureRandom random) {
    this.random = random;
  }

  X509Certificate root(PublicKey key, PrivateKey signer, Instant now, Duration validity) {
    X500Name name = organization().addRDN(BCStyle.CN, "Reeve root").build();
    Validity when = validity(now, validity);
    return make(
        new JcaX509v3CertificateBuilder(
            name, serial(), Date.from(when.from), Date.from(when.until), name, key),
        key,
        key,
        signer,
        builder -> {
          builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(1));
          builder.addExtension(
              Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
        });
  }

  X509Certificate issuer(
      Purpose purpose, PublicKey key, Identity root, Instant now, Duration validity) {
    X500Name subject =
        branch(purpose).addRDN(BCStyle.CN, "Reeve " + purpose.file() + " issuer").build();
    return make(
        under(root, subject, key, validity(now, validity)),
        key,
        root.certificate().getPublicKey(),
        root.key(),
        builder -> {
          builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
          builder.addExtension(
              Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
          builder.addExtension(Extension.extendedKeyUsage, true, usages(purpose));
          var below = new GeneralSubtree(new GeneralName(branch(purpose).build()));
          builder.addExtension(
              Extension.nameConstraints,
              true,
              new NameConstraints(new GeneralSubtree[] {below}, null));
        });
  }

  /// @param names subject alternative names, may be empty
  X509Certificate leaf(
      Purpose purpose,
      X500Name subject,
      List<GeneralName> names,
      PublicKey key,
      Identity issuer,
      Instant now,
      Duration validity) {
    return make(
        under(issuer, subject, key, validity(now, validity)),
        key,
        issuer.certificate().getPublicKey(),
        issuer.key(),
        builder -> {
          builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
          builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
          builder.addExtension(Extension.extendedKeyUsage, true, usages(purpose));
          if (!names.isEmpty()) {
            builder.addExtension(
                Extension.subjectAlternativeName,
                false,
                new GeneralNames(names.toArray(GeneralName[]::new)));
          }
        });
  }

  /// In DER.
  byte[] crl(
      Identity issuer,
      List<RevokedCertificate> revoked,
      long number,
      Instant now,
      Duration validity) {
    var builder =
        new JcaX509v2CRLBuilder(issuer.certificate(), Date.from(now.minus(CRL_BACK_DATED)));
    builder.setNextUpdate(Date.from(now.plus(validity)));
    for (RevokedCertificate one : revoked)
      builder.addCRLEntry(one.serial(), Date.from(one.since()), CRLReason.unspecified);
    try {
      builder.addExtension(
          Extension.authorityKeyIdentifier,
          false,
          new AuthorityKeyIdentifier(keyId(issuer.certificate().getPublicKey())));
      builder.addExtension(Extension.cRLNumber, false, new CRLNumber(BigInteger.valueOf(number)));
      return builder
          .build(new JcaContentSignerBuilder("SHA256withECDSA").build(issuer.key()))
          .getEncoded();
    } catch (IOException | OperatorCreationException e) {
      throw new IllegalStateException(e);
    }
  }

  /// The names an issuer may give.
  ///
  /// @param commonName with a space in it: a common name that could be a DNS name is added to the
  ///   subject alternative names by the JDK while it checks name constraints
  static X500Name subject(Purpose purpose, String commonName) {
    return branch(purpose).addRDN(BCStyle.CN, commonName).build();
  }

  private record Validity(Instant from, Instant until) {}

  private static Validity validity(Instant now, Duration validity) {
    Instant second = now.truncatedTo(ChronoUnit.SECONDS);
    return new Validity(second.minus(BACK_DATED), second.plus(validity));
  }

  /// No certificate outlives its issuer.
  private X509v3CertificateBuilder under(
      Identity issuer, X500Name subject, PublicKey key, Validity validity) {
    Date latest = issuer.certificate().getNotAfter();
    Date until = Date.from(validity.until);
    return new JcaX509v3CertificateBuilder(
        X500Name.getInstance(issuer.certificate().getSubjectX500Principal().getEncoded()),
        serial(),
        Date.from(validity.from),
        until.after(latest) ? latest : until,
        subject,
        key);
  }

  private interface Extensions {
    void addTo(X509v3CertificateBuilder builder) throws IOException;
  }

  private static X509Certificate make(
      X509v3CertificateBuilder builder,
      PublicKey key,
      PublicKey issuerKey,
      PrivateKey signer,
      Extensions extensions) {
    try {
      extensions.addTo(builder);
      builder.addExtension(
          Extension.subjectKeyIdentifier, false, new SubjectKeyIdentifier(keyId(key)));
      builder.addExtension(
          Extension.authorityKeyIdentifier, false, new AuthorityKeyIdentifier(keyId(issuerKey)));
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(signer)));
    } catch (IOException | OperatorCreationException | CertificateException e) {
      throw new IllegalStateException(e);
    }
  }

  static byte[] keyId(PublicKey key) {
    return java.util.HexFormat.of().parseHex(EcKeys.digest(key).hex());
  }

  private static X500NameBuilder organization() {
    return new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.O, "Reeve");
  }

  private static X500NameBuilder branch(Purpose purpose) {
    return organization().addRDN(BCStyle.OU, purpose.unit());
  }

  private static ExtendedKeyUsage usages(Purpose purpose) {
    return new ExtendedKeyUsage(
        purpose.usages().stream()
            .map(oid -> KeyPurposeId.getInstance(new ASN1ObjectIdentifier(oid)))
            .toArray(KeyPurposeId[]::new));
  }

  /// 127 random bits.
  private BigInteger serial() {
    return new BigInteger(126, random).setBit(126);
  }
}
