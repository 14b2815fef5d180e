package dev.reeve.trust;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;

/// Which private key belongs to which public one.
public final class KeyPairs {

  private static final byte[] PROOF = "reeve".getBytes(StandardCharsets.US_ASCII);

  private KeyPairs() {}

  /// Whether what the one signs the other verifies.
  ///
  /// @throws IllegalArgumentException for keys that are not RSA, EC or EdDSA
  public static boolean isPair(PrivateKey secret, PublicKey known) {
    String scheme = scheme(known.getAlgorithm());
    try {
      var signature = Signature.getInstance(scheme);
      signature.initSign(secret);
      signature.update(PROOF);
      byte[] signed = signature.sign();
      signature.initVerify(known);
      signature.update(PROOF);
      return signature.verify(signed);
    } catch (GeneralSecurityException _) {
      return false; // of another kind, curve or length
    }
  }

  private static String scheme(String kind) {
    return switch (kind) {
      case "RSA" -> "SHA256withRSA";
      case "EC" -> "SHA256withECDSA";
      case "EdDSA" -> "EdDSA";
      default ->
          throw new IllegalArgumentException("a key is " + kind + ", expected RSA, EC or EdDSA");
    };
  }
}
