package dev.reeve.schema.ms;

import dev.reeve.model.net.IpAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Supplier;

/// A cursor over little-endian data. Nothing is read, skipped or allocated before it is known to be
/// there.
final class Bytes {

  /// The largest real object has 2,334 bytes.
  static final int MAX_SIZE = 1 << 20;

  private final byte[] data;
  private final int end;
  private final Unknown unknown;
  private int at;

  /// @throws MalformedDataException when there are more than [#MAX_SIZE]
  static Bytes of(byte[] data) {
    return of(data, Unknown.none());
  }

  /// @param unknown gets what is skipped
  static Bytes of(byte[] data, Unknown unknown) {
    if (data.length > MAX_SIZE) {
      throw new MalformedDataException(0, data.length + " bytes", "at most " + MAX_SIZE);
    }
    return new Bytes(data, 0, data.length, unknown);
  }

  private Bytes(byte[] data, int at, int end, Unknown unknown) {
    this.data = data;
    this.at = at;
    this.end = end;
    this.unknown = unknown;
  }

  int at() {
    return at;
  }

  int remaining() {
    return end - at;
  }

  /// The next `size` bytes as a cursor of their own; this one goes on behind them.
  Bytes slice(int size, String what) {
    need(size, what);
    at += size;
    return new Bytes(data, at - size, at, unknown);
  }

  /// A cursor from `offset` to the end.
  Bytes from(long offset, String what) {
    if (offset < 0 || offset > end) {
      throw new MalformedDataException(at, what + " at " + offset, "at most " + end);
    }
    return new Bytes(data, (int) offset, end, unknown);
  }

  int u8(String what) {
    need(1, what);
    return data[at++] & 0xff;
  }

  int u16(String what) {
    need(2, what);
    at += 2;
    return data[at - 2] & 0xff | (data[at - 1] & 0xff) << 8;
  }

  long u32(String what) {
    need(4, what);
    at += 4;
    return Integer.toUnsignedLong(buffer(at - 4, 4).getInt());
  }

  /// 1 is yes, 0 is no. Any other value is filler: it counts as no, and is kept.
  boolean flagOrFiller(String what) {
    long value = u32(what);
    if (unknown.keeps())
      unknown.keep(what, value > 1 ? Arrays.copyOfRange(data, at - 4, at) : new byte[4]);
    return value == 1;
  }

  byte[] take(int size, String what) {
    need(size, what);
    at += size;
    return Arrays.copyOfRange(data, at - size, at);
  }

  /// Steps over bytes whose meaning nobody knows.
  void skip(int size, String what) {
    need(size, what);
    if (unknown.keeps()) unknown.keep(what, Arrays.copyOfRange(data, at, at + size));
    at += size;
  }

  /// Steps over bytes that are known and said elsewhere.
  void pass(int size, String what) {
    need(size, what);
    at += size;
  }

  /// A number of things that follow and have at least `size` bytes each.
  int count(int size, String what) {
    int start = at;
    long count = u32("number of " + what);
    if (count * size > remaining()) {
      throw new MalformedDataException(
          start, count + " " + what, "at most " + remaining() / size + " in the bytes left");
    }
    return (int) count;
  }

  /// A GUID in Microsoft's mixed byte order, with braces, upper case.
  String guid(String what) {
    need(16, what);
    var buffer = buffer(at, 16);
    long high =
        (long) buffer.getInt() << 32
            | (buffer.getShort() & 0xffffL) << 16
            | buffer.getShort() & 0xffffL;
    long low = buffer.order(ByteOrder.BIG_ENDIAN).getLong();
    at += 16;
    return "{" + new UUID(high, low).toString().toUpperCase(Locale.ROOT) + "}";
  }

  boolean startsWith(byte[] marker) {
    return remaining() >= marker.length
        && Arrays.equals(data, at, at + marker.length, marker, 0, marker.length);
  }

  /// Four bytes in network order.
  IpAddress v4(String what) {
    return IpAddress.ofBytes(take(4, what));
  }

  /// A u32 length in bytes and UTF-16 text, up to its terminator.
  String text(String what) {
    char[] chars = chars(what);
    return new String(chars);
  }

  /// The same as UTF-8 bytes, of which no other copy is left behind. The caller overwrites them.
  byte[] secret(String what) {
    int start = at;
    char[] chars = chars(what);
    var utf8 = new byte[chars.length * 3];
    try {
      var out = ByteBuffer.wrap(utf8);
      var encoder = StandardCharsets.UTF_8.newEncoder();
      if (encoder.encode(CharBuffer.wrap(chars), out, true).isError()) {
        throw new MalformedDataException(start, "a " + what + " with half a character", "UTF-16");
      }
      return Arrays.copyOf(utf8, out.position());
    } finally {
      Arrays.fill(chars, '\0');
      Arrays.fill(utf8, (byte) 0);
    }
  }

  private char[] chars(String what) {
    int start = at;
    long length = u32("length of " + what);
    if (length > remaining() || length % 2 != 0) {
      throw new MalformedDataException(
          start,
          "a length of " + length + " for " + what,
          "an even number up to the " + remaining() + " bytes left");
    }
    var in = buffer(at, (int) length).asCharBuffer();
    at += (int) length;
    int size = 0;
    while (size < in.length() && in.get(size) != 0) size++;
    var chars = new char[size];
    in.get(chars);
    return chars;
  }

  private ByteBuffer buffer(int from, int size) {
    return ByteBuffer.wrap(data, from, size).slice().order(ByteOrder.LITTLE_ENDIAN);
  }

  private void need(int size, String what) {
    if (size < 0 || size > remaining()) {
      throw new MalformedDataException(at, remaining() + " bytes left", size + " for the " + what);
    }
  }

  /// Gives the place to what a value's own check refuses.
  static <T> T checked(int offset, Supplier<T> read) {
    try {
      return read.get();
    } catch (MalformedDataException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw new MalformedDataException(offset, e);
    }
  }
}
