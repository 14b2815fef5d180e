package dev.reeve.engine.nft;

import dev.reeve.engine.nft.NftMatch.End;
import dev.reeve.engine.nft.NftMatch.Way;
import dev.reeve.engine.nft.NftRule.Verdict;
import dev.reeve.engine.nft.NftRule.Verdict.Accept;
import dev.reeve.model.net.IpAddress;
import dev.reeve.model.net.IpFamily;
import dev.reeve.model.net.IpProtocol;
import dev.reeve.model.net.PortRange;
import dev.reeve.model.spd.Exemption;
import dev.reeve.model.spd.Exemption.Direction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What passes the gate whatever the policy says, and what carries tunnels.
final class Exempt {

  static final String CHAIN = "exempt";
  static final String CARRIER = "carrier";

  private Exempt() {}

  /// @param tunnels whether there are any, whose carrier passes too
  static NftChain chain(List<Exemption> exemptions, boolean tunnels) {
    var rules = new ArrayList<NftRule>();
    if (tunnels) rules.add(NftRule.of(new Verdict.Jump(CARRIER)));
    exemptions.stream()
        .flatMap(exemption -> rules(exemption).stream())
        .distinct()
        .forEach(rules::add);
    return new NftChain(CHAIN, Optional.empty(), rules);
  }

  /// What carries a tunnel, and what finds the neighbour that it is sent to.
  static NftChain carrier() {
    var rules = new ArrayList<NftRule>();
    for (IpFamily family : IpFamily.values()) {
      var matches = new ArrayList<NftMatch>();
      matches.add(new NftMatch.Local(End.DESTINATION));
      tooBig(family, matches);
      rules.add(new NftRule(matches, Optional.empty(), Accept.ACCEPT));
    }
    for (End end : End.values()) {
      var local = new NftMatch.Local(end);
      for (IpProtocol protocol : List.of(IpProtocol.ESP, IpProtocol.AH)) {
        rules.add(NftRule.of(Accept.ACCEPT, local, new NftMatch.Protocol(protocol.number())));
      }
      for (int port : new int[] {500, 4500}) {
        rules.add(
            NftRule.of(
                Accept.ACCEPT,
                local,
                new NftMatch.Protocol(IpProtocol.UDP.number()),
                new NftMatch.Ports(end, PortRange.of(port))));
      }
    }
    rules.add(
        NftRule.of(
            Accept.ACCEPT,
            new NftMatch.Protocol(IpProtocol.ICMPV6.number()),
            NftMatch.NeighbourDiscovery.NEIGHBOUR_DISCOVERY));
    return new NftChain(CARRIER, Optional.empty(), rules);
  }

  private static void tooBig(IpFamily family, List<NftMatch> matches) {
    boolean v4 = family == IpFamily.IPV4;
    matches.add(new NftMatch.Protocol((v4 ? IpProtocol.ICMP : IpProtocol.ICMPV6).number()));
    matches.add(new NftMatch.IcmpType(family, v4 ? 3 : 2));
    if (v4) matches.add(new NftMatch.IcmpCode(4));
    matches.add(NftMatch.Related.RELATED);
  }

  static List<NftRule> rules(Exemption exemption) {
    if (exemption.peers().isEmpty()) return List.of(rule(exemption, List.of()));
    return Stream.of(IpFamily.values())
        .map(family -> exemption.peers().stream().filter(p -> p.family() == family).toList())
        .filter(peers -> !peers.isEmpty())
        .map(peers -> rule(exemption, peers))
        .toList();
  }

  private static NftRule rule(Exemption exemption, List<IpAddress> peers) {
    boolean outbound = exemption.direction() == Direction.OUTBOUND;
    End local = outbound ? End.SOURCE : End.DESTINATION;
    End peer = outbound ? End.DESTINATION : End.SOURCE;
    var matches = new ArrayList<NftMatch>();
    // What the kernel itself sends for IPv6 neighbours has an incoming interface: the outgoing one.
    if (outbound && exemption.isCarrier()) {
      matches.add(new NftMatch.Local(End.SOURCE));
      matches.add(NftMatch.OwnSource.OWN_SOURCE);
    } else if (exemption.kind() != Exemption.Kind.NEIGHBOUR_DISCOVERY) {
      matches.add(outbound ? Way.OUTBOUND : Way.INBOUND);
    }
    if (!peers.isEmpty()) matches.add(NftMatch.Address.of(peer, false, peers));
    if (!exemption.protocol().isAny() && exemption.kind() != Exemption.Kind.PATH_MTU) {
      matches.add(new NftMatch.Protocol(exemption.protocol().number()));
    }
    Matches.ports(local, exemption.localPorts(), matches);
    Matches.ports(peer, exemption.peerPorts(), matches);
    switch (exemption.kind()) {
      case ALL -> {}
      case ANSWERS -> matches.add(NftMatch.Answer.ANSWER);
      case NEIGHBOUR_DISCOVERY -> matches.add(NftMatch.NeighbourDiscovery.NEIGHBOUR_DISCOVERY);
      case PATH_MTU ->
          tooBig(
              exemption.protocol().equals(IpProtocol.ICMP) ? IpFamily.IPV4 : IpFamily.IPV6,
              matches);
      case MULTICAST -> matches.add(NftMatch.ToMany.TO_MANY);
    }
    return new NftRule(matches, Optional.empty(), Accept.ACCEPT);
  }
}
