package dev.reeve.model.spd;

import dev.reeve.model.net.AddressRange;
import dev.reeve.model.net.IpAddress;
import dev.reeve.model.net.IpFamily;
import dev.reeve.model.net.PortRange;
import dev.reeve.model.spd.Spd.Conflict;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Function;

/// Finds entries of equal weight that overlap and want different things.
///
/// Within one weight the entries lie as intervals on four axes: source, destination and both ports.
/// The axis on which the fewest pairs overlap is swept, and only those pairs are looked at: filters
/// that differ in an address or a port cost n log n, not n².
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
    sweep(
        narrowest(entries),
        (a, b) -> {
          SpdEntry wins = entries.get(Math.min(a, b));
          SpdEntry loses = entries.get(Math.max(a, b));
          if (wins.action().equals(loses.action())) return;
          if (!wins.selector().overlaps(loses.selector())) return;
          winners[Math.max(a, b)] = Math.min(winners[Math.max(a, b)], Math.min(a, b));
        });
    for (int i = 0; i < winners.length; i++) {
      if (winners[i] < i) conflicts.add(new Conflict(entries.get(winners[i]), entries.get(i)));
    }
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

  private static List<Span> narrowest(List<SpdEntry> entries) {
    return List.of(
            axis(entries, (s, i) -> span(s.source(), i)),
            axis(entries, (s, i) -> span(s.destination(), i)),
            axis(entries, (s, i) -> span(s.sourcePorts(), i)),
            axis(entries, (s, i) -> span(s.destinationPorts(), i)))
        .stream()
        .max(Comparator.comparingLong(Conflicts::disjointPairs))
        .orElseThrow();
  }

  private interface Axis {
    Span span(Selector selector, int index);
  }

  private static List<Span> axis(List<SpdEntry> entries, Axis axis) {
    var spans = new ArrayList<Span>();
    for (int i = 0; i < entries.size(); i++) spans.add(axis.span(entries.get(i).selector(), i));
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
