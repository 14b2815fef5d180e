package dev.reeve.trust;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// Seals secrets with AES-256-GCM under one key.
///
/// Sealing is deterministic: the nonce is a MAC of the secret (the construction of RFC 5297, with
/// GCM as the cipher), so that the same secret is the same text each time. Two equal secrets look
/// equal; nothing else is learned. Form: `01 | nonce (12) | ciphertext and tag`.
public final class SecretBox {

  /// Bytes of a key.
  public static final int KEY_BYTES = 32;

  private static final byte FORMAT = 1;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BYTES = 16;

  private final SecretKeySpec encryptionKey;
  private final SecretKeySpec nonceKey;

  /// @param key 32 random bytes
  /// @param purpose keeps boxes apart that are made of one key
  public SecretBox(byte[] key, String purpose) {
    if (key.length != KEY_BYTES)
      throw new IllegalArgumentException("key of " + key.length + " bytes, expected " + KEY_BYTES);
    this.encryptionKey = new SecretKeySpec(derive(key, purpose + " encrypt"), "AES");
    this.nonceKey = new SecretKeySpec(derive(key, purpose + " nonce"), "HmacSHA256");
  }

  /// @param secret overwritten with zeros
  public byte[] seal(byte[] secret) {
    try {
      byte[] nonce = Arrays.copyOf(mac(nonceKey, secret), NONCE_BYTES);
      byte[] sealed = cipher(Cipher.ENCRYPT_MODE, nonce).doFinal(secret);
      return ByteBuffer.allocate(1 + NONCE_BYTES + sealed.length)
          .put(FORMAT)
          .put(nonce)
          .put(sealed)
          .array();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    } finally {
      Arrays.fill(secret, (byte) 0);
    }
  }

  /// @throws IllegalArgumentException when it was not sealed with this key
  public byte[] open(byte[] bytes) {
    if (bytes.length < 1 + NONCE_BYTES + TAG_BYTES || bytes[0] != FORMAT) {
      throw new IllegalArgumentException("this is no sealed secret");
    }
    try {
      return cipher(Cipher.DECRYPT_MODE, Arrays.copyOfRange(bytes, 1, 1 + NONCE_BYTES))
          .doFinal(bytes, 1 + NONCE_BYTES, bytes.length - 1 - NONCE_BYTES);
    } catch (AEADBadTagException e) {
      throw new IllegalArgumentException("sealed with another key, or changed since", e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private Cipher cipher(int mode, byte[] nonce) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, encryptionKey, new GCMParameterSpec(128, nonce));
    cipher.updateAAD(new byte[] {FORMAT});
    return cipher;
  }

  private static byte[] derive(byte[] key, String what) {
    return mac(new SecretKeySpec(key, "HmacSHA256"), what.getBytes(StandardCharsets.UTF_8));
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
