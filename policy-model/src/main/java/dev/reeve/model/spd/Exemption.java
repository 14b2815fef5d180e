package dev.reeve.model.spd;

import dev.reeve.model.net.IpAddress;
import dev.reeve.model.net.IpProtocol;
import dev.reeve.model.net.PortRange;
import java.util.List;

/// Traffic that passes the gate whatever the policy says, and why. Exemptions never apply to tunnel
/// rules.
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
    /// Only answers to what this host asked: a source port alone opens nothing.
    ANSWERS,
    /// IPv6 neighbour and router discovery: ICMPv6 types 133 to 137.
    NEIGHBOUR_DISCOVERY,
    /// Packets to multicast and broadcast addresses.
    MULTICAST
  }
}
