package dev.reeve.agent;

import dev.reeve.engine.BootRules;
import dev.reeve.engine.EngineException;
import dev.reeve.engine.IpsecEngine;
import dev.reeve.engine.ObservedState;
import dev.reeve.model.spd.HostPolicy;
import dev.reeve.model.spd.HostView;
import dev.reeve.model.status.ApplyOutcome;
import dev.reeve.model.status.IpsecActivity;
import dev.reeve.model.status.PeerFailure;
import dev.reeve.model.status.RuleStatus;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/// Remembers what it was asked for, and holds it like a kernel.
final class FakeEngine implements IpsecEngine {

  volatile String name = "fake";
  final List<HostPolicy> asked = new CopyOnWriteArrayList<>();
  volatile Optional<HostPolicy> holds = Optional.empty();
  volatile boolean broken;
  volatile boolean refusesBootRules;
  int observed;
  volatile IpsecActivity activity = IpsecActivity.NONE;
  volatile boolean changed;
  volatile boolean otherPeers;
  volatile List<RuleStatus> rules = List.of();
  volatile Runnable beforeApply = () -> {};
  volatile HostView view = HostView.NONE;

  @Override
  public String name() {
    return name;
  }

  @Override
  public ObservedState observe() {
    observed++;
    return new ObservedState(holds.isPresent(), List.of(), activity);
  }

  @Override
  public List<PeerFailure> failures() {
    return activity.failures();
  }

  @Override
  public boolean needsAttention() {
    return changed;
  }

  @Override
  public boolean peersChanged() {
    return otherPeers;
  }

  @Override
  public void removeAll() {
    holds = Optional.empty();
  }

  @Override
  public ApplyOutcome apply(HostPolicy policy, HostView view) throws EngineException {
    beforeApply.run();
    asked.add(policy);
    changed = false;
    otherPeers = false;
    this.view = view;
    if (broken) throw new EngineException("the kernel says no", new IOException("no"));
    if (holds.equals(Optional.of(policy))) return new ApplyOutcome.Unchanged(rules);
    holds = Optional.of(policy);
    return new ApplyOutcome.Applied(List.of("replace our table"), rules);
  }

  @Override
  public Optional<BootRules> bootRules() throws EngineException {
    if (refusesBootRules) throw new EngineException("no such table", new IOException("no"));
    String name = asked.getLast().active().map(p -> p.name()).orElse("none");
    return Optional.of(new BootRules("at boot: " + name, "now: " + name));
  }

  /// The policy of the domain in force.
  Optional<String> domain() {
    return holds.flatMap(HostPolicy::domain).map(p -> p.name());
  }
}
