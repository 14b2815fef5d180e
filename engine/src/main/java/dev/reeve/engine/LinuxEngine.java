package dev.reeve.engine;

import dev.reeve.engine.ike.Activity;
import dev.reeve.engine.ike.IkeState.IkeAssociation;
import dev.reeve.engine.negotiate.Means;
import dev.reeve.engine.nft.BootTable;
import dev.reeve.engine.nft.Nft;
import dev.reeve.engine.nft.NftException;
import dev.reeve.engine.nft.NftTable;
import dev.reeve.engine.plan.EnginePlan;
import dev.reeve.engine.plan.EngineStep;
import dev.reeve.engine.plan.Installed;
import dev.reeve.engine.plan.Wanted;
import dev.reeve.engine.tool.ToolException;
import dev.reeve.engine.xfrm.PolicyMark;
import dev.reeve.engine.xfrm.Xfrm;
import dev.reeve.model.ipsec.FilterAction;
import dev.reeve.model.net.IpAddress;
import dev.reeve.model.spd.Boot;
import dev.reeve.model.spd.HostPolicy;
import dev.reeve.model.spd.HostView;
import dev.reeve.model.spd.Spd;
import dev.reeve.model.spd.SymbolicSpd;
import dev.reeve.model.status.ApplyOutcome;
import dev.reeve.model.status.IpsecActivity;
import dev.reeve.model.status.PeerFailure;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Enforces policy with nftables, and negotiates with XFRM and charon where it is given them. Where
/// it cannot negotiate, what must be secured is dropped.
public final class LinuxEngine implements IpsecEngine {

  private final Nft nft;
  private final Xfrm xfrm;
  private final Optional<Negotiator> negotiator;
  private Optional<Compiled> compiled = Optional.empty();
  private Optional<Wanted> applied = Optional.empty();
  private final GateCounts counts = new GateCounts();
  private Optional<Mark> mark = Optional.empty();

  /// What is as it was as long as nobody has changed a table or a policy. Others' changes to what
  /// is theirs show too: it says when to look, no more.
  private record Mark(Optional<Integer> tables, Optional<PolicyMark> policies) {}

  /// The gate as it was last found, and was wanted: it still is, as long as the kernel counts no
  /// change of any table. To list a large one takes longer than all the rest.
  private record Found(Optional<Integer> tables, Optional<NftTable> gate) {
    boolean isUntouched(Mark now) {
      return tables.isPresent() && tables.equals(now.tables());
    }
  }

  private Optional<Found> found = Optional.empty();

  private final Transition.Host host =
      new Transition.Host() {
        @Override
        public Installed read() throws EngineException {
          return installed();
        }

        @Override
        public void carryOut(EngineStep step) throws EngineException {
          LinuxEngine.this.carryOut(step);
        }
      };

  /// What was asked last and what came of it: most questions are the same as the one before.
  private record Compiled(HostPolicy policy, HostView view, Means means, Spd spd, Wanted wanted) {
    static Compiled of(
        HostPolicy policy,
        HostView view,
        Means means,
        List<IkeAssociation> associations,
        Optional<Compiled> before) {
      Optional<Compiled> last = before.filter(b -> view.equals(b.view) && policy.equals(b.policy));
      if (last.isPresent() && last.get().answersWithout(means)) return last.get();
      Spd spd = last.map(Compiled::spd).orElseGet(() -> SymbolicSpd.of(policy).resolve(view));
      Wanted wanted = Wanted.of(policy, spd, view, means, associations, last.map(Compiled::wanted));
      return new Compiled(policy, view, means, spd, wanted);
    }

    /// What opens a key may open another one tomorrow: means are the same where there are none.
    private boolean answersWithout(Means now) {
      return now.obstacle().isPresent() && now.obstacle().equals(means.obstacle());
    }
  }

  /// One that never negotiates.
  ///
  /// @param xfrm for what an earlier life of the agent left there
  public LinuxEngine(Nft nft, Xfrm xfrm) {
    this(nft, xfrm, Optional.empty());
  }

  public LinuxEngine(Nft nft, Negotiator negotiator) {
    this(nft, negotiator.xfrm(), Optional.of(negotiator));
  }

