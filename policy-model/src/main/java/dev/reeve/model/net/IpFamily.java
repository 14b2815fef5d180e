package dev.reeve.model.net;

/// The two address families.
public enum IpFamily {
  IPV4(32),
  IPV6(128);

  private final int bits;

  IpFamily(int bits) {
    this.bits = bits;
  }

  /// Bits in an address: 32 or 128.
  public int bits() {
    return bits;
  }
}
