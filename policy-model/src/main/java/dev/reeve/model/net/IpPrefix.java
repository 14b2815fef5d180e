package dev.reeve.model.net;

/// A subnet, or one address when `length` is the family's full number of bits.
///
/// The text form is CIDR; a single address prints without a length. Host bits are refused, not
/// dropped: a mask that does not fit its network is a typing error somewhere.
public record IpPrefix(IpAddress network, int length) implements Comparable<IpPrefix> {

  public IpPrefix {
    if (length < 0 || length > network.family().bits()) {
      throw new IllegalArgumentException(
          "prefix length "
              + length
              + " of "
              + network
              + ", expected 0.."
              + network.family().bits());
    }
    if (!masked(network, length).equals(network)) {
      throw new IllegalArgumentException(
          network + "/" + length + " has host bits set; the network is " + masked(network, length));
    }
  }

  public static IpPrefix of(IpAddress address) {
    return new IpPrefix(address, address.family().bits());
  }

  /// The prefix of that length which holds `address`.
  public static IpPrefix containing(IpAddress address, int length) {
    return new IpPrefix(masked(address, length), length);
  }

  /// Reads `10.1.0.0/16`, `2001:db8::/32` or a bare address.
  ///
  /// @throws IllegalArgumentException naming the text
  public static IpPrefix parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) return of(IpAddress.parse(text));
    String digits = text.substring(slash + 1);
    if (digits.isEmpty()
        || digits.length() > 3
        || !digits.chars().allMatch(c -> c >= '0' && c <= '9')
        || digits.length() > 1 && digits.charAt(0) == '0') {
      throw new IllegalArgumentException("'" + text + "' has no prefix length after the slash");
    }
    return new IpPrefix(IpAddress.parse(text.substring(0, slash)), Integer.parseInt(digits));
  }

  private static IpAddress masked(IpAddress address, int length) {
    if (address.family() == IpFamily.IPV4) {
      return IpAddress.v4(length == 0 ? 0 : (int) address.low() & -1 << 32 - length);
    }
    long high =
        length == 0 ? 0 : length >= 64 ? address.high() : address.high() & -1L << 64 - length;
    long low = length <= 64 ? 0 : address.low() & -1L << 128 - length;
    return IpAddress.v6(high, low);
  }

  public IpFamily family() {
    return network.family();
  }

  public boolean isSingleAddress() {
    return length == family().bits();
  }

  public boolean contains(IpAddress address) {
    return address.family() == family() && masked(address, length).equals(network);
  }

  public boolean contains(IpPrefix other) {
    return other.length >= length && contains(other.network);
  }

  public IpAddress first() {
    return network;
  }

  public IpAddress last() {
    if (family() == IpFamily.IPV4) {
      return IpAddress.v4(
          (int) network.low() | (length == 0 ? -1 : (int) (0xffff_ffffL >>> length)));
    }
    long high = length >= 64 ? network.high() : network.high() | -1L >>> length;
    long low = length == 128 ? network.low() : network.low() | -1L >>> Math.max(0, length - 64);
    return IpAddress.v6(high, low);
  }

  @Override
  public int compareTo(IpPrefix other) {
    int byNetwork = network.compareTo(other.network);
    return byNetwork != 0 ? byNetwork : Integer.compare(length, other.length);
  }

  @Override
  public String toString() {
    return isSingleAddress() ? network.toString() : network + "/" + length;
  }
}
