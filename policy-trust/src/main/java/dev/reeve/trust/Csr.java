package dev.reeve.trust;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/// A certificate request (PKCS#10) whose signature has been verified. It supplies a key and the
/// proof that the sender holds it; the names and extensions it asks for are not even read.
///
/// @param key on P-256
public record Csr(PublicKey key) {

  private static final String LABEL = "CERTIFICATE REQUEST";

  /// What a host sends: in PEM.
  public static String create(KeyPair keys) {
    try {
      var request =
          new JcaPKCS10CertificationRequestBuilder(new X500Name("CN=host"), keys.getPublic())
              .build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()));
      return Pem.block(LABEL, request.getEncoded());
    } catch (OperatorCreationException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /// @throws IllegalArgumentException when it is no request, is not signed by its own key, or the
  ///   key is of another kind
  public static Csr parse(String pem) {
    List<byte[]> blocks = Pem.blocks(LABEL, pem);
    if (blocks.size() != 1)
      throw new IllegalArgumentException(
          "found " + blocks.size() + " certificate requests, expected one");
    try {
      var request = new JcaPKCS10CertificationRequest(blocks.getFirst());
      PublicKey key = request.getPublicKey();
      if (!EcKeys.isP256(key)) throw new IllegalArgumentException("the key is not on P-256");
      if (!request
          .getSignatureAlgorithm()
          .getAlgorithm()
          .equals(X9ObjectIdentifiers.ecdsa_with_SHA256)) {
        throw new IllegalArgumentException("the request is not signed with ECDSA and SHA-256");
      }
      if (!request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key)))
        throw new IllegalArgumentException("the request is not signed by its own key");
      return new Csr(key);
    } catch (IOException
        | GeneralSecurityException
        | OperatorCreationException
        | PKCSException
        | IllegalStateException
        | ClassCastException e) {
      throw new IllegalArgumentException("not a certificate request", e);
    }
  }
}
