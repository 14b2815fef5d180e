package dev.reeve.agent;

import static java.lang.System.Logger.Level.DEBUG;
import static java.lang.System.Logger.Level.ERROR;
import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import dev.reeve.agent.disk.BundleCache;
import dev.reeve.agent.disk.Kept;
import dev.reeve.agent.disk.LocalStores;
import dev.reeve.agent.disk.RuleFiles;
import dev.reeve.agent.dynamic.DynamicChange;
import dev.reeve.agent.dynamic.DynamicPolicy;
import dev.reeve.engine.BootRules;
import dev.reeve.engine.EngineException;
import dev.reeve.engine.IpsecEngine;
import dev.reeve.engine.ObservedState;
import dev.reeve.model.bundle.Admission;
import dev.reeve.model.bundle.Admission.Accepted;
import dev.reeve.model.bundle.Admission.Refused;
import dev.reeve.model.bundle.BundleGate;
import dev.reeve.model.bundle.GateState;
import dev.reeve.model.bundle.Manifest;
import dev.reeve.model.bundle.VerifiedBundle;
import dev.reeve.model.bundle.VerifiedManifest;
import dev.reeve.model.ipsec.HostSettings;
import dev.reeve.model.ipsec.IpsecPolicy;
import dev.reeve.model.net.IpAddress;
import dev.reeve.model.spd.HostPolicy;
import dev.reeve.model.spd.HostView;
import dev.reeve.model.spd.Spd;
import dev.reeve.model.spd.Store;
import dev.reeve.model.spd.SymbolicSpd;
import dev.reeve.model.status.ApplyOutcome;
import dev.reeve.model.status.IpsecActivity;
import dev.reeve.model.status.PeerFailure;
import dev.reeve.model.status.RuleStatus;
import dev.reeve.model.status.RuleTraffic;
import dev.reeve.model.status.StatusReport;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The one thread that owns the engine. Takes an event, admits, keeps, applies, reports; then looks
/// whether a timer is due. Nothing here waits for the network.
final class AgentLoop {

  private static final System.Logger GATE = System.getLogger("gate");
  private static final System.Logger ENGINE = System.getLogger("engine");
  private static final System.Logger AGENT = System.getLogger("agent");

  /// How often a report may be sent for peers that cannot be agreed with.
  private static final Duration FAILURES = Duration.ofMinutes(1);

  private static final Duration PEERS = Duration.ofMillis(500);
  private static final Duration LONGEST_RETRY = Duration.ofMinutes(5);

  /// What a host that has joined has beside the local stores.
  record Domain(BundleGate gate, BundleCache cache, BundleCache.Loaded loaded) {}

  /// How the loop sees the rest of the host.
  ///
  /// @param stores read anew at each check
  /// @param view likewise
  /// @param rules kept for when this process cannot enforce
  /// @param links a value that changes when addresses, routes or resolvers do
  /// @param restart whether the agent must be built anew: joined, or joined again
  record Surroundings(
      Supplier<LocalStores> stores,
      Function<HostPolicy, HostView> view,
      RuleFiles rules,
      Supplier<Long> links,
      Supplier<Boolean> restart) {}

  /// @param look how often links and identity are looked at
  record Timers(Duration look, Duration drift, Duration report) {}

  private final BlockingQueue<AgentEvent> queue = new LinkedBlockingQueue<>(256);
  private final IpsecEngine engine;
  private final @Nullable Domain domain;
  private final Surroundings host;
  private final Timers timers;
  private final Consumer<StatusReport> reports;
  private final Runnable linkChanged;
  private final InstantSource clock;
  private final Supplier<Duration> uptime;

  private volatile AgentState state;
  private boolean stopped;
  private boolean restart;
  private int engineFailures;
  private boolean expectsChange; // what the engine does next is no repair
  private Duration retryAt = Duration.ZERO;
  private Duration lookAt = Duration.ZERO;
  private Duration driftAt = Duration.ZERO;
  private Duration reportAt = Duration.ZERO;
  private Duration countedAt = Duration.ZERO;
  private long links;
  private Optional<HostPolicy> wantedBefore = Optional.empty();
  private Optional<HostView> viewBefore = Optional.empty();
  private Optional<StatusReport> reportedBefore = Optional.empty();
  private DynamicPolicy dynamic = DynamicPolicy.NONE;
  private final Map<Store, Instant> changed = new EnumMap<>(Store.class);
  private Set<String> reportedFailures = Set.of();
  private Duration failuresAt = Duration.ZERO;

