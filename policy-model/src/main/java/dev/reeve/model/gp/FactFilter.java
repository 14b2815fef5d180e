package dev.reeve.model.gp;

import java.util.List;

/// A WMI filter (`msWMI-Som`): all queries must return a row. We evaluate a documented WQL subset
/// over host facts.
///
/// @param queries never empty
public record FactFilter(Dn dn, String name, List<Query> queries) {
  public FactFilter {
    queries = List.copyOf(queries);
    if (queries.isEmpty()) throw new IllegalArgumentException("filter " + dn + " has no query");
  }

  /// @param namespace as written: `root\CIMv2`
  /// @param text WQL
  public record Query(String namespace, String text) {}
}
