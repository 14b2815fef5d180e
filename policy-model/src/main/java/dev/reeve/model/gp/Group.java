package dev.reeve.model.gp;

import java.util.Optional;
import java.util.Set;

/// A group of computers and of groups.
///
/// @param members direct members
public record Group(Dn dn, Optional<String> sid, Set<Dn> members) {
  public Group {
    members = Set.copyOf(members);
  }
}
