package dev.reeve.engine.nft;

import dev.reeve.engine.nft.NftMatch.End;
import dev.reeve.engine.nft.NftMatch.Way;
import dev.reeve.model.ipsec.NetworkType;
import dev.reeve.model.net.AddressRange;
import dev.reeve.model.net.IpAddress;
import dev.reeve.model.net.IpFamily;
import dev.reeve.model.net.PortRange;
import dev.reeve.model.spd.Selector;
import dev.reeve.model.spd.SpdAddress;
import java.util.ArrayList;
import java.util.List;

/// A selector as the matches of rules: one list for each rule that it takes.
///
/// @param notMine addresses of this host that are nobody's but its own, and not meant by `me`
record Matches(List<IpAddress> notMine) {

  Matches {
    notMine = List.copyOf(notMine);
  }

  /// @param keyed what is left to match when values are looked up in a map
  List<List<NftMatch>> of(Selector selector, boolean keyed) {
    var result = new ArrayList<List<NftMatch>>();
    for (List<NftMatch> link : links(selector.networkType())) {
      for (List<NftMatch> ends : ends(selector, keyed)) {
        var matches = new ArrayList<>(ends);
        if (keyed && !link.isEmpty()) {
          // before the link: after it nft refuses a key of addresses unless their family is known
          selector.family().ifPresent(family -> matches.addFirst(new NftMatch.Family(family)));
        }
        if (!keyed) {
          if (!selector.protocol().isAny()) {
            matches.add(new NftMatch.Protocol(selector.protocol().number()));
          }
          ports(End.SOURCE, selector.sourcePorts(), matches);
          ports(End.DESTINATION, selector.destinationPorts(), matches);
        }
        matches.addAll(link); // last: after it nft takes addresses for those of that link layer
        result.add(List.copyOf(matches));
      }
    }
    return result;
  }

  /// An arriving packet has the network type of the interface it came by, a leaving one of the one
  /// it goes by.
  private static List<List<NftMatch>> links(NetworkType type) {
    int hardware =
        switch (type) {
          case ALL -> 0;
          case LAN -> NftMatch.Link.ETHER;
          case REMOTE -> NftMatch.Link.PPP;
        };
    if (type == NetworkType.ALL) return List.of(List.of());
    return List.of(
        List.of(Way.INBOUND, new NftMatch.Link(true, hardware)),
        List.of(new NftMatch.Link(false, hardware)));
  }

  private List<List<NftMatch>> ends(Selector selector, boolean keyed) {
    boolean me =
        selector.source() == SpdAddress.Me.ME || selector.destination() == SpdAddress.Me.ME;
    if (!me || notMine.isEmpty()) {
      return List.of(ends(selector, keyed, List.of()));
    }
    // A list of addresses is of one family, so "me, but not those" is said once for each.
    var result = new ArrayList<List<NftMatch>>();
    for (IpFamily family : IpFamily.values()) {
      if (selector.family().isPresent() && selector.family().get() != family) continue;
      var except = notMine.stream().filter(a -> a.family() == family).toList();
      var matches = new ArrayList<NftMatch>();
      if (selector.family().isEmpty() && except.isEmpty()) {
        matches.add(new NftMatch.Family(family));
      }
      matches.addAll(ends(selector, keyed, except));
      result.add(matches);
    }
    return result;
  }

  private static List<NftMatch> ends(Selector selector, boolean keyed, List<IpAddress> except) {
    var matches = new ArrayList<NftMatch>();
    end(End.SOURCE, selector.source(), keyed, except, matches);
    end(End.DESTINATION, selector.destination(), keyed, except, matches);
    return matches;
  }

  private static void end(
      End end, SpdAddress address, boolean keyed, List<IpAddress> except, List<NftMatch> matches) {
    switch (address) {
      case SpdAddress.Any _ -> {}
      case SpdAddress.Me _ -> {
        if (!except.isEmpty()) matches.add(NftMatch.Address.of(end, true, except));
      }
      case SpdAddress.Prefix(var prefix) -> {
        if (prefix.length() == 0) matches.add(new NftMatch.Family(prefix.family()));
        else if (!keyed) matches.add(NftMatch.Address.of(end, AddressRange.of(prefix)));
      }
      case SpdAddress.Range(var range) -> {
        if (!keyed) matches.add(NftMatch.Address.of(end, range));
      }
    }
  }

  static void ports(End end, PortRange ports, List<NftMatch> matches) {
    if (!ports.isAny()) matches.add(new NftMatch.Ports(end, ports));
  }
}