  /// @param domain empty on a host that has not joined
  /// @param first what is known before anything is read: engine, contact, problems
  AgentLoop(
      IpsecEngine engine,
      Optional<Domain> domain,
      Surroundings host,
      Timers timers,
      AgentState first,
      Consumer<StatusReport> reports,
      Runnable linkChanged,
      InstantSource clock,
      Supplier<Duration> uptime) {
    this.engine = engine;
    this.domain = domain.orElse(null);
    this.host = host;
    this.timers = timers;
    this.state = first;
    this.reports = reports;
    this.linkChanged = linkChanged;
    this.clock = clock;
    this.uptime = uptime;
  }

  /// Any thread may ask.
  AgentState state() {
    return state;
  }

  /// Any thread may post. A full queue means that the loop hangs; the event is then lost, and said
  /// so.
  boolean post(AgentEvent event) {
    boolean taken = queue.offer(event);
    if (!taken) AGENT.log(ERROR, "the queue is full: lost {0}", event.getClass().getSimpleName());
    return taken;
  }

  /// After [#start], until it is stopped.
  ///
  /// @return whether to build the agent anew and run again
  boolean run() throws InterruptedException {
    while (!stopped) {
      AgentEvent event = queue.poll(untilNextTimer().toMillis() + 1, TimeUnit.MILLISECONDS);
      try {
        if (event != null) handle(event);
        tick();
      } catch (RuntimeException e) {
        // The outermost line: a bug must not stop the protection.
        AGENT.log(ERROR, "a fault in the agent; please report it", e);
        state = state.withDrift("a fault in the agent: " + e);
      }
    }
    return restart;
  }

  /// The cached policy is in force before anybody is asked for a newer one: what asks is started
  /// after this.
  void start() {
    if (domain != null) {
      BundleCache.Loaded loaded = domain.loaded();
      state = state.withKept(loaded.state(), loaded.kept(), loaded.etag());
    }
    links = host.links().get();
    Duration now = uptime.get();
    lookAt = now.plus(timers.look());
    reportAt = now.plus(timers.report());
    apply("start");
    reportIfChanged();
  }

  void handle(AgentEvent event) {
    switch (event) {
      case AgentEvent.BundleArrived arrived -> arrived(arrived);
      case AgentEvent.CheckAsked(var reply) -> {
        apply("asked");
        reply.complete(state.outcome());
      }
      case AgentEvent.SightAsked(var reply) -> reply.complete(sight());
      case AgentEvent.DynamicAsked(var change, var reply) -> reply.complete(change(change));
      case AgentEvent.EndAsked(var peer, var reply) -> reply.complete(end(peer));
      case AgentEvent.ServerState(var contact) -> contact(contact);
      case AgentEvent.AddressesChanged _ -> apply("addresses");
      case AgentEvent.Stop _ -> stopped = true;
    }
    reportIfChanged();
  }

  private void arrived(AgentEvent.BundleArrived arrived) {
    if (domain == null) {
      arrived.reply().complete(new PollOutcome.NotJoined("this host has not joined"));
      return;
    }
    GateState before = state.gate().orElse(domain.loaded().state());
    switch (admit(domain.gate(), before, arrived)) {
      case Refused<VerifiedBundle>(var reason, var detail) -> {
        state = state.withRefusal(reason + ": " + detail);
        GATE.log(WARNING, "bundle refused, the last good one stays: {0}: {1}", reason, detail);
        arrived.reply().complete(new PollOutcome.Refused(reason, detail));
      }
      case Accepted<VerifiedBundle>(var bundle) -> {
        try {
          keep(domain.cache(), before, bundle, arrived.etag());
        } catch (IOException e) {
          // Not applied: after a restart it would not be there, and an older one would.
          state = state.withRefusal("NOT_KEPT: " + e);
          GATE.log(ERROR, "cannot keep the new bundle, so it is not applied: {0}", e.toString());
          arrived.reply().complete(new PollOutcome.Failed("cannot keep the new bundle: " + e));
          return;
        }
        apply("bundle " + bundle.manifest().version());
        boolean news = before.newest().filter(newest -> newest.equals(bundle.manifest())).isEmpty();
        arrived
            .reply()
            .complete(
                new PollOutcome.Arrived(
                    bundle.manifest().version(), news, state.outcome().orElseThrow()));
      }
    }
  }

