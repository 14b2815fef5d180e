package dev.reeve.agent.join;

import dev.reeve.agent.disk.Membership;
import java.util.List;

/// What joining gave.
///
/// @param warnings for people; empty when all is well
public record Joined(Membership membership, List<String> warnings) {
  public Joined {
    warnings = List.copyOf(warnings);
  }
}
