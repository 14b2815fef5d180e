package dev.reeve.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.engine.ike.IkeIdentity;
import dev.reeve.trust.Pem;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OtherCertificatesTest {

  private static KeyPair keys;
  private static X509Certificate root;
  private static X509Certificate issuer;
  private static X509Certificate host;

  @TempDir Path directory;

  @BeforeAll
  static void issue() throws Exception {
    var generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    keys = generator.generateKeyPair();
    root = certificate("CN=Root", "CN=Root");
    issuer = certificate("CN=Issuer", "CN=Root");
    host = certificate("CN=web-01", "CN=Issuer");
  }

  /// All with one key: what counts here is who names whom.
  private static X509Certificate certificate(String subject, String issuer) throws Exception {
    Instant now = Instant.parse("2026-11-28T12:00:00Z");
    return new JcaX509CertificateConverter()
        .getCertificate(
            new JcaX509v3CertificateBuilder(
                    new X500Name(issuer),
                    BigInteger.ONE,
                    Date.from(now),
                    Date.from(now.plusSeconds(86400)),
                    new X500Name(subject),
                    keys.getPublic())
                .build(new JcaContentSignerBuilder("SHA256withRSA").build(keys.getPrivate())));
  }

  @BeforeEach
  void key_of_another_kind_than_ours() throws Exception {
    key(keys.getPrivate().getEncoded());
  }

  private void key(byte[] pkcs8) throws IOException {
    Files.writeString(
        directory.resolve("acme.key"),
        "-----BEGIN PRIVATE KEY-----\n"
            + Base64.getMimeEncoder().encodeToString(pkcs8)
            + "\n-----END PRIVATE KEY-----\n");
  }

  private static byte[] newKey(String kind, int bits) throws Exception {
    var generator = KeyPairGenerator.getInstance(kind);
    generator.initialize(bits);
    return generator.generateKeyPair().getPrivate().getEncoded();
  }

  private List<IkeIdentity> read() {
    return new OtherCertificates(directory).read();
  }

  @Test
  void a_chain_with_its_key_is_an_identity() throws Exception {
    Pem.writeCertificates(directory.resolve("acme.pem"), List.of(host, issuer, root));
    assertThat(read())
        .singleElement()
        .satisfies(identity -> {
          assertThat(identity.certificate()).isEqualTo(host);
          assertThat(identity.chain()).containsExactly(host, issuer);
          assertThat(identity.issuer()).isEqualTo(issuer);
          assertThat(identity.anchors()).containsExactly(root);
        });
    Pem.writeCertificates(
        directory.resolve("acme.pem"), List.of(certificate("CN=web-01", "CN=Root"), root));
    assertThat(read())
        .singleElement()
        .satisfies(identity -> {
          assertThat(identity.issuer()).isEqualTo(root);
          assertThat(identity.anchors()).isEmpty();
        });
  }

  @ParameterizedTest
  @CsvSource({
    "a certificate alone",
    "a chain without its root",
    "a chain in another order",
    "no key",
    "the key of another",
    "a key of another kind",
    "a torn key",
    "nonsense",
    "no directory"
  })
  void what_cannot_be_used_is_left_out(String trouble) throws Exception {
    Path file = directory.resolve("acme.pem");
    switch (trouble) {
      case "a certificate alone" -> Pem.writeCertificates(file, List.of(host));
      case "a chain without its root" -> Pem.writeCertificates(file, List.of(host, issuer));
      case "a chain in another order" -> Pem.writeCertificates(file, List.of(host, root, issuer));
      case "no key" -> {
        Pem.writeCertificates(file, List.of(host, issuer, root));
        Files.delete(directory.resolve("acme.key"));
      }
      case "the key of another" -> {
        Pem.writeCertificates(file, List.of(host, issuer, root));
        key(newKey("RSA", 2048));
      }
      case "a key of another kind" -> {
        Pem.writeCertificates(file, List.of(host, issuer, root));
        key(newKey("EC", 256));
      }
      case "a torn key" -> {
        Pem.writeCertificates(file, List.of(host, issuer, root));
        key(Arrays.copyOf(keys.getPrivate().getEncoded(), 100));
      }
      case "nonsense" -> Files.writeString(file, "nonsense");
      case "no directory" -> directory = directory.resolve("missing");
      default -> throw new IllegalArgumentException(trouble);
    }
    assertThat(read()).isEmpty();
  }
}
