package dev.reeve.model.spd;

import dev.reeve.model.ipsec.NetworkType;
import dev.reeve.model.net.IpAddress;
import dev.reeve.model.net.IpFamily;
import dev.reeve.model.net.IpProtocol;

/// A packet as it is on the wire of one host: what a lookup needs to know of it.
///
/// @param sourcePort 0 for a protocol without ports, the type for ICMP and ICMPv6 (RFC 4301 section
///   4.4.1.1 keeps it in the same place); the code is `destinationPort`
/// @param sourceLocal whether the source is one of this host's addresses that are "me"
/// @param answer belongs to a flow that this host began, in the direction towards it
/// @param network the kind of the interface; `ALL` when it is neither LAN nor remote
public record Packet(
    Way way,
    IpAddress source,
    IpAddress destination,
    IpProtocol protocol,
    int sourcePort,
    int destinationPort,
    boolean sourceLocal,
    boolean destinationLocal,
    boolean answer,
    NetworkType network) {

  public enum Way {
    INBOUND,
    OUTBOUND,
    FORWARDED
  }

  /// A first packet from this host, on a LAN.
  public static Packet outbound(
      IpAddress me, IpAddress peer, IpProtocol protocol, int sourcePort, int destinationPort) {
    return new Packet(
        Way.OUTBOUND,
        me,
        peer,
        protocol,
        sourcePort,
        destinationPort,
        true,
        false,
        false,
        NetworkType.LAN);
  }

  /// A first packet to this host, on a LAN.
  public static Packet inbound(
      IpAddress peer, IpAddress me, IpProtocol protocol, int sourcePort, int destinationPort) {
    return new Packet(
        Way.INBOUND,
        peer,
        me,
        protocol,
        sourcePort,
        destinationPort,
        false,
        true,
        false,
        NetworkType.LAN);
  }

  /// What comes back when this packet is answered.
  public Packet answered() {
    return new Packet(
        switch (way) {
          case INBOUND -> Way.OUTBOUND;
          case OUTBOUND -> Way.INBOUND;
          case FORWARDED -> Way.FORWARDED;
        },
        destination,
        source,
        protocol,
        destinationPort,
        sourcePort,
        destinationLocal,
        sourceLocal,
        way == Way.OUTBOUND,
        network);
  }

  /// To a multicast group or to everyone; a subnet's own broadcast address only the kernel knows.
  public boolean isToMany() {
    return destination.family() == IpFamily.IPV4
        ? destination.low() >>> 28 == 0xe || destination.low() == 0xffff_ffffL
        : destination.high() >>> 56 == 0xff;
  }
}
