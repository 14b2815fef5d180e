package dev.reeve.model.spd;

import dev.reeve.model.net.AddressRange;
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

  /// The family it is bound to; empty for `me` and `any`.
  default Optional<IpFamily> family() {
    return switch (this) {
      case Any _, Me _ -> Optional.empty();
      case Prefix(var prefix) -> Optional.of(prefix.family());
      case Range(var range) -> Optional.of(range.family());
    };
  }
}
