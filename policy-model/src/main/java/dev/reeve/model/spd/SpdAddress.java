package dev.reeve.model.spd;

import dev.reeve.model.net.AddressRange;
import dev.reeve.model.net.IpAddress;
import dev.reeve.model.net.IpFamily;
import dev.reeve.model.net.IpPrefix;
import java.util.Optional;

/// One side of a selector once the host is known.
///
/// `Me` stays symbolic: the kernel itself knows every local address, also one that appears later.
public sealed interface SpdAddress {

  enum Any implements SpdAddress {
    ANY;

    @Override
    public String toString() {
      return "any";
    }
  }

  enum Me implements SpdAddress {
    ME;

    @Override
    public String toString() {
      return "me";
    }
  }

  record Prefix(IpPrefix prefix) implements SpdAddress {
    @Override
    public String toString() {
      return prefix.toString();
    }
  }

  record Range(AddressRange range) implements SpdAddress {
    @Override
    public String toString() {
      return range.toString();
    }
  }

  /// @param local whether `address` is one of the host's own
  default boolean matches(IpAddress address, boolean local) {
    return switch (this) {
      case Any _ -> true;
      case Me _ -> local;
      case Prefix(var prefix) -> prefix.contains(address);
      case Range(var range) -> range.contains(address);
    };
  }

  /// Whether both could match one address; `me` and a given address are taken to be different.
  default boolean overlaps(SpdAddress other) {
    if (this == Any.ANY || other == Any.ANY) return true;
    if (this == Me.ME || other == Me.ME) return this == other;
    return range().overlaps(other.range());
  }

  /// The addresses of a prefix or range.
  private AddressRange range() {
    return switch (this) {
      case Prefix(var prefix) -> AddressRange.of(prefix);
      case Range(var range) -> range;
      case Any _, Me _ -> throw new IllegalStateException(this + " is no range");
    };
  }

  /// The family it is bound to; empty for `me` and `any`.
  default Optional<IpFamily> family() {
    return switch (this) {
      case Any _, Me _ -> Optional.empty();
      case Prefix(var prefix) -> Optional.of(prefix.family());
      case Range(var range) -> Optional.of(range.family());
    };
  }
}
