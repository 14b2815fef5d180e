package dev.reeve.agent.disk;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import org.bouncycastle.asn1.x9.ECNamedCurveTable;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;

/// The public half of a key of which only the private half was stored.
final class PublicKeys {

  private PublicKeys() {}

  /// @param key on P-256
  static KeyPair pair(PrivateKey key) {
    if (!(key instanceof ECPrivateKey secret))
      throw new IllegalArgumentException("not an elliptic-curve key");
    X9ECParameters curve = ECNamedCurveTable.getByName("secp256r1");
    BigInteger d = secret.getS();
    var point = new FixedPointCombMultiplier().multiply(curve.getG(), d).normalize();
    try {
      var spec =
          new ECPublicKeySpec(
              new ECPoint(
                  point.getAffineXCoord().toBigInteger(), point.getAffineYCoord().toBigInteger()),
              secret.getParams());
      return new KeyPair(KeyFactory.getInstance("EC").generatePublic(spec), key);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
