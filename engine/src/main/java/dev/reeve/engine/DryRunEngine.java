package dev.reeve.engine;

import dev.reeve.engine.nft.Gate;
import dev.reeve.engine.nft.NftTable;
import dev.reeve.engine.plan.EnginePlan;
import dev.reeve.engine.plan.EngineStep;
import dev.reeve.model.spd.HostPolicy;
import dev.reeve.model.spd.HostView;
import dev.reeve.model.spd.Spd;
import dev.reeve.model.spd.SymbolicSpd;
import dev.reeve.model.status.ApplyOutcome;
import dev.reeve.model.status.RuleStatus;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Shows the steps that the Linux engine would take, and takes none.
public final class DryRunEngine implements IpsecEngine {

  private final Consumer<String> out;
  private Optional<NftTable> shown = Optional.empty();

  /// @param out takes each step, and the text that nft would get
  public DryRunEngine(Consumer<String> out) {
    this.out = out;
  }

  @Override
  public String name() {
    return "dry-run";
  }

  @Override
  public ApplyOutcome apply(HostPolicy policy, HostView view) {
    Spd spd = SymbolicSpd.of(policy).resolve(view);
    Optional<NftTable> wanted = Gate.render(spd, view).table();
    List<EngineStep> steps = EnginePlan.between(shown, wanted);
    for (EngineStep step : steps) {
      out.accept(step.toString());
      if (step instanceof EngineStep.LoadGate(var table)) out.accept(table.toText());
    }
    shown = wanted;
    List<RuleStatus> rules =
        RuleStatuses.all(policy, spd, RuleStatus.State.NOT_ENFORCED, "dry run: shown, not done");
    return steps.isEmpty()
        ? new ApplyOutcome.Unchanged(rules)
        : new ApplyOutcome.Applied(steps.stream().map(EngineStep::toString).toList(), rules);
  }

  @Override
  public ObservedState observe() {
    return new ObservedState(false, List.of(), List.of());
  }

  @Override
  public void removeAll() {
    if (shown.isPresent()) out.accept(new EngineStep.RemoveGate().toString());
    shown = Optional.empty();
  }
}
