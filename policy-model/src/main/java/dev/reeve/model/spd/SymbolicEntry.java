package dev.reeve.model.spd;

import dev.reeve.model.ipsec.Filter;
import dev.reeve.model.ipsec.NetworkType;
import java.util.Comparator;

/// One direction of one filter of one active rule, before it is known which host it is for.
///
/// @param filter from its source to its destination only, whatever its `mirrored` says
/// @param tunnel belongs to a tunnel rule
public record SymbolicEntry(
    Filter filter,
    NetworkType networkType,
    SpdAction action,
    Weight weight,
    boolean tunnel,
    SpdEntry.Origin origin) {

  /// As [SpdEntry#ORDER]: resolving entries in this order keeps the order of their weights.
  static final Comparator<SymbolicEntry> ORDER =
      Comparator.comparing(SymbolicEntry::weight)
          .thenComparing(entry -> entry.action().strictness())
          .reversed()
          .thenComparing(entry -> entry.origin().store() != Store.PERSISTENT)
          .thenComparing(entry -> entry.filter().toString())
          .thenComparing(entry -> entry.origin().toString())
          .thenComparing(SymbolicEntry::tunnel);
}
