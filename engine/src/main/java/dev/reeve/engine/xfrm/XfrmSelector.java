package dev.reeve.engine.xfrm;

import dev.reeve.model.net.IpFamily;
import dev.reeve.model.net.IpPrefix;
import java.util.Optional;

/// Which packets, as the kernel can tell them apart: no ranges, but blocks of ports.
///
/// @param protocol 0 for any
/// @param sourcePort for ICMP and ICMPv6 the type; `destinationPort` is the code then
public record XfrmSelector(
    IpPrefix source,
    IpPrefix destination,
    int protocol,
    Optional<PortBlock> sourcePort,
    Optional<PortBlock> destinationPort) {

  private static final int ICMP = 1;
  private static final int ICMPV6 = 58;

  public XfrmSelector {
    if (source.family() != destination.family()) {
      throw new IllegalArgumentException(source + " and " + destination + " are of two families");
    }
  }

  public static final IpPrefix ALL_IPV4 = IpPrefix.parse("0.0.0.0/0");
  public static final IpPrefix ALL_IPV6 = IpPrefix.parse("::/0");

  public static IpPrefix all(IpFamily family) {
    return family == IpFamily.IPV4 ? ALL_IPV4 : ALL_IPV6;
  }

  /// Whether a packet could match both.
  public boolean overlaps(XfrmSelector other) {
    return overlap(source, other.source)
        && overlap(destination, other.destination)
        && (protocol == 0 || other.protocol == 0 || protocol == other.protocol)
        && overlap(sourcePort, other.sourcePort)
        && overlap(destinationPort, other.destinationPort);
  }

  private static boolean overlap(IpPrefix a, IpPrefix b) {
    return a.family() == b.family() && (a.contains(b.network()) || b.contains(a.network()));
  }

  private static boolean overlap(Optional<PortBlock> a, Optional<PortBlock> b) {
    return a.isEmpty() || b.isEmpty() || a.get().overlaps(b.get());
  }

  boolean isIcmp() {
    return protocol == ICMP || protocol == ICMPV6;
  }

  /// As `ip xfrm policy` takes it, but for a block of ports, which it cannot say.
  String toText() {
    var text = new StringBuilder("src ").append(prefix(source));
    text.append(" dst ").append(prefix(destination));
    if (protocol != 0) text.append(" proto ").append(protocol);
    if (isIcmp()) {
      sourcePort.ifPresent(type -> text.append(" type ").append(type));
      destinationPort.ifPresent(code -> text.append(" code ").append(code));
    } else {
      sourcePort.ifPresent(port -> text.append(" sport ").append(port));
      destinationPort.ifPresent(port -> text.append(" dport ").append(port));
    }
    return text.toString();
  }

  private static String prefix(IpPrefix prefix) {
    return prefix.network() + "/" + prefix.length();
  }

  @Override
  public String toString() {
    return toText();
  }
}