  private Admission<VerifiedBundle> admit(
      BundleGate gate, GateState before, AgentEvent.BundleArrived arrived) {
    return switch (gate.open(arrived.signed(), before, clock.instant())) {
      case Refused<VerifiedManifest>(var reason, var detail) -> new Refused<>(reason, detail);
      case Accepted<VerifiedManifest>(var manifest) ->
          gate.complete(manifest, digest -> Optional.ofNullable(arrived.objects().get(digest)));
    };
  }

  private void keep(BundleCache cache, GateState before, VerifiedBundle bundle, String etag)
      throws IOException {
    GateState after = before.after(bundle.manifest());
    Kept kept = state.kept().after(bundle);
    cache.keep(kept, after, etag);
    // What the engine will do about other secrets, revocations or peers is no repair.
    Manifest now = bundle.manifest();
    boolean same =
        before.newest().flatMap(Manifest::secrets).equals(now.secrets())
            && before.newest().flatMap(Manifest::revocations).equals(now.revocations())
            && before.newest().flatMap(Manifest::peers).equals(now.peers());
    if (!same) expectsChange = true;
    state = state.withKept(after, kept, etag).withoutRefusals();
    GATE.log(INFO, "bundle={0} admitted and kept", bundle.manifest().version());
  }

  private void contact(Contact contact) {
    boolean cameBack = contact.reachable() && !state.contact().reachable();
    state = state.withContact(contact);
    if (contact.reachable() && contact.lastError().isEmpty()) {
      state = state.withoutRefusals();
      confirm();
    }
    if (cameBack) AGENT.log(INFO, "server={0} reached", contact.server());
  }

  /// The server is still reached with what was applied: this is what to come back to.
  private void confirm() {
    boolean working = state.outcome().filter(o -> !(o instanceof ApplyOutcome.Failed)).isPresent();
    boolean since =
        state
            .enforced()
            .applied()
            .flatMap(at -> state.contact().lastAnswer().filter(answer -> answer.isAfter(at)))
            .isPresent();
    if (domain == null || !working || !since || state.kept().currentIsConfirmed()) return;
    Kept confirmed = state.kept().withCurrentConfirmed();
    try {
      domain.cache().keep(confirmed, state.gate().orElseThrow(), state.etag());
      state = state.withKept(state.gate().orElseThrow(), confirmed, state.etag());
    } catch (IOException e) {
      AGENT.log(WARNING, "cannot note that the bundle is confirmed: {0}", e.toString());
    }
  }

  /// Makes the kernel hold what is wanted; asks the engine even when nothing has changed, because
  /// somebody else may have changed the kernel.
  private void apply(String why) {
    driftAt = uptime.get().plus(timers.drift());
    state = state.withStores(host.stores().get());
    // A host that joined and knows nothing yet has lost its cache, or never had one. What the
    // kernel holds may be the last good policy: it stays until the server says what is right.
    if (domain != null && state.knowsNothing() && wantedBefore.isEmpty()) return;
    HostPolicy wanted = wanted();
    noteChanges(wanted);
    HostView view = host.view().apply(wanted);
    boolean same = wantedBefore.equals(Optional.of(wanted)) && viewBefore.equals(Optional.of(view));
    ApplyOutcome outcome = ask(wanted, view);
    boolean failed = outcome instanceof ApplyOutcome.Failed;
    boolean repaired = same && !expectsChange && engineFailures == 0;
    expectsChange = false;
    if (repaired && outcome instanceof ApplyOutcome.Applied(var steps, var _)) {
      String repair = clock.instant() + " repaired: " + String.join(", ", steps);
      state = state.withDrift(repair);
      ENGINE.log(WARNING, "the kernel had drifted: {0}", repair);
    }
    wantedBefore = Optional.of(wanted);
    viewBefore = Optional.of(view);
    state = state.withOutcome(outcome, clock.instant());
    if (!same) state = state.withSpd(SymbolicSpd.of(wanted).resolve(view));
    boolean done = outcome instanceof ApplyOutcome.Applied;
    if (!same || done || state.enforced().unkept().isPresent()) keepRules(!failed);
    log(why, outcome);
    engineFailures = failed ? Math.min(engineFailures + 1, 30) : 0;
    if (failed) retryAt = uptime.get().plus(retryPause(engineFailures));
  }

