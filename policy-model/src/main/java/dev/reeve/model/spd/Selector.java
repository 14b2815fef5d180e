package dev.reeve.model.spd;

import dev.reeve.model.ipsec.NetworkType;
import dev.reeve.model.net.IpFamily;
import dev.reeve.model.net.IpProtocol;
import dev.reeve.model.net.PortRange;
import dev.reeve.model.spd.SpdAddress.Me;
import java.util.Optional;

/// Which packets an entry is for: a directed 5-tuple (RFC 4301 section 4.4.1.1), never two
/// families.
public record Selector(
    SpdAddress source,
    SpdAddress destination,
    IpProtocol protocol,
    PortRange sourcePorts,
    PortRange destinationPorts,
    NetworkType networkType) {

  public Selector {
    if (source.family().isPresent()
        && destination.family().isPresent()
        && !source.family().equals(destination.family())) {
      throw new IllegalArgumentException(
          "selector from " + source + " to " + destination + " mixes IPv4 and IPv6");
    }
  }

  /// Empty when it matches packets of both families.
  public Optional<IpFamily> family() {
    return source.family().or(destination::family);
  }

  public Shape shape() {
    return Shape.of(this);
  }

  public boolean matches(Packet packet) {
    return source.matches(packet.source(), packet.sourceLocal())
        && destination.matches(packet.destination(), packet.destinationLocal())
        && (protocol.isAny() || protocol.equals(packet.protocol()))
        && sourcePorts.contains(packet.sourcePort())
        && destinationPorts.contains(packet.destinationPort())
        && (networkType == NetworkType.ALL || networkType == packet.network());
  }

  /// Whether it leaves out no traffic between the addresses that it matches.
  boolean isAllTraffic() {
    return protocol.isAny()
        && sourcePorts.isAny()
        && destinationPorts.isAny()
        && networkType == NetworkType.ALL;
  }

  /// Whether a packet could match both. `me` and a given address are taken to be different: which
  /// addresses a host has is not known here. What a host sends to itself does not count: it never
  /// leaves the loopback interface, where no entry applies.
  public boolean overlaps(Selector other) {
    boolean toItself =
        (source == Me.ME || other.source == Me.ME)
            && (destination == Me.ME || other.destination == Me.ME);
    return !toItself
        && source.overlaps(other.source)
        && destination.overlaps(other.destination)
        && (protocol.isAny() || other.protocol.isAny() || protocol.equals(other.protocol))
        && sourcePorts.overlaps(other.sourcePorts)
        && destinationPorts.overlaps(other.destinationPorts)
        && (networkType == NetworkType.ALL
            || other.networkType == NetworkType.ALL
            || networkType == other.networkType)
        && (family().isEmpty() || other.family().isEmpty() || family().equals(other.family()));
  }

  public Selector reversed() {
    return new Selector(destination, source, protocol, destinationPorts, sourcePorts, networkType);
  }

  @Override
  public String toString() {
    return end(source, sourcePorts)
        + " > "
        + end(destination, destinationPorts)
        + (protocol.isAny() ? "" : " " + protocol)
        + (networkType == NetworkType.ALL ? "" : " on " + networkType);
  }

  private static String end(SpdAddress address, PortRange ports) {
    if (ports.isAny()) return address.toString();
    boolean v6 = address.family().filter(f -> f == IpFamily.IPV6).isPresent();
    return (v6 ? "[" + address + "]" : address) + ":" + ports;
  }
}
