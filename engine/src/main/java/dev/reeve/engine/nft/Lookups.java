package dev.reeve.engine.nft;

import dev.reeve.model.ipsec.NetworkType;
import dev.reeve.model.net.IpAddress;
import dev.reeve.model.net.IpPrefix;
import dev.reeve.model.net.PortRange;
import dev.reeve.model.spd.Selector;
import dev.reeve.model.spd.Shape;
import dev.reeve.model.spd.SpdAddress;
import dev.reeve.model.spd.SpdEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Packs the entries of an SPD into few look-ups that, asked one after another, give every packet
/// the verdict that the entries give it one by one.
///
/// An entry joins the last look-up of its shape when nothing in between could decide one of its
/// packets otherwise. Whether two shapes share a packet is asked of hash tables over the bits both
/// of them fix, so that packing costs entries × look-ups, not entries². Where a range is involved
/// the answer errs to yes: that costs a look-up, never a verdict.
final class Lookups {

  /// What a packet that an entry matches meets, to tell whether two entries differ.
  interface Target extends Function<SpdEntry, Object> {}

  /// @param entries no packet matches two of them
  record Lookup(Shape shape, List<SpdEntry> entries) {
    Lookup {
      entries = List.copyOf(entries);
    }
  }

  private final Target target;
  private final List<Table> tables = new ArrayList<>();

  private Lookups(Target target) {
    this.target = target;
  }

  /// @param ordered in SPD order: the first match decides
  static List<Lookup> of(List<SpdEntry> ordered, Target target) {
    var lookups = new Lookups(target);
    ordered.forEach(lookups::place);
    return lookups.tables.stream().map(t -> new Lookup(t.shape, t.entries)).toList();
  }

  private void place(SpdEntry entry) {
    Shape shape = entry.selector().shape();
    Object wanted = target.apply(entry);
    Optional<Table> home = Optional.empty();
    for (int i = tables.size() - 1; i >= 0 && home.isEmpty(); i--) {
      Table table = tables.get(i);
      if (table.shape.equals(shape)) {
        if (table.holds(entry.selector())) return; // no packet is left for this one
        if (table.isDisjoint(entry.selector())) home = Optional.of(table);
      }
      if (home.isEmpty() && table.mayDecideOtherwise(entry.selector(), shape, wanted)) break;
    }
    Table table =
        home.orElseGet(() -> {
          var fresh = new Table(shape);
          tables.add(fresh);
          return fresh;
        });
    table.add(entry, wanted);
  }

  /// What both of two shapes fix of a selector: equal keys are shared packets.
  private record Key(
      IpPrefix source, IpPrefix destination, int protocol, int sourcePort, int destinationPort) {}

  private static final IpPrefix OPEN = IpPrefix.containing(IpAddress.v4(0), 0);

  /// Several entries of one key with different targets.
  private static final Object MIXED = new Object();

  private static final class Table {
    final Shape shape;
    final List<SpdEntry> entries = new ArrayList<>();
    private final List<Object> targets = new ArrayList<>();
    private final Map<Key, List<Selector>> own = new HashMap<>();
    private final Map<Shape, Optional<Map<Key, Object>>> shared = new HashMap<>();

    Table(Shape shape) {
      this.shape = shape;
    }

    boolean holds(Selector selector) {
      return own.getOrDefault(key(selector, shape, shape), List.of()).contains(selector);
    }

    boolean isDisjoint(Selector selector) {
      return own.getOrDefault(key(selector, shape, shape), List.of()).stream()
          .noneMatch(other -> intersect(other, selector));
    }

    /// @param other the shape of `selector`
    boolean mayDecideOtherwise(Selector selector, Shape other, Object wanted) {
      Optional<Map<Key, Object>> index = shared.computeIfAbsent(other, this::index);
      if (index.isEmpty()) return false;
      Object found = index.get().get(key(selector, other, shape));
      return found != null && !found.equals(wanted);
    }

    private Optional<Map<Key, Object>> index(Shape other) {
      if (areApart(shape, other)) return Optional.empty();
      var index = new HashMap<Key, Object>();
      for (int i = 0; i < entries.size(); i++) put(index, other, i);
      return Optional.of(index);
    }

    private void put(Map<Key, Object> index, Shape other, int i) {
      Object unused =
          index.merge(
              key(entries.get(i).selector(), shape, other),
              targets.get(i),
              (a, b) -> a.equals(b) ? a : MIXED);
    }

    void add(SpdEntry entry, Object wanted) {
      entries.add(entry);
      targets.add(wanted);
      own.computeIfAbsent(key(entry.selector(), shape, shape), _ -> new ArrayList<>())
          .add(entry.selector());
      int last = entries.size() - 1;
      shared.forEach((other, index) -> index.ifPresent(map -> put(map, other, last)));
    }
  }

  /// Two selectors of one shape that agree in all but their ranges.
  private static boolean intersect(Selector a, Selector b) {
    return meet(a.source(), b.source())
        && meet(a.destination(), b.destination())
        && a.sourcePorts().overlaps(b.sourcePorts())
        && a.destinationPorts().overlaps(b.destinationPorts());
  }

  private static boolean meet(SpdAddress a, SpdAddress b) {
    return !(a instanceof SpdAddress.Range(var one))
        || !(b instanceof SpdAddress.Range(var other))
        || one.overlaps(other);
  }

  /// No packet can have both shapes, whatever the values. What a host sends to itself never meets
  /// an entry, so "from me" and "to me" are apart; "me" may be any given address.
  private static boolean areApart(Shape a, Shape b) {
    boolean toItself =
        (isMe(a.source()) || isMe(b.source())) && (isMe(a.destination()) || isMe(b.destination()));
    boolean otherLink =
        a.networkType() != b.networkType()
            && a.networkType() != NetworkType.ALL
            && b.networkType() != NetworkType.ALL;
    return toItself || otherLink || mixed(a.source(), b.source(), a.destination(), b.destination());
  }

  private static boolean isMe(Shape.End end) {
    return end.kind() == Shape.Kind.ME;
  }

  private static boolean mixed(Shape.End... ends) {
    boolean v4 = false;
    boolean v6 = false;
    for (Shape.End end : ends) {
      switch (end.kind()) {
        case ANY, ME -> {}
        case IPV4, IPV4_RANGE -> v4 = true;
        case IPV6, IPV6_RANGE -> v6 = true;
      }
    }
    return v4 && v6;
  }

  /// The part of `selector`, which has the shape `own`, that `other` fixes as well.
  private static Key key(Selector selector, Shape own, Shape other) {
    return new Key(
        prefix(selector.source(), own.source(), other.source()),
        prefix(selector.destination(), own.destination(), other.destination()),
        own.protocol() && other.protocol() ? selector.protocol().number() : -1,
        port(selector.sourcePorts(), own.sourcePorts(), other.sourcePorts()),
        port(selector.destinationPorts(), own.destinationPorts(), other.destinationPorts()));
  }

  private static IpPrefix prefix(SpdAddress address, Shape.End own, Shape.End other) {
    if (!(address instanceof SpdAddress.Prefix(var prefix)) || own.kind() != other.kind())
      return OPEN;
    int length = Math.min(own.bits(), other.bits());
    return length == prefix.length() ? prefix : IpPrefix.containing(prefix.network(), length);
  }

  private static int port(PortRange ports, Shape.Ports own, Shape.Ports other) {
    return own == Shape.Ports.ONE && other == Shape.Ports.ONE ? ports.first() : -1;
  }
}
