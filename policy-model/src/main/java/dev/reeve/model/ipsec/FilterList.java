package dev.reeve.model.ipsec;

import java.util.List;

/// Filters under one name. Their order means nothing: the most specific filter wins.
///
/// @param id the GUID with braces, upper case
public record FilterList(String id, String name, String description, List<Filter> filters) {
  public FilterList {
    filters = List.copyOf(filters);
  }
}