  private LinuxEngine(Nft nft, Xfrm xfrm, Optional<Negotiator> negotiator) {
    this.nft = nft;
    this.xfrm = xfrm;
    this.negotiator = negotiator;
  }

  @Override
  public String name() {
    return "linux";
  }

  @Override
  public ApplyOutcome apply(HostPolicy policy, HostView view) throws EngineException {
    if (negotiator.isPresent()) negotiator.get().logging(policy.settings().ikeLogging());
    Means means = means(policy);
    // Taken before what is read: a change that comes between the two is then looked at once more.
    Mark before = mark();
    mark = Optional.of(before);
    Optional<Found> untouched = found.filter(gate -> gate.isUntouched(before));
    found = Optional.empty();
    Installed first = untouched.isPresent() ? installed(untouched.get().gate()) : installed();
    Compiled now = Compiled.of(policy, view, means, first.ike().associations(), compiled);
    compiled = Optional.of(now);
    Spd spd = now.spd();
    Wanted wanted = now.wanted();
    Installed held = first;
    List<EngineStep> steps = EnginePlan.between(held, wanted);
    if (untouched.isPresent() && !steps.isEmpty()) { // by now it has counted more
      held = installed();
      steps = EnginePlan.between(held, wanted);
    }
    var statuses = new RuleStatuses(policy, spd, wanted.negotiations());
    if (steps.isEmpty()) {
      found = Optional.of(new Found(before.tables(), wanted.gate().table()));
      applied(wanted);
      negotiator.ifPresent(n -> n.done(wanted));
      return new ApplyOutcome.Unchanged(statuses.enforced());
    }
    if (new Transition(host, applied).make(steps, wanted)
        instanceof Transition.Result.Failed(var step, var detail)) {
      return statuses.failed(step, detail);
    }
    boolean gate =
        steps.stream()
            .anyMatch(step ->
                step instanceof EngineStep.LoadGate || step instanceof EngineStep.RemoveGate);
    if (gate && applied.isPresent()) counts.goes(held.gate(), applied.get().gate());
    applied(wanted);
    Mark done = mark();
    mark = Optional.of(done);
    Installed after = installed();
    List<EngineStep> endings = EnginePlan.endings(after, wanted);
    if (new Transition(host, applied).make(endings, wanted)
        instanceof Transition.Result.Failed(var step, var detail)) {
      return statuses.failed(step, detail);
    }
    List<String> differences = EnginePlan.differences(after, wanted);
    if (!differences.isEmpty()) {
      return statuses.failed(
          "read back what was applied",
          "done, but something else is held: " + String.join("; ", differences));
    }
    found = Optional.of(new Found(done.tables(), wanted.gate().table()));
    negotiator.ifPresent(n -> n.done(wanted));
    return new ApplyOutcome.Applied(
        Stream.concat(steps.stream(), endings.stream()).map(EngineStep::toString).toList(),
        statuses.enforced());
  }

  /// Whether the program is there without which none of this works.
  public boolean hasNft() {
    return nft.isInstalled();
  }

  /// What this host lacks to negotiate; empty when it has all of it, or is set up not to.
  public List<String> missing() {
    return negotiator.map(Negotiator::missing).orElse(List.of());
  }

  private void applied(Wanted now) {
    applied = Optional.of(now);
    negotiator.ifPresent(n -> n.applied(now));
  }

  /// Nothing is started for a policy that negotiates nothing.
  private Means means(HostPolicy policy) {
    boolean needed =
        policy.inForce().stream()
            .flatMap(p -> p.policy().rules().stream())
            .anyMatch(rule -> rule.active() && rule.action() instanceof FilterAction.Negotiate);
    if (negotiator.isEmpty()) return Means.none("this host is set up not to negotiate");
    return needed ? negotiator.get().means() : Means.none("nothing is negotiated");
  }

  private Installed installed() throws EngineException {
    return installed(read());
  }

  private Installed installed(Optional<NftTable> gate) throws EngineException {
    return negotiator.isPresent()
        ? negotiator.get().read(gate)
        : Installed.of(gate, xfrm.anyPolicies());
  }

