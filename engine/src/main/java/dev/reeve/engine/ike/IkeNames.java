package dev.reeve.engine.ike;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/// Names and numbers that say what they stand for: a digest of it.
public final class IkeNames {

  private IkeNames() {}

  /// Eight hexadecimal digits.
  public static String of(Object... content) {
    return HexFormat.of().formatHex(digest(content), 0, 4);
  }

  /// 30 bits.
  public static long number(Object... content) {
    byte[] digest = digest(content);
    long number = 0;
    for (int i = 0; i < 4; i++) number = number << 8 | digest[i] & 0xff;
    return number & 0x3fff_ffffL;
  }

  private static byte[] digest(Object... content) {
    try {
      return MessageDigest.getInstance("SHA-256")
          .digest(List.of(content).toString().getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
