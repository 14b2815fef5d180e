package dev.reeve.engine.vici;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/// What a section holds: a value, a list of values, or a section.
public sealed interface ViciElement {

  String name();

  record Value(String name, Bytes bytes) implements ViciElement {}

  record Values(String name, List<Bytes> items) implements ViciElement {
    public Values {
      items = List.copyOf(items);
    }
  }

  record Section(String name, ViciMessage content) implements ViciElement {}

  /// A value: text, or a certificate, key or secret as it is. Prints its length only when it is no
  /// plain text.
  final class Bytes {
    private final byte[] bytes;

    private Bytes(byte[] bytes) {
      this.bytes = bytes;
    }

    public static Bytes of(byte[] bytes) {
      return new Bytes(bytes.clone());
    }

    public static Bytes of(String text) {
      return new Bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    public byte[] toArray() {
      return bytes.clone();
    }

    int length() {
      return bytes.length;
    }

    byte[] shared() {
      return bytes;
    }

    public String text() {
      return new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Bytes that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
      for (byte b : bytes) if (b < 0x20 || b > 0x7e) return "(" + bytes.length + " bytes)";
      return text();
    }
  }
}
