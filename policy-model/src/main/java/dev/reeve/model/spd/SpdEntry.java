package dev.reeve.model.spd;

import java.util.Comparator;

/// One line of the SPD.
///
/// @param tunnel belongs to a tunnel rule: exemptions do not apply to what it matches
/// @param origin where it comes from, for people and for reports
public record SpdEntry(
    Selector selector, SpdAction action, Weight weight, boolean tunnel, Origin origin) {

  /// The order of an SPD: most specific first; of equally specific ones the stricter, then the
  /// persistent, then by their shapes, so that those one look-up can decide stand together, and by
  /// their texts. The last two mean nothing but never change.
  static final Comparator<SpdEntry> ORDER =
      Comparator.comparing(SpdEntry::weight)
          .thenComparing(entry -> entry.action().strictness())
          .reversed()
          .thenComparing(entry -> entry.origin().store() != Store.PERSISTENT)
          .thenComparing(entry -> entry.selector().shape())
          .thenComparing(entry -> entry.selector().toString())
          .thenComparing(entry -> entry.origin().store())
          .thenComparing(entry -> entry.origin().ruleId())
          .thenComparing(entry -> entry.origin().filter())
          .thenComparing(entry -> entry.origin().ruleName())
          .thenComparing(SpdEntry::tunnel);

  /// @param ruleId the rule's GUID
  /// @param filter the filter in words
  public record Origin(Store store, String ruleId, String ruleName, String filter) {

    @Override
    public String toString() {
      return store + " " + ruleId + " '" + ruleName + "' [" + filter + "]";
    }
  }
}
