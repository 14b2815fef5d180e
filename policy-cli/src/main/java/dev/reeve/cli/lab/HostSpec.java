package dev.reeve.cli.lab;

import java.util.List;

/// A host of the lab: a computer of the directory, with the addresses the sample domain gives it.
///
/// @param name its cn; 13 characters at most
/// @param addresses with prefix length, IPv4 first
/// @param behindNat whether it is behind the lab's NAT, whose address others see
public record HostSpec(String name, List<String> addresses, boolean behindNat) {

  /// What it has on the switch, IPv4 first, and where hosts behind it go.
  static final List<String> NAT_OUTSIDE = List.of("10.77.10.9/24", "fd77::10:9/64");

  static final List<String> NAT_INSIDE = List.of("10.78.0.9/24", "fd78::9/64");

  public static final List<HostSpec> SAMPLE =
      List.of(
          new HostSpec("web-01", List.of("10.77.10.11/24", "fd77::10:11/64")),
          new HostSpec("db-01", List.of("10.77.10.12/24", "fd77::10:12/64")),
          new HostSpec("client-01", List.of("10.77.10.21/24", "fd77::10:21/64")));

  /// Two more, for what takes a few hosts; the sample domain has other addresses for them.
  public static final List<HostSpec> MORE =
      List.of(
          new HostSpec("files-01", List.of("10.77.10.13/24", "fd77::10:13/64")),
          new HostSpec("mail-01", List.of("10.77.10.14/24", "fd77::10:14/64")));

  /// Two computers that no directory knows.
  public static final List<HostSpec> OUTSIDE =
      List.of(
          new HostSpec("outside-01", List.of("10.77.10.31/24", "fd77::10:31/64")),
          new HostSpec("outside-02", List.of("10.77.10.32/24", "fd77::10:32/64")));

  static final HostSpec SERVER = new HostSpec("server", List.of("10.77.10.1/24", "fd77::10:1/64"));

  public HostSpec(String name, List<String> addresses) {
    this(name, addresses, false);
  }

  public HostSpec {
    addresses = List.copyOf(addresses);
    if (name.length() > 13) throw new IllegalArgumentException(name + ": too long for a link name");
  }

  /// The same host in the network behind the lab's NAT.
  public HostSpec movedBehindNat() {
    String number = address().substring(address().lastIndexOf('.') + 1);
    return new HostSpec(
        name, List.of("10.78.0." + number + "/24", "fd78::" + number + "/64"), true);
  }

  /// The address that hosts on the switch see.
  public String seenAs(boolean ipv6) {
    return behindNat ? bare(NAT_OUTSIDE.get(ipv6 ? 1 : 0)) : address(ipv6);
  }

  /// Where others call it.
  public String address(boolean ipv6) {
    return ipv6 ? address6() : address();
  }

  /// The first address, without its prefix length.
  public String address() {
    return bare(addresses.getFirst());
  }

  /// The first IPv6 address; else the first.
  public String address6() {
    return addresses.stream()
        .filter(a -> a.indexOf(':') >= 0)
        .findFirst()
        .map(HostSpec::bare)
        .orElseGet(this::address);
  }

  static String bare(String address) {
    return address.substring(0, address.indexOf('/'));
  }
}