  private void carryOut(EngineStep step) throws EngineException {
    try {
      switch (step) {
        case EngineStep.LoadGate(var table) -> nft.load(table);
        case EngineStep.RemoveGate _ -> nft.remove();
        case EngineStep.ChangePolicies(var updates, var deletions) ->
            xfrm.change(updates, deletions);
        default -> negotiator.orElseThrow().carryOut(step);
      }
    } catch (NftException | ToolException e) {
      throw new EngineException(String.valueOf(e.getMessage()), e);
    }
  }

  @Override
  public boolean needsAttention() {
    if (applied.isEmpty()) return false;
    boolean charonGone =
        negotiator.isPresent() && negotiator.get().needsAttention(applied.get().negotiations());
    return charonGone || mark.filter(before -> !before.equals(mark())).isPresent();
  }

  private Mark mark() {
    return new Mark(nft.generation(), negotiator.flatMap(Negotiator::policyMark));
  }

  @Override
  public boolean watchesPeers() {
    return negotiator.isPresent()
        && applied.filter(wanted -> !wanted.negotiations().connections().isEmpty()).isPresent();
  }

  @Override
  public boolean peersChanged() {
    return watchesPeers() && negotiator.orElseThrow().peersChanged(applied.orElseThrow());
  }

  @Override
  public ObservedState observe() throws EngineException {
    if (applied.isEmpty() || compiled.isEmpty()) {
      return new ObservedState(read().isPresent(), List.of(), IpsecActivity.NONE);
    }
    Wanted wanted = applied.get();
    Spd spd = compiled.get().spd();
    Installed held = installed();
    Activity ike =
        negotiator.isPresent()
            ? negotiator.get().activity(wanted.negotiations(), wanted.negotiations().ruleNames(spd))
            : Activity.NONE;
    return new ObservedState(
        held.gate().isPresent(),
        EnginePlan.differences(held, wanted),
        IpsecActivity.of(
            ike.mainModes(),
            ike.quickModes(),
            counts.now(held.gate(), wanted.gate(), spd),
            failures(),
            ike.statistics()));
  }

  @Override
  public List<PeerFailure> failures() {
    if (negotiator.isEmpty() || compiled.isEmpty()) return List.of();
    Spd spd = compiled.get().spd();
    return negotiator.get().failures().stream()
        .map(failure ->
            failure.withDowngraded(
                IpAddress.find(failure.peer()).filter(spd::requests).isPresent()))
        .toList();
  }

  @Override
  public int endAssociations(Optional<IpAddress> peer) throws EngineException {
    return negotiator.isPresent() ? negotiator.get().endAssociations(peer) : 0;
  }

  @Override
  public Optional<BootRules> bootRules() throws EngineException {
    if (compiled.isEmpty()) return Optional.empty();
    Compiled last = compiled.get();
    HostPolicy lasting = last.policy().lasting();
    Spd spd =
        lasting.equals(last.policy()) ? last.spd() : SymbolicSpd.of(lasting).resolve(last.view());
    NftTable boot = BootTable.of(Boot.of(lasting, last.view()), spd, last.view());
    try {
      nft.check(boot);
    } catch (NftException e) {
      throw new EngineException(String.valueOf(e.getMessage()), e);
    }
    String now = last.wanted().gate().table().map(NftTable::toText).orElse(NftTable.REMOVAL);
    return Optional.of(new BootRules(boot.toText(), now));
  }

  @Override
  public void removeAll() throws EngineException {
    try {
      nft.remove();
      if (negotiator.isEmpty()) xfrm.change(List.of(), xfrm.anyPolicies());
    } catch (NftException | ToolException e) {
      throw new EngineException(String.valueOf(e.getMessage()), e);
    }
    if (negotiator.isPresent()) negotiator.get().removeAll();
    found = Optional.empty();
    applied = Optional.empty();
  }

  private Optional<NftTable> read() throws EngineException {
    try {
      return nft.read();
    } catch (NftException e) {
      throw new EngineException(String.valueOf(e.getMessage()), e);
    }
  }
}
