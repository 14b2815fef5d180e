package dev.reeve.agent;

import static java.lang.System.Logger.Level.ERROR;
import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import dev.reeve.agent.AgentLoop.Surroundings;
import dev.reeve.agent.dynamic.DynamicChange;
import dev.reeve.agent.dynamic.DynamicPolicy;
import dev.reeve.engine.BootRules;
import dev.reeve.engine.DryRunEngine;
import dev.reeve.engine.EngineException;
import dev.reeve.engine.IpsecEngine;
import dev.reeve.engine.ObservedState;
import dev.reeve.model.ipsec.HostSettings;
import dev.reeve.model.ipsec.IpsecPolicy;
import dev.reeve.model.net.IpAddress;
import dev.reeve.model.spd.HostPolicy;
import dev.reeve.model.spd.HostView;
import dev.reeve.model.spd.Store;
import dev.reeve.model.spd.SymbolicSpd;
import dev.reeve.model.status.ApplyOutcome;
import dev.reeve.model.status.RuleTraffic;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What this host is to enforce, and the engine that does. A state goes in, and the state after it
/// comes out. The loop's own: not for several threads.
final class Enforcer {

  private static final System.Logger ENGINE = System.getLogger("engine");

  /// Counted so far: the pause between them grows no more.
  private static final int MOST_FAILURES = 30;

  private final IpsecEngine engine;
  private final Surroundings host;
  private final boolean joined;
  private final InstantSource clock;

  private DynamicPolicy dynamic = DynamicPolicy.NONE;
  private final Map<Store, Instant> changed = new EnumMap<>(Store.class);
  private Optional<Asked> before = Optional.empty();
  private boolean expectsChange;
  private int failures;

  private record Asked(HostPolicy wanted, HostView view) {}

  Enforcer(IpsecEngine engine, Surroundings host, boolean joined, InstantSource clock) {
    this.engine = engine;
    this.host = host;
    this.joined = joined;
    this.clock = clock;
  }

  /// How often in a row the engine has failed.
  int failures() {
    return failures;
  }

  HostSettings settings() {
    return before.map(asked -> asked.wanted().settings()).orElse(HostSettings.DEFAULTS);
  }

  /// Makes the kernel hold what is wanted; asks the engine even when nothing has changed, because
  /// somebody else may have changed the kernel. A bug on the way is a failure like the engine's.
  ///
  /// @param why for the log
  AgentState apply(String why, AgentState known) {
    try {
      return enforced(why, known);
    } catch (RuntimeException e) {
      ENGINE.log(ERROR, "a fault in the agent; please report it", e);
      failures = Math.min(failures + 1, MOST_FAILURES);
      String detail = "a fault, please report it: " + e;
      return known.withOutcome(
          new ApplyOutcome.Failed("agent", detail, known.rules()), clock.instant());
    }
  }

  private AgentState enforced(String why, AgentState known) {
    AgentState state = known.withStores(host.stores().get());
    // A host that joined and knows nothing yet has lost its cache, or never had one. What the
    // kernel holds may be the last good policy: it stays until the server says what is right.
    if (joined && state.knowsNothing() && before.isEmpty()) return state;
    HostPolicy wanted = wanted(state);
    noteChanges(wanted, state);
    var now = new Asked(wanted, host.view().apply(wanted));
    boolean same = before.equals(Optional.of(now));
    ApplyOutcome outcome = ask(now, state);
    boolean failed = outcome instanceof ApplyOutcome.Failed;
    boolean repaired = same && !expectsChange && failures == 0;
    if (repaired && outcome instanceof ApplyOutcome.Applied(var steps, var _)) {
      String repair = clock.instant() + " repaired: " + String.join(", ", steps);
      state = state.withDrift(repair);
      ENGINE.log(WARNING, "the kernel had drifted: {0}", repair);
    }
    before = Optional.of(now);
    expectsChange = false;
    state = state.withOutcome(outcome, clock.instant());
    if (!same) state = state.withSpd(SymbolicSpd.of(wanted).resolve(now.view()));
    boolean done = outcome instanceof ApplyOutcome.Applied;
    if (!same || done || state.enforced().unkept().isPresent()) state = keepRules(!failed, state);
    log(why, outcome);
    failures = failed ? Math.min(failures + 1, MOST_FAILURES) : 0;
    return state;
  }

  /// What the engine does next for the same policy is its answer to something else that arrived,
  /// such as secrets or peers, and no repair.
  void expectChange() {
    expectsChange = true;
  }

  private ApplyOutcome ask(Asked now, AgentState state) {
    try {
      return engine.apply(now.wanted(), now.view());
    } catch (EngineException | RuntimeException e) {
      return new ApplyOutcome.Failed("engine", String.valueOf(e.getMessage()), state.rules());
    }
  }

