package dev.reeve.engine;

import dev.reeve.engine.negotiate.Means;
import dev.reeve.engine.negotiate.Unsaid;
import dev.reeve.engine.plan.EnginePlan;
import dev.reeve.engine.plan.EngineStep;
import dev.reeve.engine.plan.Installed;
import dev.reeve.engine.plan.Wanted;
import dev.reeve.engine.tool.ToolException;
import dev.reeve.engine.xfrm.OwnAddress;
import dev.reeve.engine.xfrm.PolicyMark;
import dev.reeve.engine.xfrm.Xfrm;
import dev.reeve.model.spd.HostPolicy;
import dev.reeve.model.spd.HostView;
import dev.reeve.model.spd.Spd;
import dev.reeve.model.spd.SymbolicSpd;
import dev.reeve.model.status.ApplyOutcome;
import dev.reeve.model.status.IpsecActivity;
import java.util.List;
import java.util.Optional;

/// Enforces policy where nft is missing, by the kernel's IPsec policies alone: it blocks and
/// permits, negotiates nothing, and drops what must be secured.
public final class XfrmEngine implements IpsecEngine {

  private static final String MISSING = "nftables is not installed (Debian package nftables)";

  /// Why a host has this engine, and what follows from it.
  public static final String REASON =
      MISSING
          + ": blocked and permitted by the kernel's IPsec policies alone; nothing is negotiated,"
          + " and what must be secured is dropped";

  private final Xfrm xfrm;
  private Optional<Wanted> applied = Optional.empty();
  private Optional<PolicyMark> mark = Optional.empty();

  private final Transition.Host host =
      new Transition.Host() {
        @Override
        public Installed read() throws EngineException {
          return installed();
        }

        @Override
        public void carryOut(EngineStep step) throws EngineException {
          if (!(step instanceof EngineStep.ChangePolicies(var updates, var deletions)))
            throw new IllegalArgumentException("not a step without a gate: " + step);
          try {
            xfrm.change(updates, deletions);
          } catch (ToolException e) {
            throw failure(e);
          }
        }
      };

  public XfrmEngine(Xfrm xfrm) {
    this.xfrm = xfrm;
  }

  @Override
  public String name() {
    return "xfrm";
  }

  @Override
  public ApplyOutcome apply(HostPolicy policy, HostView view) throws EngineException {
    // Taken before what is read: a change that comes between the two is then looked at once more.
    mark = mark();
    Installed held = installed();
    Spd spd = SymbolicSpd.of(policy).resolve(view);
    Wanted wanted = Wanted.withoutGate(policy, spd, view, Means.none(MISSING, addresses()));
    List<EngineStep> steps = EnginePlan.between(held, wanted);
    var statuses =
        RuleStatuses.withoutGate(
            policy, spd, wanted.negotiations(), Unsaid.of(spd, xfrm.forwards()));
    if (new Transition(host, applied).make(steps, wanted)
        instanceof Transition.Result.Failed(var step, var detail)) {
      return statuses.failed(step, detail);
    }
    applied = Optional.of(wanted);
    if (steps.isEmpty()) return new ApplyOutcome.Unchanged(statuses.enforced());
    mark = mark();
    List<String> differences = EnginePlan.differences(installed(), wanted);
    if (!differences.isEmpty()) {
      return statuses.failed(
          "read back what was applied",
          "done, but something else is held: " + String.join("; ", differences));
    }
    return new ApplyOutcome.Applied(
        steps.stream().map(EngineStep::toString).toList(), statuses.enforced());
  }

  private List<OwnAddress> addresses() throws EngineException {
    try {
      return xfrm.allAddresses();
    } catch (ToolException e) {
      throw failure(e);
    }
  }

  private Installed installed() throws EngineException {
    try {
      return Installed.of(Optional.empty(), xfrm.policies());
    } catch (ToolException e) {
      throw failure(e);
    }
  }

  private static EngineException failure(ToolException e) {
    return new EngineException(String.valueOf(e.getMessage()), e);
  }

  @Override
  public boolean needsAttention() {
    return applied.isPresent() && !mark.equals(mark());
  }

  private Optional<PolicyMark> mark() {
    try {
      return Optional.of(xfrm.mark());
    } catch (ToolException e) {
      return Optional.empty();
    }
  }

  /// Before anything was applied it tells whether this engine can work here.
  @Override
  public ObservedState observe() throws EngineException {
    Installed held = installed();
    if (applied.isEmpty()) return new ObservedState(false, List.of(), IpsecActivity.NONE);
    return new ObservedState(
        false,
        EnginePlan.differences(held, applied.get()),
        IpsecActivity.of(List.of(), List.of(), List.of(), List.of(), xfrm.statistics()));
  }

  @Override
  public void removeAll() throws EngineException {
    try {
      xfrm.change(List.of(), xfrm.policies());
    } catch (ToolException e) {
      throw failure(e);
    }
    applied = Optional.empty();
  }
}
