package dev.reeve.model.spd;

import dev.reeve.model.ipsec.Filter;
import dev.reeve.model.ipsec.NetworkType;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/// One direction of one filter of one active rule, before it is known which host it is for.
///
/// @param filter from its source to its destination only, whatever its `mirrored` says
public record SymbolicEntry(
    Filter filter,
    NetworkType networkType,
    SpdAction action,
    Weight weight,
    Passage passage,
    SpdEntry.Origin origin) {

  /// As in an SPD: resolving entries in this order keeps the order of their weights.
  private static final Comparator<Placed> ORDER =
      Comparator.comparing((Placed placed) -> placed.entry.weight())
          .thenComparing(placed -> placed.entry.action().strictness())
          .reversed()
          .thenComparing(placed -> placed.entry.origin().store() != Store.PERSISTENT)
          .thenComparing(Placed::text)
          .thenComparing(placed -> placed.entry.origin().toString())
          .thenComparing(placed -> placed.entry.passage());

  /// An entry with what sorting asks of it again and again.
  private record Placed(SymbolicEntry entry, String text) {}

  /// Without repetition, in order.
  static List<SymbolicEntry> ordered(Collection<SymbolicEntry> entries) {
    return entries.stream()
        .distinct()
        .map(entry -> new Placed(entry, entry.filter().toString()))
        .sorted(ORDER)
        .map(Placed::entry)
        .toList();
  }
}
