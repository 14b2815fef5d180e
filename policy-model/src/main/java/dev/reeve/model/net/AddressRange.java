package dev.reeve.model.net;

/// All addresses from `first` to `last`, both included; text form `10.0.0.5-10.0.0.9`.
public record AddressRange(IpAddress first, IpAddress last) {

  public AddressRange {
    if (first.family() != last.family()) {
      throw new IllegalArgumentException("range " + first + "-" + last + " mixes IPv4 and IPv6");
    }
    if (first.compareTo(last) > 0) {
      throw new IllegalArgumentException("range " + first + "-" + last + " ends before it starts");
    }
  }

  public static AddressRange of(IpPrefix prefix) {
    return new AddressRange(prefix.first(), prefix.last());
  }

  /// @throws IllegalArgumentException naming the text
  public static AddressRange parse(String text) {
    int dash = text.indexOf('-');
    if (dash < 0)
      throw new IllegalArgumentException("'" + text + "' is not a range; expected FIRST-LAST");
    return new AddressRange(
        IpAddress.parse(text.substring(0, dash).strip()),
        IpAddress.parse(text.substring(dash + 1).strip()));
  }

  public IpFamily family() {
    return first.family();
  }

  public boolean contains(IpAddress address) {
    return address.family() == family()
        && first.compareTo(address) <= 0
        && address.compareTo(last) <= 0;
  }

  public boolean overlaps(AddressRange other) {
    return family() == other.family()
        && first.compareTo(other.last) <= 0
        && other.first.compareTo(last) <= 0;
  }

  @Override
  public String toString() {
    return first + "-" + last;
  }
}
