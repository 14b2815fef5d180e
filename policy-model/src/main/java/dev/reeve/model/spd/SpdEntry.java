package dev.reeve.model.spd;

/// One line of the SPD.
///
/// @param origin where it comes from, for people and for reports
public record SpdEntry(Selector selector, SpdAction action, Weight weight, Origin origin) {

  /// @param ruleId the rule's GUID
  /// @param filter the filter in words
  public record Origin(Store store, String ruleId, String ruleName, String filter) {}
}
