package dev.reeve.model.spd;

import dev.reeve.model.net.IpAddress;
import dev.reeve.model.net.IpProtocol;
import dev.reeve.model.net.PortRange;
import java.util.List;

/// Traffic that passes the gate whatever the policy says, and why. It is this host's own traffic:
/// what it forwards for others is never exempt, and neither is what a tunnel rule matches.
///
/// @param reason for people: `IKE`, `DNS server 10.0.0.1`, …
/// @param peers empty for any peer
/// @param kind which packets of the peers' traffic
public record Exemption(
    String reason,
    Direction direction,
    IpProtocol protocol,
    List<IpAddress> peers,
    PortRange localPorts,
    PortRange peerPorts,
    Kind kind) {

  /// The UDP port of IKE and ESP behind a NAT (RFC 3948).
  static final int NAT_TRAVERSAL = 4500;

  public Exemption {
    peers = List.copyOf(peers);
  }

  public enum Direction {
    INBOUND,
    OUTBOUND
  }

  public enum Kind {
    /// Every packet that matches.
    ALL,
    /// Only answers to what the other end asked: a source port alone opens nothing.
    ANSWERS,
    /// IPv6 neighbour and router discovery: ICMPv6 types 133 to 137.
    NEIGHBOUR_DISCOVERY,
    /// That a packet of this host's was too large for a link on its way: ICMP type 3 code 4, ICMPv6
    /// type 2. Only of flows that this host takes part in.
    PATH_MTU,
    /// Packets to multicast and broadcast addresses.
    MULTICAST
  }

  /// Whether it lets pass what carries protected packets. They have this host's address, yet what
  /// is in them may come from a container whose port it publishes.
  public boolean isCarrier() {
    return protocol.equals(IpProtocol.ESP)
        || protocol.equals(IpProtocol.AH)
        || protocol.equals(IpProtocol.UDP) && localPorts.equals(PortRange.of(NAT_TRAVERSAL));
  }

  /// Whether it keeps this host in reach of one server that it asks.
  boolean isLifeline() {
    return direction == Direction.OUTBOUND && !peers.isEmpty() && !peerPorts.isAny();
  }

  public boolean matches(Packet packet) {
    boolean outbound = direction == Direction.OUTBOUND;
    if (packet.way() != (outbound ? Packet.Way.OUTBOUND : Packet.Way.INBOUND)) return false;
    if (!protocol.isAny() && !protocol.equals(packet.protocol())) return false;
    IpAddress peer = outbound ? packet.destination() : packet.source();
    if (!peers.isEmpty() && !peers.contains(peer)) return false;
    int localPort = outbound ? packet.sourcePort() : packet.destinationPort();
    int peerPort = outbound ? packet.destinationPort() : packet.sourcePort();
    if (!localPorts.contains(localPort) || !peerPorts.contains(peerPort)) return false;
    return switch (kind) {
      case ALL -> true;
      case ANSWERS -> packet.answer();
      case NEIGHBOUR_DISCOVERY -> packet.sourcePort() >= 133 && packet.sourcePort() <= 137;
      case PATH_MTU -> packet.answer() && isTooBig(packet);
      case MULTICAST -> packet.isToMany();
    };
  }

  private static boolean isTooBig(Packet packet) {
    return packet.protocol().equals(IpProtocol.ICMPV6)
        ? packet.sourcePort() == 2
        : packet.sourcePort() == 3 && packet.destinationPort() == 4;
  }

  /// `IKE: outbound udp, local port 500`.
  @Override
  public String toString() {
    var text = new StringBuilder(reason).append(": ");
    text.append(direction == Direction.OUTBOUND ? "outbound" : "inbound");
    if (!protocol.isAny()) text.append(' ').append(protocol);
    if (!peers.isEmpty()) {
      text.append(direction == Direction.OUTBOUND ? " to" : " from");
      peers.forEach(peer -> text.append(' ').append(peer));
    }
    if (!localPorts.isAny()) text.append(", local port ").append(localPorts);
    if (!peerPorts.isAny()) text.append(", peer port ").append(peerPorts);
    return switch (kind) {
      case ALL -> text.toString();
      case ANSWERS -> text.append(", answers only").toString();
      case NEIGHBOUR_DISCOVERY -> text.append(", types 133-137").toString();
      case PATH_MTU -> text.append(", too big, of this host's flows only").toString();
      case MULTICAST -> text.append(", to multicast and broadcast addresses").toString();
    };
  }
}
