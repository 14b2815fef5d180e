package dev.reeve.engine;

import dev.reeve.model.spd.Store;
import java.util.List;

/// What was read back from the kernel.
///
/// @param differences from what was applied last, in words; empty when it stands as it was left, or
///   when nothing was applied since the engine started
/// @param traffic what was dropped, or stayed in clear under a request, since the gate was loaded
public record ObservedState(boolean gate, List<String> differences, List<RuleTraffic> traffic) {

  public ObservedState {
    differences = List.copyOf(differences);
    traffic = List.copyOf(traffic);
  }

  /// Whether somebody else changed what we applied.
  public boolean drifted() {
    return !differences.isEmpty();
  }

  /// A forwarded packet that stays in clear counts twice: it is on two wires.
  public record RuleTraffic(Store store, String ruleId, long packets, long bytes) {}
}
