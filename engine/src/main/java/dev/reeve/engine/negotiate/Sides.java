package dev.reeve.engine.negotiate;

import dev.reeve.engine.xfrm.OwnAddress;
import dev.reeve.engine.xfrm.PortBlock;
import dev.reeve.engine.xfrm.XfrmSelector;
import dev.reeve.model.ipsec.NetworkType;
import dev.reeve.model.net.AddressRange;
import dev.reeve.model.net.IpAddress;
import dev.reeve.model.net.IpFamily;
import dev.reeve.model.net.IpPrefix;
import dev.reeve.model.net.PortRange;
import dev.reeve.model.spd.HostView;
import dev.reeve.model.spd.Selector;
import dev.reeve.model.spd.SpdAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Turns the ends of a selector into what the kernel's policies can say.
final class Sides {

  /// More policies than this for one pair of addresses would make each packet's lookup slow.
  static final int MOST_PORTS = 64;

  private Sides() {}

  /// Which of the host's own addresses that end means: of a rule for one network type, those of its
  /// interfaces.
  static List<IpAddress> local(
      SpdAddress end, NetworkType network, List<OwnAddress> own, List<IpAddress> notMe) {
    return own.stream()
        .filter(o -> network == NetworkType.ALL || network == o.network())
        .map(OwnAddress::address)
        .filter(address -> end.matches(address, !notMe.contains(address)))
        .toList();
  }

  /// What an end means within a tunnel, where others are served too.
  static List<IpPrefix> inner(
      Selector selector, SpdAddress end, IpFamily family, Means means, HostView view) {
    if (end != SpdAddress.Me.ME) return remote(end, family);
    return local(end, selector.networkType(), means.addresses(), view.privateAddresses()).stream()
        .filter(own -> own.family() == family)
        .map(IpPrefix::of)
        .toList();
  }

  /// The peers that an end means, in one family.
  static List<IpPrefix> remote(SpdAddress end, IpFamily family) {
    return switch (end) {
      case SpdAddress.Any _ -> List.of(XfrmSelector.all(family));
      case SpdAddress.Me _ -> List.of(); // what a host sends to itself is never on a wire
      case SpdAddress.Prefix(var prefix) -> prefix.family() == family ? List.of(prefix) : List.of();
      case SpdAddress.Range(var range) -> range.family() == family ? prefixes(range) : List.of();
    };
  }

  /// The fewest prefixes that hold just these addresses.
  static List<IpPrefix> prefixes(AddressRange range) {
    var prefixes = new ArrayList<IpPrefix>();
    IpAddress next = range.first();
    while (true) {
      IpPrefix widest = IpPrefix.of(next);
      for (int length = range.family().bits() - 1; length >= 0; length--) {
        IpPrefix wider = IpPrefix.containing(next, length);
        if (!wider.first().equals(next) || wider.last().compareTo(range.last()) > 0) break;
        widest = wider;
      }
      prefixes.add(widest);
      if (widest.last().equals(range.last())) return prefixes;
      next = widest.last().next();
    }
  }

  /// A single empty one for any port.
  static List<Optional<PortBlock>> ports(PortRange ports) {
    if (ports.isAny()) return List.of(Optional.empty());
    return PortBlock.of(ports).stream().map(Optional::of).toList();
  }

  /// Ranges at both ends multiply.
  static boolean tooMany(PortRange source, PortRange destination) {
    return ports(source).size() * ports(destination).size() > MOST_PORTS;
  }
}
