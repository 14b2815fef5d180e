package dev.reeve.schema.ms;

/// The two forms of a list of filters.
public enum FilterForm {
  /// As Windows 2000 to 2003 write it: IPv4, single ports, no ranges.
  A,
  /// As Vista and later write it, with a block for what form A cannot say.
  B
}
