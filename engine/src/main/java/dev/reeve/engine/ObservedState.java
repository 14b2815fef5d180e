package dev.reeve.engine;

import dev.reeve.model.status.IpsecActivity;
import java.util.List;

/// What was read back from the kernel and from charon.
///
/// @param differences from what was applied last, in words; empty when it stands as it was left, or
///   when nothing was applied since the engine started
/// @param activity associations, what was dropped or stayed in clear since the engine started,
///   peers that could not be agreed with
public record ObservedState(boolean gate, List<String> differences, IpsecActivity activity) {

  public ObservedState {
    differences = List.copyOf(differences);
  }

  /// Whether somebody else changed what we applied.
  public boolean drifted() {
    return !differences.isEmpty();
  }
}
