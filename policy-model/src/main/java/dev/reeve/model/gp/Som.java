package dev.reeve.model.gp;

import java.util.List;

/// Scope of management: a site, domain or OU that GPOs are linked to.
///
/// @param links link order 1 first
/// @param complete false when a part of its links could not be understood: what it would have said
///   is unknown
public record Som(
    Dn dn, Kind kind, List<GpLink> links, boolean blocksInheritance, boolean complete) {

  public Som {
    links = List.copyOf(links);
  }

  /// One number for all it may be linked to: chains of containers are keys of large maps.
  @Override
  public int hashCode() {
    return dn.hashCode();
  }

  public enum Kind {
    SITE,
    DOMAIN,
    OU
  }
}
