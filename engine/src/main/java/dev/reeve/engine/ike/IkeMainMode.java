package dev.reeve.engine.ike;

import dev.reeve.model.ipsec.DhGroup;
import dev.reeve.model.ipsec.MainMode;
import java.time.Duration;
import java.util.List;

/// What charon is told of a main mode. Whatever else two of them differ in, to charon they are one.
///
/// @param proposals in charon's words, most preferred first; empty when every one is weak
/// @param groups for quick modes that take theirs from it
public record IkeMainMode(Duration lifetime, List<String> proposals, List<DhGroup> groups) {

  public IkeMainMode {
    proposals = List.copyOf(proposals);
    groups = List.copyOf(groups);
  }

  public static IkeMainMode of(MainMode mainMode, boolean legacy) {
    return new IkeMainMode(
        mainMode.lifetime(), Proposals.of(mainMode, legacy), Proposals.groups(mainMode, legacy));
  }
}