  /// @param inForce whether the kernel holds what it should
  private void keepRules(boolean inForce) {
    // A store that cannot be read counts as empty; it must not open the host at boot as well.
    if (!state.stores().problems().isEmpty()) return;
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
    state = state.withUnkept(problem);
  }

  private HostPolicy wanted() {
    return dynamic.over(state.kept().with(state.stores()));
  }

  /// A policy that was there when this agent started is as old as the bundle that brought it.
  private void noteChanges(HostPolicy wanted) {
    boolean first = wantedBefore.isEmpty();
    for (Store store : Store.values()) {
      List<IpsecPolicy> now = of(wanted, store);
      if (now.isEmpty()) changed.remove(store);
      else if (!now.equals(wantedBefore.map(before -> of(before, store)).orElse(List.of()))) {
        changed.put(store, first && store == Store.DOMAIN ? issued() : clock.instant());
      }
    }
  }

  private static List<IpsecPolicy> of(HostPolicy policy, Store store) {
    return policy.inForce().stream()
        .filter(placed -> placed.store() == store)
        .map(HostPolicy.Placed::policy)
        .toList();
  }

  private Instant issued() {
    return state
        .kept()
        .policy()
        .map(bundle -> bundle.manifest().issued())
        .orElseGet(clock::instant);
  }

  private Sight sight() {
    HostPolicy policy = wantedBefore.orElseGet(this::wanted);
    HostView view = viewBefore.orElse(HostView.NONE);
    Optional<ObservedState> observed = Optional.empty();
    String problem = "";
    try {
      observed = Optional.of(engine.observe());
    } catch (EngineException | RuntimeException e) {
      problem = String.valueOf(e.getMessage());
    }
    Spd spd = SymbolicSpd.of(policy).resolve(view);
    return new Sight(policy, spd, dynamic, changed, observed, problem);
  }

  /// At once, or not at all: what cannot be applied is taken back.
  private Changed change(DynamicChange change) {
    if (domain != null && state.knowsNothing()) {
      return new Changed.Refused(
          "this host has joined and knows no policy yet: what its kernel holds must not be replaced"
              + " by dynamic rules alone");
    }
    DynamicPolicy before = dynamic;
    try {
      dynamic = before.after(change);
    } catch (IllegalArgumentException e) {
      return new Changed.Refused(String.valueOf(e.getMessage()));
    }
    AGENT.log(INFO, "dynamic: {0}", change.getClass().getSimpleName());
    apply("dynamic");
    ApplyOutcome outcome = state.outcome().orElseThrow();
    if (outcome instanceof ApplyOutcome.Failed(var step, var detail, var _)) {
      dynamic = before;
      apply("dynamic, taken back");
      return new Changed.Failed(step + ": " + detail);
    }
    return new Changed.Done(outcome);
  }

  private Changed end(Optional<IpAddress> peer) {
    try {
      int ended = engine.endAssociations(peer);
      AGENT.log(INFO, "ended {0} associations, as asked", ended);
      return new Changed.Ended(ended);
    } catch (EngineException e) {
      return new Changed.Failed(String.valueOf(e.getMessage()));
    }
  }

  private ApplyOutcome ask(HostPolicy wanted, HostView view) {
    try {
      return engine.apply(wanted, view);
    } catch (EngineException | RuntimeException e) {
      return new ApplyOutcome.Failed("engine", String.valueOf(e.getMessage()), state.rules());
    }
  }

  /// 1, 2, 4 … seconds, 5 minutes at most.
  static Duration retryPause(int failures) {
    Duration pause = Duration.ofSeconds(1L << Math.min(failures - 1, 20));
    return pause.compareTo(LONGEST_RETRY) > 0 ? LONGEST_RETRY : pause;
  }

