package dev.reeve.model.gp;

import java.util.List;

/// A WMI filter (`msWMI-Som`): all queries must return a row. We evaluate a documented WQL subset
/// over host facts.
///
/// @param queries WQL text, never empty
public record FactFilter(Dn dn, String name, List<String> queries) {
  public FactFilter {
    queries = List.copyOf(queries);
  }
}
