package dev.reeve.model.spd;

import dev.reeve.model.net.AddressRange;
import dev.reeve.model.net.IpAddress;
import dev.reeve.model.net.IpFamily;
import dev.reeve.model.net.PortRange;
import dev.reeve.model.spd.Spd.Conflict;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.function.Function;

/// Finds entries of equal weight that overlap and want different things.
///
/// Within one weight and one shape (which ends are any, me, given) the entries lie as intervals on
/// four axes: source, destination and both ports. The axis on which the fewest pairs overlap is
/// swept, and only those pairs are looked at: filters that differ in an address or a port cost n
/// log n, not n².
final class Conflicts {

  private Conflicts() {}

  /// @param ordered in SPD order
  static List<Conflict> in(List<SpdEntry> ordered) {
    var conflicts = new ArrayList<Conflict>();
    for (int start = 0, end; start < ordered.size(); start = end) {
      Weight weight = ordered.get(start).weight();
      for (end = start + 1; end < ordered.size(); end++) {
        if (!ordered.get(end).weight().equals(weight)) break;
      }
      group(distinct(ordered.subList(start, end)), conflicts);
    }
    return conflicts;
  }

  private record Meaning(Selector selector, SpdAction action) {}

  private static List<SpdEntry> distinct(List<SpdEntry> entries) {
    var seen = new HashSet<Meaning>();
    return entries.stream().filter(e -> seen.add(new Meaning(e.selector(), e.action()))).toList();
  }

  private static void group(List<SpdEntry> entries, List<Conflict> conflicts) {
    if (entries.stream().map(SpdEntry::action).distinct().count() < 2) return;
    int[] winners = new int[entries.size()];
    Arrays.fill(winners, Integer.MAX_VALUE);
    Pair compare =
        (a, b) -> {
          SpdEntry wins = entries.get(Math.min(a, b));
          SpdEntry loses = entries.get(Math.max(a, b));
          if (wins.action().equals(loses.action())) return;
          if (!wins.selector().overlaps(loses.selector())) return;
          winners[Math.max(a, b)] = Math.min(winners[Math.max(a, b)], Math.min(a, b));
        };
    var shapes = new TreeMap<Integer, List<Integer>>();
    for (int i = 0; i < entries.size(); i++) {
      shapes.computeIfAbsent(shape(entries.get(i).selector()), _ -> new ArrayList<>()).add(i);
    }
    shapes.forEach((left, ones) ->
        shapes
            .tailMap(left, true)
            .forEach((right, others) -> {
              if (!mayMeet(left / 3, right / 3) || !mayMeet(left % 3, right % 3)) return;
              var both = new ArrayList<>(ones);
              if (!left.equals(right)) both.addAll(others);
              var side = new BitSet();
              if (!left.equals(right)) others.forEach(side::set);
              sweep(
                  narrowest(entries, both),
                  left.equals(right)
                      ? compare
                      : (a, b) -> {
                        if (side.get(a) != side.get(b)) compare.visit(a, b);
                      });
            }));
    for (int i = 0; i < winners.length; i++) {
      if (winners[i] < i) conflicts.add(new Conflict(entries.get(winners[i]), entries.get(i)));
    }
  }

  /// Entries of one shape have the same kinds of ends, so that one axis tells most of them apart.
  private static int shape(Selector selector) {
    return 3 * kind(selector.source()) + kind(selector.destination());
  }

  private static int kind(SpdAddress address) {
    return switch (address) {
      case SpdAddress.Any _ -> 0;
      case SpdAddress.Me _ -> 1;
      case SpdAddress.Prefix _, SpdAddress.Range _ -> 2;
    };
  }

  private static boolean mayMeet(int kind, int other) {
    return kind == 0 || other == 0 || kind == other;
  }

  /// A place on an axis: `realm` keeps IPv4, IPv6 and "me" apart.
  private record Point(int realm, long high, long low) implements Comparable<Point> {
    static final Point FIRST = new Point(-1, 0, 0);
    static final Point LAST = new Point(9, 0, 0);

    static Point of(IpAddress address) {
      return new Point(address.family() == IpFamily.IPV4 ? 0 : 1, address.high(), address.low());
    }

    @Override
    public int compareTo(Point other) {
      int result = Integer.compare(realm, other.realm);
      if (result == 0) result = Long.compareUnsigned(high, other.high);
      return result != 0 ? result : Long.compareUnsigned(low, other.low);
    }
  }

  /// @param index of the entry in its group
  private record Span(Point first, Point last, int index) {}

  private static Span span(SpdAddress address, int index) {
    return switch (address) {
      case SpdAddress.Any _ -> new Span(Point.FIRST, Point.LAST, index);
      case SpdAddress.Me _ -> new Span(new Point(2, 0, 0), new Point(2, 0, 0), index);
      case SpdAddress.Prefix(var prefix) -> span(AddressRange.of(prefix), index);
      case SpdAddress.Range(var range) -> span(range, index);
    };
  }

  private static Span span(AddressRange range, int index) {
    return new Span(Point.of(range.first()), Point.of(range.last()), index);
  }

  private static Span span(PortRange ports, int index) {
    return new Span(new Point(0, 0, ports.first()), new Point(0, 0, ports.last()), index);
  }

  private static List<Span> narrowest(List<SpdEntry> entries, List<Integer> some) {
    return List.of(
            axis(entries, some, (s, i) -> span(s.source(), i)),
            axis(entries, some, (s, i) -> span(s.destination(), i)),
            axis(entries, some, (s, i) -> span(s.sourcePorts(), i)),
            axis(entries, some, (s, i) -> span(s.destinationPorts(), i)))
        .stream()
        .max(Comparator.comparingLong(Conflicts::disjointPairs))
        .orElseThrow();
  }

  private interface Axis {
    Span span(Selector selector, int index);
  }

  private static List<Span> axis(List<SpdEntry> entries, List<Integer> some, Axis axis) {
    var spans = new ArrayList<Span>();
    for (int i : some) spans.add(axis.span(entries.get(i).selector(), i));
    spans.sort(Comparator.comparing(Span::first));
    return spans;
  }

  /// Every pair of spans of which one ends before the other begins, counted once.
  private static long disjointPairs(List<Span> byFirst) {
    List<Point> lasts = sorted(byFirst, Span::last);
    long pairs = 0;
    int ended = 0;
    for (Span span : byFirst) {
      while (ended < lasts.size() && lasts.get(ended).compareTo(span.first()) < 0) ended++;
      pairs += ended;
    }
    return pairs;
  }

  private static List<Point> sorted(List<Span> spans, Function<Span, Point> end) {
    return spans.stream().map(end).sorted().toList();
  }

  private interface Pair {
    void visit(int a, int b);
  }

  private static void sweep(List<Span> byFirst, Pair pair) {
    var open = new PriorityQueue<Span>(Comparator.comparing(Span::last));
    for (Span span : byFirst) {
      while (!open.isEmpty() && open.element().last().compareTo(span.first()) < 0) open.remove();
      for (Span other : open) pair.visit(other.index(), span.index());
      open.add(span);
    }
  }
}
