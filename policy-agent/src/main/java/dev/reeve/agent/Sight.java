package dev.reeve.agent;

import dev.reeve.agent.dynamic.DynamicPolicy;
import dev.reeve.engine.ObservedState;
import dev.reeve.model.spd.HostPolicy;
import dev.reeve.model.spd.Spd;
import dev.reeve.model.spd.Store;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// What is in force on this host and what happens now, as the loop saw it at one moment.
///
/// @param changed since when each store says what it says, as far as this agent knows
/// @param observed empty when the engine could not be asked
/// @param problem why not; empty otherwise
record Sight(
    HostPolicy policy,
    Spd spd,
    DynamicPolicy dynamic,
    Map<Store, Instant> changed,
    Optional<ObservedState> observed,
    String problem) {
  Sight {
    changed = Map.copyOf(changed);
  }
}
