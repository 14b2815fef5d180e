package dev.reeve.schema.ms;

import dev.reeve.model.net.IpAddress;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;

/// Little-endian data under construction: the other half of [Bytes].
final class ByteWriter {

  private final Unknown unknown;
  private byte[] data = new byte[256];
  private int size;

  /// @param unknown what stands where nothing of ours does
  ByteWriter(Unknown unknown) {
    this.unknown = unknown;
  }

  int size() {
    return size;
  }

  ByteWriter u8(int value) {
    room(1);
    data[size++] = (byte) value;
    return this;
  }

  ByteWriter u16(int value) {
    return u8(value).u8(value >>> 8);
  }

  ByteWriter u32(long value) {
    room(4);
    size += 4;
    put(size - 4, value);
    return this;
  }

  /// Writes a number again, at a place that was passed.
  void put(int at, long value) {
    for (int i = 0; i < 4; i++) data[at + i] = (byte) (value >>> 8 * i);
  }

  ByteWriter add(byte[] bytes) {
    room(bytes.length);
    System.arraycopy(bytes, 0, data, size, bytes.length);
    size += bytes.length;
    return this;
  }

  /// What the object that is written again has there, else zeros.
  ByteWriter unknown(int count, String what) {
    return add(unknown.next(what, new byte[count]));
  }

  /// The filler of the object that is written again, where it has some; else the flag.
  ByteWriter flagOrFiller(boolean value, String what) {
    byte[] filler = unknown.next(what, new byte[4]);
    return Arrays.equals(filler, new byte[4]) ? u32(value ? 1 : 0) : add(filler);
  }

  /// What the object that is written again has there, else this GUID; zeros for what is none.
  ByteWriter unknownGuid(String usual, String what) {
    byte[] bytes;
    try {
      bytes = guid(usual);
    } catch (IllegalArgumentException e) {
      bytes = new byte[16];
    }
    return add(unknown.next(what, bytes));
  }

  /// In Microsoft's mixed byte order.
  ///
  /// @throws IllegalArgumentException when it is none with braces
  static byte[] guid(String guid) {
    UUID id = UUID.fromString(guid.replaceAll("[{}]", ""));
    long high = id.getMostSignificantBits();
    long low = id.getLeastSignificantBits();
    var bytes = new byte[16];
    for (int i = 0; i < 4; i++) bytes[i] = (byte) (high >>> 32 + 8 * i);
    for (int i = 0; i < 2; i++) bytes[4 + i] = (byte) (high >>> 16 + 8 * i);
    for (int i = 0; i < 2; i++) bytes[6 + i] = (byte) (high >>> 8 * i);
    for (int i = 0; i < 8; i++) bytes[8 + i] = (byte) (low >>> 56 - 8 * i);
    return bytes;
  }

  /// Four bytes in network order.
  ByteWriter v4(IpAddress address) {
    byte[] bytes = address.toBytes();
    if (bytes.length != 4) throw new IllegalArgumentException(address + " is no IPv4 address");
    return add(bytes);
  }

  /// Length, UTF-16 and terminator.
  ///
  /// @throws IllegalArgumentException when a reader would see less than this text
  ByteWriter text(String text) {
    return chars(CharBuffer.wrap(text));
  }

  /// The same for UTF-8, of which no copy is left behind but the one in here.
  ByteWriter secret(byte[] utf8) {
    CharBuffer chars;
    try {
      chars = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8));
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("a secret that is no UTF-8 text", e);
    }
    try {
      return chars(chars.duplicate());
    } finally {
      Arrays.fill(chars.array(), '\0');
    }
  }

  private ByteWriter chars(CharBuffer chars) {
    u32(2L * (chars.remaining() + 1));
    while (chars.hasRemaining()) {
      char c = chars.get();
      if (c == 0) throw new IllegalArgumentException("text with a zero character inside");
      u16(c);
    }
    return u16(0);
  }

  /// Everything so far; what was in here is overwritten.
  byte[] toBytes() {
    byte[] done = Arrays.copyOf(data, size);
    Arrays.fill(data, (byte) 0);
    return done;
  }

  private void room(int more) {
    if (size + more <= data.length) return;
    byte[] bigger = Arrays.copyOf(data, Math.max(data.length * 2, size + more));
    Arrays.fill(data, (byte) 0);
    data = bigger;
  }
}
