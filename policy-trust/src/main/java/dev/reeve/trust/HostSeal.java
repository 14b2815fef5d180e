package dev.reeve.trust;

import dev.reeve.model.bundle.Digest;
import dev.reeve.model.bundle.HostId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.ECPrivateKey;
import java.util.Arrays;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.hpke.HPKE;
import org.bouncycastle.util.BigIntegers;

/// Seals a secret to one host, so that only that host's encryption key opens it, and only as that
/// secret of that host.
///
/// HPKE (RFC 9180) in base mode with DHKEM(P-256, HKDF-SHA256), HKDF-SHA256 and AES-256-GCM; the
/// host is the info and the secret's id the associated data. Form: `01 | encapsulated key (65) |
/// ciphertext and tag`.
public final class HostSeal {

  private static final byte FORMAT = 1;
  private static final int KEY_BYTES = 65; // RFC 9180 table 2: Nenc
  private static final int SECRET_BYTES = 32; // Nsk
  private static final int TAG_BYTES = 16;

  private HostSeal() {}

  private static HPKE suite() {
    return new HPKE(
        HPKE.mode_base, HPKE.kem_P256_SHA256, HPKE.kdf_HKDF_SHA256, HPKE.aead_AES_GCM256);
  }

  private static byte[] info(HostId host) {
    return ("reeve host secret 1 " + host.text()).getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] associated(Digest id) {
    return id.hex().getBytes(StandardCharsets.US_ASCII);
  }

  /// @param to on P-256
  /// @param id see [dev.reeve.model.bundle.HostSecrets]
  /// @param seed 32 bytes that nobody can guess and that serve no other secret, host or key: the
  ///   ephemeral key comes from it, so that the same seed gives the same bytes
  public static byte[] seal(PublicKey to, HostId host, Digest id, byte[] secret, byte[] seed) {
    if (seed.length < SECRET_BYTES)
      throw new IllegalArgumentException("seed of " + seed.length + " bytes, expected 32");
    if (!EcKeys.isP256(to)) throw new IllegalArgumentException("the key is not on P-256");
    HPKE suite = suite();
    byte[] point = SubjectPublicKeyInfo.getInstance(to.getEncoded()).getPublicKeyData().getBytes();
    var context =
        suite.setupBaseS(suite.deserializePublicKey(point), info(host), suite.deriveKeyPair(seed));
    try {
      byte[] sealed = context.seal(associated(id), secret);
      return ByteBuffer.allocate(1 + KEY_BYTES + sealed.length)
          .put(FORMAT)
          .put(context.getEncapsulation())
          .put(sealed)
          .array();
    } catch (InvalidCipherTextException e) {
      throw new IllegalStateException(e);
    }
  }

  /// @throws IllegalArgumentException when it was sealed to another key, for another host, as
  ///   another secret, or was changed since
  public static byte[] open(PrivateKey own, HostId host, Digest id, byte[] sealed) {
    if (sealed.length < 1 + KEY_BYTES + TAG_BYTES || sealed[0] != FORMAT)
      throw new IllegalArgumentException("this is no secret that was sealed to a host");
    if (!(own instanceof ECPrivateKey key))
      throw new IllegalArgumentException("not an elliptic-curve key");
    HPKE suite = suite();
    try {
      var keys =
          suite.deserializePrivateKey(
              BigIntegers.asUnsignedByteArray(SECRET_BYTES, key.getS()), null);
      return suite
          .setupBaseR(Arrays.copyOfRange(sealed, 1, 1 + KEY_BYTES), keys, info(host))
          .open(associated(id), Arrays.copyOfRange(sealed, 1 + KEY_BYTES, sealed.length));
    } catch (InvalidCipherTextException | IllegalArgumentException | IllegalStateException e) {
      throw new IllegalArgumentException(
          "sealed to another key, host or secret, or changed since", e);
    }
  }
}
