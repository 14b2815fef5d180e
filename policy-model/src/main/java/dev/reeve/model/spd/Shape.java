package dev.reeve.model.spd;

import dev.reeve.model.ipsec.NetworkType;
import dev.reeve.model.net.IpFamily;
import dev.reeve.model.net.PortRange;
import java.util.Comparator;

/// Which fields a selector gives, and how, without their values. Selectors of one shape that give
/// no ranges match disjoint packets unless they are equal, so that one look-up decides among all of
/// them (tuple space search: Srinivasan, Suri and Varghese, SIGCOMM 1999).
public record Shape(
    End source,
    End destination,
    boolean protocol,
    Ports sourcePorts,
    Ports destinationPorts,
    NetworkType networkType)
    implements Comparable<Shape> {

  private static final Comparator<Shape> ORDER =
      Comparator.comparing(Shape::source)
          .thenComparing(Shape::destination)
          .thenComparing(Shape::protocol)
          .thenComparing(Shape::sourcePorts)
          .thenComparing(Shape::destinationPorts)
          .thenComparing(Shape::networkType);

  public enum Kind {
    ANY,
    ME,
    IPV4,
    IPV6,
    IPV4_RANGE,
    IPV6_RANGE
  }

  /// @param bits the prefix length; 0 unless `kind` is a prefix
  public record End(Kind kind, int bits) implements Comparable<End> {

    static End of(SpdAddress address) {
      return switch (address) {
        case SpdAddress.Any _ -> new End(Kind.ANY, 0);
        case SpdAddress.Me _ -> new End(Kind.ME, 0);
        case SpdAddress.Prefix(var prefix) ->
            new End(prefix.family() == IpFamily.IPV4 ? Kind.IPV4 : Kind.IPV6, prefix.length());
        case SpdAddress.Range(var range) ->
            new End(range.family() == IpFamily.IPV4 ? Kind.IPV4_RANGE : Kind.IPV6_RANGE, 0);
      };
    }

    public boolean isPrefix() {
      return kind == Kind.IPV4 || kind == Kind.IPV6;
    }

    public boolean isRange() {
      return kind == Kind.IPV4_RANGE || kind == Kind.IPV6_RANGE;
    }

    @Override
    public int compareTo(End other) {
      int byKind = kind.compareTo(other.kind);
      return byKind != 0 ? byKind : Integer.compare(bits, other.bits);
    }
  }

  public enum Ports {
    ANY,
    ONE,
    RANGE;

    static Ports of(PortRange ports) {
      if (ports.isAny()) return ANY;
      return ports.first() == ports.last() ? ONE : RANGE;
    }
  }

  static Shape of(Selector selector) {
    return new Shape(
        End.of(selector.source()),
        End.of(selector.destination()),
        !selector.protocol().isAny(),
        Ports.of(selector.sourcePorts()),
        Ports.of(selector.destinationPorts()),
        selector.networkType());
  }

  /// Whether two different selectors of this shape may match one packet.
  public boolean hasRanges() {
    return source.isRange()
        || destination.isRange()
        || sourcePorts == Ports.RANGE
        || destinationPorts == Ports.RANGE;
  }

  @Override
  public int compareTo(Shape other) {
    return ORDER.compare(this, other);
  }
}
