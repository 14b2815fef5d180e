package dev.reeve.trust;

import dev.reeve.trust.DurableFiles.Access;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Certificates and keys as RFC 7468 text, and the files that hold them.
public final class Pem {

  private static final int MAX_FILE = 1 << 20;
  private static final String CERTIFICATE = "CERTIFICATE";
  private static final String PRIVATE_KEY = "PRIVATE KEY";
  private static final String PUBLIC_KEY = "PUBLIC KEY";
  private static final Pattern BLOCK =
      Pattern.compile(
          "-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]*+)-----END ([A-Z0-9 ]+)-----");
  private static final Base64.Encoder LINES =
      Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));

  private Pem() {}

  static String block(String label, byte[] der) {
    return "-----BEGIN "
        + label
        + "-----\n"
        + LINES.encodeToString(der)
        + "\n-----END "
        + label
        + "-----\n";
  }

  /// The contents of the blocks with this label, in order; text between blocks is skipped.
  static List<byte[]> blocks(String label, String text) {
    var found = new ArrayList<byte[]>();
    Matcher block = BLOCK.matcher(text);
    while (block.find()) {
      if (!block.group(1).equals(block.group(3)))
        throw new IllegalArgumentException("BEGIN " + block.group(1) + " ends otherwise");
      if (block.group(1).equals(label)) found.add(Base64.getMimeDecoder().decode(block.group(2)));
    }
    return found;
  }

  public static String write(X509Certificate... certificates) {
    return write(List.of(certificates));
  }

  public static String write(List<X509Certificate> certificates) {
    var text = new StringBuilder();
    try {
      for (X509Certificate certificate : certificates)
        text.append(block(CERTIFICATE, certificate.getEncoded()));
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException(e);
    }
    return text.toString();
  }

  /// @return one or more
  /// @throws IllegalArgumentException saying what is wrong
  public static List<X509Certificate> parseCertificates(String text) {
    var certificates = new ArrayList<X509Certificate>();
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      for (byte[] der : blocks(CERTIFICATE, text)) {
        certificates.add(
            (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der)));
      }
    } catch (CertificateException e) {
      throw new IllegalArgumentException("not a certificate: " + e.getMessage(), e);
    }
    if (certificates.isEmpty()) throw new IllegalArgumentException("no certificate in PEM");
    return List.copyOf(certificates);
  }

  public static X509Certificate parseCertificate(String text) {
    List<X509Certificate> all = parseCertificates(text);
    if (all.size() != 1)
      throw new IllegalArgumentException("found " + all.size() + " certificates, expected one");
    return all.getFirst();
  }

  public static String write(PublicKey key) {
    return block(PUBLIC_KEY, key.getEncoded());
  }

  /// @return on P-256
  /// @throws IllegalArgumentException saying what is wrong
  public static PublicKey parsePublicKey(String text) {
    List<byte[]> keys = blocks(PUBLIC_KEY, text);
    if (keys.size() != 1)
      throw new IllegalArgumentException("found " + keys.size() + " public keys, expected one");
    try {
      PublicKey key =
          KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(keys.getFirst()));
      if (!EcKeys.isP256(key)) throw new IllegalArgumentException("the key is not on P-256");
      return key;
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("not an elliptic-curve public key", e);
    }
  }

  static String write(PrivateKey key) {
    return block(PRIVATE_KEY, key.getEncoded());
  }

  /// @throws IllegalArgumentException without repeating any of the text
  static PrivateKey parseKey(String text) {
    List<byte[]> keys = blocks(PRIVATE_KEY, text);
    if (keys.size() != 1)
      throw new IllegalArgumentException("found " + keys.size() + " private keys, expected one");
    try {
      return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(keys.getFirst()));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("not a PKCS#8 elliptic-curve key", e);
    }
  }

  public static void writeCertificates(Path file, List<X509Certificate> certificates)
      throws IOException {
    DurableFiles.write(
        file, write(certificates).getBytes(StandardCharsets.US_ASCII), Access.PUBLIC);
  }

  public static List<X509Certificate> readCertificates(Path file) throws IOException {
    try {
      return parseCertificates(text(file));
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  /// Readable by its owner only.
  public static void writeKey(Path file, PrivateKey key) throws IOException {
    DurableFiles.write(file, write(key).getBytes(StandardCharsets.US_ASCII), Access.PRIVATE);
  }

  /// Of any kind, for whoever knows what to do with it.
  ///
  /// @return PKCS#8
  public static byte[] readKeyBytes(Path file) throws IOException {
    List<byte[]> keys = blocks(PRIVATE_KEY, text(file));
    if (keys.size() != 1)
      throw new IOException(file + ": found " + keys.size() + " private keys, expected one");
    return keys.getFirst();
  }

  public static PrivateKey readKey(Path file) throws IOException {
    try {
      return parseKey(text(file));
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  private static String text(Path file) throws IOException {
    return new String(DurableFiles.read(file, MAX_FILE), StandardCharsets.US_ASCII);
  }
}
