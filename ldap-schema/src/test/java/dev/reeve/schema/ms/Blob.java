package dev.reeve.schema.ms;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/// Writes Microsoft's binary forms by hand, for tests.
final class Blob {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  static Blob hex(String hex) {
    return new Blob().add(hex);
  }

  /// Spaces and line ends are ignored.
  Blob add(String hex) {
    out.writeBytes(HexFormat.of().parseHex(hex.replaceAll("\\s+", "")));
    return this;
  }

  Blob u32(long... values) {
    for (long value : values) for (int i = 0; i < 4; i++) out.write((int) (value >>> 8 * i));
    return this;
  }

  Blob u16(int value) {
    out.write(value);
    out.write(value >>> 8);
    return this;
  }

  Blob u8(int value) {
    out.write(value);
    return this;
  }

  Blob zeros(int count) {
    out.writeBytes(new byte[count]);
    return this;
  }

  /// With length and terminator.
  Blob text(String text) {
    byte[] utf16 = (text + "\0").getBytes(StandardCharsets.UTF_16LE);
    u32(utf16.length);
    out.writeBytes(utf16);
    return this;
  }

  Blob add(byte[] bytes) {
    out.writeBytes(bytes);
    return this;
  }

  byte[] bytes() {
    return out.toByteArray();
  }

  int size() {
    return out.size();
  }
}
