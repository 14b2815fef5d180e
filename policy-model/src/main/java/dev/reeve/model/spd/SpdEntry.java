package dev.reeve.model.spd;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/// One line of the SPD.
///
/// @param passage of a tunnel rule or not: exemptions do not apply to what those match
/// @param origin where it comes from, for people and for reports
public record SpdEntry(
    Selector selector, SpdAction action, Weight weight, Passage passage, Origin origin) {

  /// The order of an SPD: most specific first; of equally specific ones the stricter, then the
  /// persistent, then by their shapes, so that those one look-up can decide stand together, and by
  /// their texts. The last two mean nothing but never change.
  private static final Comparator<Placed> ORDER =
      Comparator.comparing((Placed placed) -> placed.entry.weight())
          .thenComparing(placed -> placed.entry.action().strictness())
          .reversed()
          .thenComparing(placed -> placed.entry.origin().store() != Store.PERSISTENT)
          .thenComparing(Placed::shape)
          .thenComparing(Placed::text)
          .thenComparing(placed -> placed.entry.origin().store())
          .thenComparing(placed -> placed.entry.origin().ruleId())
          .thenComparing(placed -> placed.entry.origin().filter())
          .thenComparing(placed -> placed.entry.origin().ruleName())
          .thenComparing(placed -> placed.entry.passage());

  /// An entry with what sorting asks of it again and again.
  private record Placed(SpdEntry entry, Shape shape, String text) {
    static Placed of(SpdEntry entry) {
      return new Placed(entry, entry.selector().shape(), entry.selector().toString());
    }
  }

  /// Whether it belongs to a tunnel rule.
  public boolean tunnel() {
    return passage != Passage.DIRECT;
  }

  /// Without repetition, in SPD order.
  static List<SpdEntry> ordered(Collection<SpdEntry> entries) {
    return entries.stream().distinct().map(Placed::of).sorted(ORDER).map(Placed::entry).toList();
  }

  /// @param ruleId the rule's GUID
  /// @param filter the filter in words
  public record Origin(Store store, String ruleId, String ruleName, String filter) {

    @Override
    public String toString() {
      return store + " " + ruleId + " '" + ruleName + "' [" + filter + "]";
    }
  }
}
