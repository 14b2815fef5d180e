package dev.reeve.engine;

import dev.reeve.engine.negotiate.Means;
import dev.reeve.engine.plan.EnginePlan;
import dev.reeve.engine.plan.EngineStep;
import dev.reeve.engine.plan.Installed;
import dev.reeve.engine.plan.Wanted;
import dev.reeve.model.spd.HostPolicy;
import dev.reeve.model.spd.HostView;
import dev.reeve.model.spd.Spd;
import dev.reeve.model.spd.SymbolicSpd;
import dev.reeve.model.status.ApplyOutcome;
import dev.reeve.model.status.IpsecActivity;
import dev.reeve.model.status.RuleStatus;
import java.util.List;
import java.util.function.Consumer;

/// Shows the steps that the Linux engine would take, and takes none.
public final class DryRunEngine implements IpsecEngine {

  public static final String NAME = "dry-run";

  private final Consumer<String> out;
  private final Means means;
  private Installed shown = Installed.NOTHING;

  /// One that cannot negotiate.
  ///
  /// @param out takes each step, and the text that nft and ip would get
  public DryRunEngine(Consumer<String> out) {
    this(out, Means.none("the dry run has nothing to negotiate with"));
  }

  /// @param means what the host would negotiate with
  public DryRunEngine(Consumer<String> out, Means means) {
    this.out = out;
    this.means = means;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public ApplyOutcome apply(HostPolicy policy, HostView view) {
    Spd spd = SymbolicSpd.of(policy).resolve(view);
    Wanted wanted = Wanted.of(policy, spd, view, means);
    List<EngineStep> steps = EnginePlan.between(shown, wanted);
    for (EngineStep step : steps) {
      out.accept(step.toString());
      if (step instanceof EngineStep.LoadGate(var table)) out.accept(table.toText());
      if (step instanceof EngineStep.ChangePolicies policies) out.accept(policies.toText());
    }
    shown = Installed.asDone(wanted);
    List<RuleStatus> rules =
        new RuleStatuses(policy, spd, wanted.negotiations())
            .all(RuleStatus.State.NOT_ENFORCED, "dry run: shown, not done");
    return steps.isEmpty()
        ? new ApplyOutcome.Unchanged(rules)
        : new ApplyOutcome.Applied(steps.stream().map(EngineStep::toString).toList(), rules);
  }

  @Override
  public ObservedState observe() {
    return new ObservedState(false, List.of(), IpsecActivity.NONE);
  }

  @Override
  public void removeAll() {
    if (shown.gate().isPresent()) out.accept(new EngineStep.RemoveGate().toString());
    shown = Installed.NOTHING;
  }
}
