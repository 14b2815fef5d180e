package dev.reeve.engine.ike;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// A CRL that charon checks peers' certificates against. Two with the same digest are the same.
public final class IkeCrl {

  /// charon takes no longer value in a command.
  public static final int MOST_BYTES = 65_535;

  private final byte[] der;
  private final String digest;

  public IkeCrl(byte[] der) {
    this.der = der.clone();
    this.digest = digestOf(der);
  }

  static String digestOf(byte[] der) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(der));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  byte[] der() {
    return der.clone();
  }

  /// SHA-256, in hex.
  public String digest() {
    return digest;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof IkeCrl that && digest.equals(that.digest);
  }

  @Override
  public int hashCode() {
    return digest.hashCode();
  }

  @Override
  public String toString() {
    return "CRL " + digest.substring(0, 12) + " of " + der.length + " bytes";
  }
}
