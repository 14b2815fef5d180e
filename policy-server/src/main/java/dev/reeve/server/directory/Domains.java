package dev.reeve.server.directory;

import dev.reeve.model.gp.Dn;
import java.util.List;
import java.util.Set;

/// The domains that are read, each a naming context of its own.
///
/// @param first its forest's sites and subnets count
/// @param further above it, below it or beside it
public record Domains(Dn first, List<Dn> further) {

  public Domains {
    further = List.copyOf(further);
    for (Dn other : further)
      if (other.equals(first) || further.stream().filter(other::equals).count() > 1)
        throw new IllegalArgumentException(other + " is read once");
  }

  /// Whether a source speaks of a name. It speaks of the domains it reads; a name is in the nearest
  /// domain above it. The forest's configuration, which may stand below another of its domains, is
  /// read with the first; a further domain's own sites are nobody's, or they would take hosts of
  /// ours for theirs.
  ///
  /// @param read the domains that the source reads
  boolean speaks(Set<Dn> read, Dn name) {
    Dn nearest = nearest(name);
    boolean configuration =
        !nearest.equals(first) && name.isUnder(nearest.below("CN=Configuration"));
    if (!configuration) return read.contains(nearest);
    return read.contains(first) && !read.contains(nearest) && !nearest.isUnder(first);
  }

  private Dn nearest(Dn name) {
    Dn nearest = first;
    for (Dn other : further)
      if (name.isUnder(other) && (!name.isUnder(nearest) || other.isUnder(nearest)))
        nearest = other;
    return nearest;
  }
}
