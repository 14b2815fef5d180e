package dev.reeve.server.revocation;

import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.IssuingDistributionPoint;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// Somebody else's CA, with an RSA key.
final class TestCa {

  final X509Certificate certificate;
  private final KeyPair keys;

  TestCa(String name, Instant now) throws Exception {
    var generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    keys = generator.generateKeyPair();
    var subject = new X500Name(name);
    certificate =
        new JcaX509CertificateConverter()
            .getCertificate(
                new JcaX509v3CertificateBuilder(
                        subject,
                        BigInteger.ONE,
                        Date.from(now.minusSeconds(86400)),
                        Date.from(now.plusSeconds(86400L * 3650)),
                        subject,
                        keys.getPublic())
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(true))
                    .build(new JcaContentSignerBuilder("SHA256withRSA").build(keys.getPrivate())));
  }

  /// @param revoked serial numbers from 1 to this
  byte[] crl(Instant issued, Instant until, int revoked) throws Exception {
    return crl(issued, until, revoked, false);
  }

  /// @param partial says that it speaks of CAs alone
  byte[] crl(Instant issued, Instant until, int revoked, boolean partial) throws Exception {
    var builder = new JcaX509v2CRLBuilder(certificate, Date.from(issued));
    builder.setNextUpdate(Date.from(until));
    for (int i = 1; i <= revoked; i++) {
      builder.addCRLEntry(BigInteger.valueOf(i), Date.from(issued), 0);
    }
    if (partial) {
      builder.addExtension(
          Extension.issuingDistributionPoint,
          true,
          new IssuingDistributionPoint(null, false, true, null, false, false));
    }
    return builder
        .build(new JcaContentSignerBuilder("SHA256withRSA").build(keys.getPrivate()))
        .getEncoded();
  }
}
