package dev.reeve.server.secrets;

import dev.reeve.model.bundle.Digest;
import dev.reeve.model.bundle.HostId;
import dev.reeve.model.bundle.HostSecrets;
import dev.reeve.model.ipsec.SealedSecret;
import dev.reeve.model.ipsec.SecretSealer;
import dev.reeve.server.directory.FileSealer;
import dev.reeve.trust.EcKeys;
import dev.reeve.trust.HostSeal;
import dev.reeve.trust.SecretBox;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// Seals secrets under a key that only the server's state directory holds: deterministically, so
/// that decoding the same object twice gives the same policy and no new version.
public final class Vault implements SecretSealer, FileSealer {

  /// Bytes of a vault key.
  public static final int KEY_BYTES = 32;

  private static final int NONCE_BYTES = 12;

  private final SecretBox secrets;
  private final SecretKeySpec hostKey;
  private final SecretKeySpec fileKey;
  private final SecureRandom random = new SecureRandom();

  /// @param key 32 random bytes
  public Vault(byte[] key) {
    if (key.length != KEY_BYTES)
      throw new IllegalArgumentException(
          "vault key of " + key.length + " bytes, expected " + KEY_BYTES);
    this.secrets = new SecretBox(key, "reeve vault");
    this.hostKey = new SecretKeySpec(derive(key, "host"), "HmacSHA256");
    this.fileKey = new SecretKeySpec(derive(key, "files"), "AES");
  }

  @Override
  public SealedSecret seal(byte[] secret) {
    return SealedSecret.ofBytes(secrets.seal(secret));
  }

  /// @throws IllegalArgumentException when it was not sealed with this key
  public byte[] open(SealedSecret secret) {
    return secrets.open(secret.toBytes());
  }

  /// The same secret, sealed to one host. Deterministic too, so that a host's manifest changes only
  /// when its secrets or its key do.
  ///
  /// @param to the host's encryption key
  /// @throws IllegalArgumentException when it was not sealed with this vault's key
  public SealedSecret reseal(SealedSecret secret, HostId host, PublicKey to) {
    Digest id = HostSecrets.idOf(secret);
    byte[] plain = open(secret);
    try {
      byte[] seed = mac(hostKey, seedOf(host, id, to));
      return SealedSecret.ofBytes(HostSeal.seal(to, host, id, plain, seed));
    } finally {
      Arrays.fill(plain, (byte) 0);
    }
  }

  /// What the sealed bytes depend on: the id is a digest of the secret as the vault sealed it, so
  /// no two secrets share an ephemeral key.
  private static byte[] seedOf(HostId host, Digest id, PublicKey to) {
    return (host.text() + id.hex() + EcKeys.digest(to).hex()).getBytes(StandardCharsets.US_ASCII);
  }

  /// Under a key of its own. Form: `nonce (12) | ciphertext and tag`.
  @Override
  public byte[] sealFile(byte[] heading, byte[] content) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    try {
      Cipher cipher = cipher(Cipher.ENCRYPT_MODE, fileKey, nonce, heading);
      byte[] sealed = Arrays.copyOf(nonce, NONCE_BYTES + cipher.getOutputSize(content.length));
      int unused = cipher.doFinal(content, 0, content.length, sealed, NONCE_BYTES);
      return sealed;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public byte[] openFile(byte[] heading, byte[] sealed) {
    if (sealed.length < NONCE_BYTES + 16) throw new IllegalArgumentException("cut short");
    try {
      return cipher(Cipher.DECRYPT_MODE, fileKey, Arrays.copyOf(sealed, NONCE_BYTES), heading)
          .doFinal(sealed, NONCE_BYTES, sealed.length - NONCE_BYTES);
    } catch (AEADBadTagException e) {
      throw new IllegalArgumentException("sealed with another vault key, or changed since", e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Cipher cipher(int mode, SecretKeySpec key, byte[] nonce, byte[] about)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key, new GCMParameterSpec(128, nonce));
    cipher.updateAAD(about);
    return cipher;
  }

  private static byte[] derive(byte[] key, String purpose) {
    return mac(
        new SecretKeySpec(key, "HmacSHA256"),
        ("reeve vault " + purpose).getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] mac(SecretKeySpec key, byte[] message) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      return mac.doFinal(message);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
