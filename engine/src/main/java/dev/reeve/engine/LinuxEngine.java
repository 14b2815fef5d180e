package dev.reeve.engine;

import dev.reeve.engine.nft.Gate;
import dev.reeve.engine.nft.Nft;
import dev.reeve.engine.nft.NftException;
import dev.reeve.engine.nft.NftTable;
import dev.reeve.engine.plan.EnginePlan;
import dev.reeve.engine.plan.EngineStep;
import dev.reeve.model.spd.HostPolicy;
import dev.reeve.model.spd.HostView;
import dev.reeve.model.spd.Spd;
import dev.reeve.model.spd.SymbolicSpd;
import dev.reeve.model.status.ApplyOutcome;
import dev.reeve.model.status.RuleStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Enforces policy with nftables. Peers cannot negotiate yet: what must be secured is dropped.
public final class LinuxEngine implements IpsecEngine {

  private final Nft nft;
  private Optional<Gate.Rendered> applied = Optional.empty();

  public LinuxEngine(Nft nft) {
    this.nft = nft;
  }

  @Override
  public String name() {
    return "linux";
  }

  @Override
  public ApplyOutcome apply(HostPolicy policy, HostView view) throws EngineException {
    Spd spd = SymbolicSpd.of(policy).resolve(view);
    Gate.Rendered wanted = Gate.render(spd, view);
    List<EngineStep> steps = EnginePlan.between(read(), wanted.table());
    if (steps.isEmpty()) {
      applied = Optional.of(wanted);
      return new ApplyOutcome.Unchanged(RuleStatuses.enforced(policy, spd));
    }
    var done = new ArrayList<String>();
    for (EngineStep step : steps) {
      try {
        carryOut(step);
      } catch (NftException e) {
        return failed(step.toString(), String.valueOf(e.getMessage()), policy, spd);
      }
      done.add(step.toString());
    }
    applied = Optional.of(wanted);
    List<String> differences = EnginePlan.differences(read(), wanted.table());
    if (!differences.isEmpty()) {
      return failed(
          "read back table inet reeve",
          "loaded, but the kernel holds something else: " + String.join("; ", differences),
          policy,
          spd);
    }
    return new ApplyOutcome.Applied(done, RuleStatuses.enforced(policy, spd));
  }

  private void carryOut(EngineStep step) throws NftException {
    switch (step) {
      case EngineStep.LoadGate(var table) -> nft.load(table);
      case EngineStep.RemoveGate _ -> nft.remove();
    }
  }

  private static ApplyOutcome failed(String step, String detail, HostPolicy policy, Spd spd) {
    return new ApplyOutcome.Failed(
        step,
        detail,
        RuleStatuses.all(policy, spd, RuleStatus.State.FAILED, "not applied: " + step));
  }

  @Override
  public ObservedState observe() throws EngineException {
    Optional<NftTable> held = read();
    if (applied.isEmpty()) return new ObservedState(held.isPresent(), List.of(), List.of());
    Map<Gate.RuleKey, String> counters = applied.get().counters();
    var traffic = new ArrayList<ObservedState.RuleTraffic>();
    counters.forEach((rule, counter) ->
        held.map(table -> table.counters().get(counter))
            .ifPresent(count ->
                traffic.add(
                    new ObservedState.RuleTraffic(
                        rule.store(), rule.ruleId(), count.packets(), count.bytes()))));
    return new ObservedState(
        held.isPresent(), EnginePlan.differences(held, applied.get().table()), traffic);
  }

  @Override
  public void removeAll() throws EngineException {
    try {
      nft.remove();
      applied = Optional.empty();
    } catch (NftException e) {
      throw new EngineException(String.valueOf(e.getMessage()), e);
    }
  }

  private Optional<NftTable> read() throws EngineException {
    try {
      return nft.read();
    } catch (NftException e) {
      throw new EngineException(String.valueOf(e.getMessage()), e);
    }
  }
}