  /// @param inForce whether the kernel holds what it should
  private AgentState keepRules(boolean inForce, AgentState state) {
    Optional<String> problem = Optional.empty();
    try {
      Optional<BootRules> rules = engine.bootRules();
      if (rules.isPresent()) {
        host.rules().keepForBoot(rules.get().atBoot());
        if (inForce) host.rules().keepForNow(rules.get().now());
      }
    } catch (EngineException | IOException e) {
      problem =
          Optional.of("the rules for the next boot are older than the policy: " + e.getMessage());
      ENGINE.log(ERROR, problem.get());
    }
    return state.withUnkept(problem);
  }

  private HostPolicy wanted(AgentState state) {
    return dynamic.over(state.kept().with(state.stores()));
  }

  /// A policy that was there when this agent started is as old as the bundle that brought it.
  private void noteChanges(HostPolicy wanted, AgentState state) {
    boolean first = before.isEmpty();
    for (Store store : Store.values()) {
      List<IpsecPolicy> now = of(wanted, store);
      if (now.isEmpty()) changed.remove(store);
      else if (!now.equals(before.map(asked -> of(asked.wanted(), store)).orElse(List.of()))) {
        changed.put(store, first && store == Store.DOMAIN ? issued(state) : clock.instant());
      }
    }
  }

  private static List<IpsecPolicy> of(HostPolicy policy, Store store) {
    return policy.inForce().stream()
        .filter(placed -> placed.store() == store)
        .map(HostPolicy.Placed::policy)
        .toList();
  }

  private Instant issued(AgentState state) {
    return state
        .kept()
        .policy()
        .map(bundle -> bundle.manifest().issued())
        .orElseGet(clock::instant);
  }

  Sight sight(AgentState state) {
    HostPolicy policy = before.map(Asked::wanted).orElseGet(() -> wanted(state));
    HostView view = before.map(Asked::view).orElse(HostView.NONE);
    Optional<ObservedState> observed = Optional.empty();
    String problem = "";
    try {
      observed = Optional.of(engine.observe());
    } catch (EngineException | RuntimeException e) {
      problem = String.valueOf(e.getMessage());
    }
    return new Sight(
        policy, SymbolicSpd.of(policy).resolve(view), dynamic, changed, observed, problem);
  }

  /// @param state after it
  record Answer(Changed changed, AgentState state) {}

  /// At once, or not at all: what cannot be applied is taken back.
  Answer change(DynamicChange change, AgentState state) {
    if (joined && state.knowsNothing()) {
      return new Answer(
          new Changed.Refused(
              "this host has joined and knows no policy yet: what its kernel holds must not be"
                  + " replaced by dynamic rules alone"),
          state);
    }
    DynamicPolicy old = dynamic;
    try {
      dynamic = old.after(change);
    } catch (IllegalArgumentException e) {
      return new Answer(new Changed.Refused(String.valueOf(e.getMessage())), state);
    }
    ENGINE.log(INFO, "dynamic: {0}", change.getClass().getSimpleName());
    AgentState after = apply("dynamic", state);
    ApplyOutcome outcome = after.outcome().orElseThrow();
    if (!(outcome instanceof ApplyOutcome.Failed(var step, var detail, var _))) {
      return new Answer(new Changed.Done(outcome), after);
    }
    dynamic = old;
    return new Answer(
        new Changed.Failed(step + ": " + detail), apply("dynamic, taken back", after));
  }

  Changed end(Optional<IpAddress> peer) {
    try {
      int ended = engine.endAssociations(peer);
      ENGINE.log(INFO, "ended {0} associations, as asked", ended);
      return new Changed.Ended(ended);
    } catch (EngineException e) {
      return new Changed.Failed(String.valueOf(e.getMessage()));
    }
  }

  /// What was dropped, or passed in clear where that is allowed.
  void logCounters() {
    try {
      for (RuleTraffic traffic : engine.observe().activity().traffic()) {
        ENGINE.log(
            INFO,
            "rule={0} store={1} packets dropped={2} in clear={3}",
            traffic.ruleId(),
            traffic.store(),
            Long.toString(traffic.dropped().packets()),
            Long.toString(traffic.clear().packets()));
      }
    } catch (EngineException e) {
      ENGINE.log(WARNING, "the counters cannot be read: {0}", e.getMessage());
    }
  }

  private void log(String why, ApplyOutcome outcome) {
    switch (outcome) {
      case ApplyOutcome.Unchanged _ -> {}
      case ApplyOutcome.Applied(var steps, var rules)
          when engine.name().equals(DryRunEngine.NAME) && !rules.isEmpty() ->
          ENGINE.log(
              WARNING,
              "dry run, nothing is enforced: why={0} steps={1} rules={2}",
              why,
              steps.size(),
              rules.size());
      case ApplyOutcome.Applied(var steps, var rules) ->
          ENGINE.log(INFO, "applied why={0} steps={1} rules={2}", why, steps.size(), rules.size());
      case ApplyOutcome.Failed(var step, var detail, var _) ->
          ENGINE.log(ERROR, "not applied: why={0} step={1}: {2}", why, step, detail);
    }
  }
}
