package dev.reeve.engine.ike;

import java.security.MessageDigest;
import java.util.Arrays;

/// A private key (PKCS#8) or pre-shared key in use. Never prints itself.
public final class IkeSecret {

  private final byte[] bytes;

  public IkeSecret(byte[] bytes) {
    this.bytes = bytes.clone();
  }

  byte[] toArray() {
    return bytes.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof IkeSecret that && MessageDigest.isEqual(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return "IkeSecret[…]";
  }
}
