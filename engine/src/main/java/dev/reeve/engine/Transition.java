package dev.reeve.engine;

import dev.reeve.engine.plan.EnginePlan;
import dev.reeve.engine.plan.EngineStep;
import dev.reeve.engine.plan.Installed;
import dev.reeve.engine.plan.Wanted;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// From one whole state to another, or back.
///
/// @param previous what to go back to; empty when nothing was applied before
record Transition(Host host, Optional<Wanted> previous) {

  /// What holds policy: the kernel and charon.
  interface Host {
    Installed read() throws EngineException;

    void carryOut(EngineStep step) throws EngineException;
  }

  /// How far it came.
  sealed interface Result {
    /// All of it.
    record Done() implements Result {}

    /// Not to the end.
    ///
    /// @param step in words, the one that failed
    /// @param detail why, and what holds now
    record Failed(String step, String detail) implements Result {}
  }

  /// @param steps to `wanted`
  Result make(List<EngineStep> steps, Wanted wanted) {
    for (EngineStep step : steps) {
      try {
        host.carryOut(step);
      } catch (EngineException e) {
        return new Result.Failed(step.toString(), e.getMessage() + "; " + back(wanted));
      }
    }
    return new Result.Done();
  }

  /// @return what came of it, in words
  private String back(Wanted wanted) {
    if (previous.isEmpty()) return "nothing is known to go back to: what was done stays";
    if (previous.get().equals(wanted)) return "what was done stays";
    // A peer that was revoked meanwhile stays so.
    Wanted before =
        new Wanted(
            previous.get().gate(),
            previous.get().negotiations(),
            wanted.checks(),
            previous.get().verified(),
            previous.get().nat());
    // Open is no state to go back to: the new gate drops what cannot be secured.
    if (before.isOpen() && !wanted.isOpen()) {
      String stays = wanted.gate().table().isPresent() ? "the gate" : "what was done";
      return "there was no policy before to go back to: " + stays + " of the new one stays";
    }
    try {
      List<EngineStep> steps = gateLast(EnginePlan.between(host.read(), before));
      for (EngineStep step : steps) carryOutBack(step);
      if (steps.isEmpty()) return "the policy before still holds";
      return "rolled back to the policy before in " + steps.size() + " steps";
    } catch (EngineException e) {
      return "the way back to the policy before failed too: "
          + e.getMessage()
          + "; the gate stays as it is and drops what is not secured as it demands";
    }
  }

  private void carryOutBack(EngineStep step) throws EngineException {
    try {
      host.carryOut(step);
    } catch (EngineException e) {
      throw new EngineException(step + ": " + e.getMessage(), e);
    }
  }

  /// The newer policy's gate lets nothing pass that the newer policy forbids, whatever the rest
  /// holds: it gives way only to a policy that is whole again.
  private static List<EngineStep> gateLast(List<EngineStep> steps) {
    var rest = new ArrayList<EngineStep>();
    var gate = new ArrayList<EngineStep>();
    for (EngineStep step : steps) (step instanceof EngineStep.LoadGate ? gate : rest).add(step);
    rest.addAll(gate);
    return rest;
  }
}
