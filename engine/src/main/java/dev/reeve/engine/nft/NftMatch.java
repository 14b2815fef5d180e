package dev.reeve.engine.nft;

import dev.reeve.model.net.AddressRange;
import dev.reeve.model.net.IpAddress;
import dev.reeve.model.net.IpFamily;
import dev.reeve.model.net.IpPrefix;
import dev.reeve.model.net.PortRange;
import java.util.List;
import java.util.stream.Collectors;

/// One condition of a rule: the few that the gate uses. `toText` is what nft reads.
public sealed interface NftMatch {

  enum End {
    SOURCE,
    DESTINATION;

    String address() {
      return this == SOURCE ? "saddr" : "daddr";
    }

    String port() {
      return this == SOURCE ? "sport" : "dport";
    }
  }

  /// The address is one of this host's, also one that appeared a moment ago.
  record Local(End end) implements NftMatch {}

  /// The address is (or, negated, is none) of these; they are of one family, and a packet of the
  /// other family never matches.
  ///
  /// @param ranges sorted, never empty; several are single addresses
  record Address(End end, boolean negated, List<AddressRange> ranges) implements NftMatch {
    public Address {
      ranges = List.copyOf(ranges);
    }

    static Address of(End end, AddressRange range) {
      return new Address(end, false, List.of(range));
    }

    static Address of(End end, boolean negated, List<IpAddress> addresses) {
      return new Address(
          end,
          negated,
          addresses.stream().sorted().distinct().map(a -> new AddressRange(a, a)).toList());
    }
  }

  record Family(IpFamily family) implements NftMatch {}

  record Protocol(int number) implements NftMatch {}

  /// Ports of TCP or UDP; stands beside a [Protocol].
  record Ports(End end, PortRange ports) implements NftMatch {}

  /// ICMPv6 types 133 to 137; stands beside a [Protocol].
  enum NeighbourDiscovery implements NftMatch {
    NEIGHBOUR_DISCOVERY
  }

  /// Stands beside a [Protocol]: ICMP for IPv4, ICMPv6 for IPv6.
  record IcmpType(IpFamily family, int type) implements NftMatch {}

  /// Stands beside an [IcmpType] of IPv4.
  record IcmpCode(int code) implements NftMatch {}

  /// What a packet to or from UDP port 4500 carries: IKE starts with four zeros (RFC 3948), and
  /// what keeps a NAT awake is too short to be either.
  enum InUdp implements NftMatch {
    IKE,
    PROTECTED
  }

  /// Tells of an error in a flow that is known.
  enum Related implements NftMatch {
    RELATED
  }

  /// Which way a packet goes. At prerouting and input no outgoing interface is known yet; at
  /// postrouting a packet of this host has no incoming one.
  enum Way implements NftMatch {
    INBOUND,
    OUTBOUND
  }

  /// The kind of interface, by its hardware type (ARPHRD in Linux' if_arp.h).
  record Link(boolean incoming, int hardware) implements NftMatch {
    static final int ETHER = 1;
    static final int PPP = 512;
  }

  enum Loopback implements NftMatch {
    INCOMING,
    OUTGOING
  }

  /// Belongs to a flow that the other side did not begin.
  enum Answer implements NftMatch {
    ANSWER
  }

  /// Belongs to a flow that was let through before, or tells of an error in one.
  enum Established implements NftMatch {
    ESTABLISHED
  }

  /// The flow's destination was changed after prerouting.
  enum Redirected implements NftMatch {
    REDIRECTED
  }

  /// The source is not one that a translation put there.
  enum OwnSource implements NftMatch {
    OWN_SOURCE
  }

  enum ToMany implements NftMatch {
    TO_MANY
  }

  /// Came, or will leave, protected by an association with this request id. nft takes the incoming
  /// form only where packets arrive and the outgoing one only where they leave.
  ///
  /// @param layer the order in which the kernel undid, or will do, it: 0 is the first
  record Secured(boolean incoming, int layer, long reqid) implements NftMatch {}

  /// Something read back that the gate never writes.
  record Foreign(String json) implements NftMatch {}

  default String toText() {
    return switch (this) {
      case Local(var end) -> "fib " + end.address() + " type local";
      case Address address -> text(address);
      case Family(var family) -> "meta nfproto " + (family == IpFamily.IPV4 ? "ipv4" : "ipv6");
      case Protocol(var number) -> "meta l4proto " + number;
      case Ports(var end, var ports) -> "th " + end.port() + " " + ports;
      case NeighbourDiscovery _ -> "icmpv6 type 133-137";
      case IcmpType(var family, var type) ->
          (family == IpFamily.IPV4 ? "icmp" : "icmpv6") + " type " + type;
      case IcmpCode(var code) -> "icmp code " + code;
      case InUdp what -> "@th,64,32 " + (what == InUdp.IKE ? "0" : "!= 0");
      case Related _ -> "ct state related";
      case Way way -> way == Way.INBOUND ? "oif 0" : "iif 0";
      case Link(var incoming, var hardware) ->
          "meta " + (incoming ? "iiftype " : "oiftype ") + hardware;
      case Loopback side -> (side == Loopback.INCOMING ? "iifname" : "oifname") + " \"lo\"";
      case Established _ -> "ct state established,related";
      case Answer _ -> "ct direction reply";
      case Redirected _ -> "ct status dnat";
      case OwnSource _ -> "ct status ! snat";
      case ToMany _ -> "fib daddr type { broadcast, multicast }";
      case Secured(var incoming, var layer, var reqid) ->
          "ipsec "
              + (incoming ? "in" : "out")
              + (layer == 0 ? "" : " spnum " + layer)
              + " reqid "
              + reqid;
      case Foreign(var json) -> json;
    };
  }

  private static String text(Address address) {
    AddressRange first = address.ranges().getFirst();
    String text =
        (first.family() == IpFamily.IPV4 ? "ip " : "ip6 ")
            + address.end().address()
            + (address.negated() ? " != " : " ");
    if (address.ranges().size() == 1) return text + text(first);
    return text
        + address.ranges().stream()
            .map(NftMatch::text)
            .collect(Collectors.joining(", ", "{ ", " }"));
  }

  private static String text(AddressRange range) {
    for (int length = 0; length <= range.family().bits(); length++) {
      IpPrefix prefix = IpPrefix.containing(range.first(), length);
      if (AddressRange.of(prefix).equals(range)) return prefix.toString();
    }
    return range.toString();
  }
}