  private static void log(String why, ApplyOutcome outcome) {
    switch (outcome) {
      case ApplyOutcome.Unchanged _ -> {}
      case ApplyOutcome.Applied(var steps, var rules)
          when rules.stream().anyMatch(rule -> rule.state() == RuleStatus.State.NOT_ENFORCED) ->
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

  /// Does what is due.
  void tick() {
    Duration now = uptime.get();
    if (now.compareTo(lookAt) >= 0) look(now);
    boolean retry = engineFailures > 0;
    if (retry ? now.compareTo(retryAt) >= 0 : now.compareTo(driftAt) >= 0) {
      apply(retry ? "retry" : "drift");
      reportIfChanged();
    }
    if (now.compareTo(reportAt) >= 0) report(state.report(clock.instant()));
    reportFailures(now);
    HostSettings settings = settings();
    boolean due = now.compareTo(countedAt.plus(settings.ipsecLogInterval())) >= 0;
    if (settings.ipsecDiagnostics() > 0 && due) logCounters(now);
  }

  private HostSettings settings() {
    return wantedBefore.map(HostPolicy::settings).orElse(HostSettings.DEFAULTS);
  }

  /// What was dropped, or passed in clear where that is allowed.
  private void logCounters(Duration now) {
    countedAt = now;
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

  private void look(Duration now) {
    lookAt = now.plus(engine.watchesPeers() ? PEERS : timers.look());
    long seen = host.links().get();
    if (seen != links) {
      links = seen;
      AGENT.log(INFO, "addresses, routes or resolvers changed");
      linkChanged.run();
      apply("addresses");
      reportIfChanged();
    }
    if (engineFailures == 0 && engine.needsAttention()) {
      // What is repaired is warned of; others change their own tables all the time.
      ENGINE.log(DEBUG, "something changed that the engine relies on");
      apply("engine");
      reportIfChanged();
    }
    if (engineFailures == 0 && engine.peersChanged()) {
      expectsChange = true;
      apply("peers");
    }
    if (host.restart().get()) {
      AGENT.log(INFO, "the identity of this host changed: starting anew");
      restart = true;
      stopped = true;
    }
  }

  private Duration untilNextTimer() {
    Duration next = lookAt;
    Duration engineAt = engineFailures > 0 ? retryAt : driftAt;
    if (engineAt.compareTo(next) < 0) next = engineAt;
    if (reportAt.compareTo(next) < 0) next = reportAt;
    if (settings().ipsecDiagnostics() > 0) {
      Duration countAt = countedAt.plus(settings().ipsecLogInterval());
      if (countAt.compareTo(next) < 0) next = countAt;
    }
    Duration left = next.minus(uptime.get());
    return left.isNegative() ? Duration.ZERO : left;
  }

  private void reportIfChanged() {
    StatusReport report = state.report(clock.instant());
    boolean same = reportedBefore.filter(before -> saysTheSame(before, report)).isPresent();
    if (!same) report(report);
  }

  /// "Unchanged" after "applied" is no news.
  private static boolean saysTheSame(StatusReport a, StatusReport b) {
    return a.running().equals(b.running())
        && a.outcome().equals("failed") == b.outcome().equals("failed")
        && a.detail().equals(b.detail())
        && a.rules().equals(b.rules())
        && a.refused().equals(b.refused())
        && a.problems().equals(b.problems())
        && a.exempt().equals(b.exempt());
  }

  private void report(StatusReport report) {
    reportedBefore = Optional.of(report);
    reportAt = uptime.get().plus(timers.report());
    reports.accept(withActivity(report));
  }

  /// What was read back a moment ago is not compared with what was reported: it changes always.
  private StatusReport withActivity(StatusReport report) {
    try {
      IpsecActivity now = engine.observe().activity();
      reportedFailures = reasons(now.failures());
      failuresAt = uptime.get().plus(FAILURES);
      return report.withActivity(now);
    } catch (EngineException | RuntimeException e) {
      AGENT.log(DEBUG, "the engine cannot be observed: {0}", e.toString());
      return report;
    }
  }

  /// Peers that cannot be agreed with, and why: news, but not at every packet of theirs.
  private void reportFailures(Duration now) {
    if (now.compareTo(failuresAt) < 0) return;
    failuresAt = now.plus(FAILURES);
    if (reasons(engine.failures()).equals(reportedFailures)) return;
    report(state.report(clock.instant()));
  }

  private static Set<String> reasons(List<PeerFailure> failures) {
    return failures.stream()
        .map(failure -> failure.peer() + " " + failure.reason())
        .collect(Collectors.toSet());
  }
}
