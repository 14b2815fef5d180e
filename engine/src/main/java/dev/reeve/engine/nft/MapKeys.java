package dev.reeve.engine.nft;

import dev.reeve.engine.nft.NftMatch.End;
import dev.reeve.model.net.IpFamily;
import dev.reeve.model.spd.Selector;
import dev.reeve.model.spd.Shape;
import dev.reeve.model.spd.SpdAddress;
import java.util.ArrayList;
import java.util.List;

/// What a map of one shape is asked for, and a selector as an element of it.
final class MapKeys {

  private MapKeys() {}

  static List<NftKey> of(Shape shape) {
    var key = new ArrayList<NftKey>();
    address(End.SOURCE, shape.source(), key);
    address(End.DESTINATION, shape.destination(), key);
    if (shape.protocol()) key.add(NftKey.Protocol.PROTOCOL);
    if (shape.sourcePorts() != Shape.Ports.ANY) key.add(new NftKey.Port(End.SOURCE));
    if (shape.destinationPorts() != Shape.Ports.ANY) key.add(new NftKey.Port(End.DESTINATION));
    return key;
  }

  private static void address(End end, Shape.End given, List<NftKey> key) {
    switch (given.kind()) {
      case ANY, ME -> {}
      case IPV4, IPV6 -> {
        IpFamily family = given.kind() == Shape.Kind.IPV4 ? IpFamily.IPV4 : IpFamily.IPV6;
        if (given.bits() > 0) key.add(new NftKey.Address(end, family, given.bits()));
      }
      case IPV4_RANGE -> key.add(new NftKey.Address(end, IpFamily.IPV4, IpFamily.IPV4.bits()));
      case IPV6_RANGE -> key.add(new NftKey.Address(end, IpFamily.IPV6, IpFamily.IPV6.bits()));
    }
  }

  /// The parts in the order of [#of]: `10.0.0.0 . 6 . 80-89`.
  static String text(Selector selector) {
    var parts = new ArrayList<String>();
    address(selector.source(), parts);
    address(selector.destination(), parts);
    if (!selector.protocol().isAny()) parts.add(Integer.toString(selector.protocol().number()));
    if (!selector.sourcePorts().isAny()) parts.add(selector.sourcePorts().toString());
    if (!selector.destinationPorts().isAny()) parts.add(selector.destinationPorts().toString());
    return String.join(" . ", parts);
  }

  private static void address(SpdAddress address, List<String> parts) {
    switch (address) {
      case SpdAddress.Any _, SpdAddress.Me _ -> {}
      case SpdAddress.Prefix(var prefix) -> {
        if (prefix.length() > 0) parts.add(prefix.network().toString());
      }
      case SpdAddress.Range(var range) ->
          parts.add(
              range.first().equals(range.last()) ? range.first().toString() : range.toString());
    }
  }
}
