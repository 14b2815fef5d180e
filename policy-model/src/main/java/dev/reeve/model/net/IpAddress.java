package dev.reeve.model.net;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/// One IPv4 or IPv6 address, as a number.
///
/// `toString` prints the canonical text (RFC 5952 for IPv6) and [#parse] reads it back; parsing
/// never asks a name server. Addresses sort IPv4 first, then by value.
///
/// @param high the upper 64 bits; 0 for IPv4
/// @param low the lower 64 bits; for IPv4 the address in the lower 32
public record IpAddress(IpFamily family, long high, long low) implements Comparable<IpAddress> {

  public IpAddress {
    if (family == IpFamily.IPV4 && (high != 0 || low >>> 32 != 0)) {
      throw new IllegalArgumentException("an IPv4 address has 32 bits");
    }
  }

  public static IpAddress v4(int value) {
    return new IpAddress(IpFamily.IPV4, 0, Integer.toUnsignedLong(value));
  }

  public static IpAddress v6(long high, long low) {
    return new IpAddress(IpFamily.IPV6, high, low);
  }

  /// @param bytes 4 or 16, network order
  public static IpAddress ofBytes(byte[] bytes) {
    return switch (bytes.length) {
      case 4 -> v4((int) number(bytes, 0, 4));
      case 16 -> v6(number(bytes, 0, 8), number(bytes, 8, 8));
      default ->
          throw new IllegalArgumentException("an address has 4 or 16 bytes, not " + bytes.length);
    };
  }

  private static long number(byte[] bytes, int from, int count) {
    long value = 0;
    for (int i = from; i < from + count; i++) value = value << 8 | bytes[i] & 0xff;
    return value;
  }

  /// @throws IllegalArgumentException naming the text, when it is no address literal
  public static IpAddress parse(String text) {
    return find(text)
        .orElseThrow(() -> new IllegalArgumentException("'" + text + "' is not an IP address"));
  }

  /// Empty when `text` is no address literal. Zone ids (`%eth0`) and short forms such as `10.1` are
  /// refused.
  public static Optional<IpAddress> find(String text) {
    return text.indexOf(':') >= 0 ? findV6(text) : findV4(text);
  }

  private static Optional<IpAddress> findV4(String text) {
    int value = 0;
    int octets = 0;
    for (int start = 0; start <= text.length(); octets++) {
      int end = text.indexOf('.', start);
      if (end < 0) end = text.length();
      int length = end - start;
      if (octets == 4 || length < 1 || length > 3) return Optional.empty();
      if (length > 1 && text.charAt(start) == '0')
        return Optional.empty(); // 010 is octal to some readers
      int octet = 0;
      for (int i = start; i < end; i++) {
        int digit = text.charAt(i) - '0';
        if (digit < 0 || digit > 9) return Optional.empty();
        octet = octet * 10 + digit;
      }
      if (octet > 255) return Optional.empty();
      value = value << 8 | octet;
      start = end + 1;
    }
    return octets == 4 ? Optional.of(v4(value)) : Optional.empty();
  }

  private static Optional<IpAddress> findV6(String text) {
    int digits = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.digit(c, 16) < 0 && c != ':' && c != '.' || c > 'f') return Optional.empty();
      digits = c == ':' || c == '.' ? 0 : digits + 1;
      if (digits > 4) return Optional.empty(); // the JDK takes 00001::
    }
    String tail = text.substring(text.lastIndexOf(':') + 1);
    if (tail.indexOf('.') >= 0 && findV4(tail).isEmpty()) return Optional.empty();
    try { // a literal with ':' and hex digits alone is never looked up
      byte[] bytes = InetAddress.ofLiteral(text).getAddress();
      return Optional.of(
          bytes.length == 4 ? v6(0, 0xffff_0000_0000L | number(bytes, 0, 4)) : ofBytes(bytes));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  public byte[] toBytes() {
    byte[] bytes = new byte[family.bits() / 8];
    for (int i = 0; i < bytes.length; i++) {
      int fromEnd = bytes.length - 1 - i;
      bytes[i] = (byte) (fromEnd < 8 ? low >>> 8 * fromEnd : high >>> 8 * (fromEnd - 8));
    }
    return bytes;
  }

  public InetAddress toInetAddress() {
    try {
      return InetAddress.getByAddress(toBytes());
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  public boolean isLoopback() {
    return family == IpFamily.IPV4 ? low >>> 24 == 127 : high == 0 && low == 1;
  }

  public boolean isLinkLocal() {
    return family == IpFamily.IPV4 ? low >>> 16 == 0xa9fe : high >>> 54 == 0xfe80 >>> 6;
  }

  /// The address after this one; after the last one it is the first.
  public IpAddress next() {
    if (family == IpFamily.IPV4) return v4((int) low + 1);
    return low == -1L ? v6(high + 1, 0) : v6(high, low + 1);
  }

  @Override
  public int compareTo(IpAddress other) {
    int byFamily = family.compareTo(other.family);
    if (byFamily != 0) return byFamily;
    int byHigh = Long.compareUnsigned(high, other.high);
    return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
  }

  @Override
  public String toString() {
    if (family == IpFamily.IPV4) {
      return (low >>> 24) + "." + (low >>> 16 & 255) + "." + (low >>> 8 & 255) + "." + (low & 255);
    }
    if (high == 0 && low >>> 32 == 0xffff) return "::ffff:" + v4((int) low);
    int[] groups = new int[8];
    for (int i = 0; i < 8; i++)
      groups[i] = (int) ((i < 4 ? high >>> 48 - 16 * i : low >>> 112 - 16 * i) & 0xffff);
    int bestStart = -1;
    int bestLength = 1; // RFC 5952 section 4.2.2: one zero group alone is not shortened
    for (int i = 0; i < 8; i++) {
      int j = i;
      while (j < 8 && groups[j] == 0) j++;
      if (j - i > bestLength) {
        bestStart = i;
        bestLength = j - i;
      }
      if (j > i) i = j;
    }
    var text = new StringBuilder();
    for (int i = 0; i < 8; i++) {
      if (i == bestStart) {
        text.append("::");
        i += bestLength - 1;
        continue;
      }
      if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') text.append(':');
      text.append(Integer.toHexString(groups[i]));
    }
    return text.toString();
  }
}
