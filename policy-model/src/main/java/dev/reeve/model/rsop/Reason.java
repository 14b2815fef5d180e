package dev.reeve.model.rsop;

/// Why a link was denied, in the order in which the reasons are checked. An open list: readers
/// tolerate more.
public enum Reason {
  LINK_DISABLED,
  INHERITANCE_BLOCKED,
  GPO_MISSING,
  GPO_UNREADABLE,
  FUNCTIONALITY_VERSION,
  GPO_DISABLED,
  SECURITY_FILTERED,
  EMPTY,
  FACT_FILTERED
}
