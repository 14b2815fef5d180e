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
import dev.reeve.engine.IpsecEngine;
import dev.reeve.model.bundle.Admission;
import dev.reeve.model.bundle.Admission.Accepted;
import dev.reeve.model.bundle.Admission.Refused;
import dev.reeve.model.bundle.BundleGate;
import dev.reeve.model.bundle.GateState;
import dev.reeve.model.bundle.Manifest;
import dev.reeve.model.bundle.VerifiedBundle;
import dev.reeve.model.bundle.VerifiedManifest;
import dev.reeve.model.ipsec.HostSettings;
import dev.reeve.model.spd.HostPolicy;
import dev.reeve.model.spd.HostView;
import dev.reeve.model.status.ApplyOutcome;
import dev.reeve.model.status.StatusReport;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The one thread that owns the engine. Takes an event, admits, keeps, has it enforced and
/// reported; then looks whether a timer is due. Nothing here waits for the network.
final class AgentLoop {

  private static final System.Logger GATE = System.getLogger("gate");
  private static final System.Logger ENGINE = System.getLogger("engine");
  private static final System.Logger AGENT = System.getLogger("agent");

  private static final Duration PEERS = Duration.ofMillis(500);
  private static final Duration LONGEST_RETRY = Duration.ofMinutes(5);

  /// What a host that has joined has beside the local stores.
  record Domain(BundleGate gate, BundleCache cache, BundleCache.Loaded loaded) {}

  /// How the loop sees the rest of the host.
  ///
  /// @param stores read anew at each check
  /// @param view likewise
  /// @param rules kept for when this process cannot enforce
  /// @param storesStamp a value that changes when the stores do
  /// @param links a value that changes when addresses, routes or resolvers do
  /// @param restart whether the agent must be built anew: joined, or joined again
  record Surroundings(
      Supplier<LocalStores> stores,
      Supplier<Long> storesStamp,
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
  private final Enforcer enforcer;
  private final News news;
  private final Runnable linkChanged;
  private final InstantSource clock;
  private final Supplier<Duration> uptime;

  private volatile AgentState state;
  private boolean stopped;
  private boolean restart;
  private Duration retryAt = Duration.ZERO;
  private Duration lookAt = Duration.ZERO;
  private Duration driftAt = Duration.ZERO;
  private Duration countedAt = Duration.ZERO;
  private long links;
  private long stores;

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
    this.enforcer = new Enforcer(engine, host, domain.isPresent(), clock);
    this.news = new News(engine, reports, timers.report());
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
    stores = host.storesStamp().get();
    Duration now = uptime.get();
    lookAt = now.plus(timers.look());
    news.start(now);
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
      case AgentEvent.SightAsked(var reply) -> reply.complete(enforcer.sight(state));
      case AgentEvent.DynamicAsked(var change, var reply) -> reply.complete(change(change));
      case AgentEvent.EndAsked(var peer, var reply) -> reply.complete(enforcer.end(peer));
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
    if (!same) enforcer.expectChange();
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

  private void apply(String why) {
    state = enforcer.apply(why, state);
    afterwards();
  }

  private Changed change(DynamicChange change) {
    Enforcer.Answer answer = enforcer.change(change, state);
    state = answer.state();
    afterwards();
    return answer.changed();
  }

  /// When the engine is asked next, if nothing happens.
  private void afterwards() {
    Duration now = uptime.get();
    driftAt = now.plus(timers.drift());
    if (enforcer.failures() > 0) retryAt = now.plus(retryPause(enforcer.failures()));
  }

  /// 1, 2, 4 … seconds, 5 minutes at most.
  static Duration retryPause(int failures) {
    Duration pause = Duration.ofSeconds(1L << Math.min(failures - 1, 20));
    return pause.compareTo(LONGEST_RETRY) > 0 ? LONGEST_RETRY : pause;
  }

  /// Does what is due.
  void tick() {
    Duration now = uptime.get();
    if (now.compareTo(lookAt) >= 0) look(now);
    boolean retry = enforcer.failures() > 0;
    if (now.compareTo(retry ? retryAt : driftAt) >= 0) {
      apply(retry ? "retry" : "drift");
      reportIfChanged();
    }
    news.ifDue(() -> state.report(clock.instant()), now);
    if (now.compareTo(countersAt().orElse(now.plusNanos(1))) >= 0) {
      countedAt = now;
      enforcer.logCounters();
    }
  }

  /// Empty when nobody wants them logged.
  private Optional<Duration> countersAt() {
    HostSettings settings = enforcer.settings();
    return settings.ipsecDiagnostics() > 0
        ? Optional.of(countedAt.plus(settings.ipsecLogInterval()))
        : Optional.empty();
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
    long stamp = host.storesStamp().get();
    if (stamp != stores) {
      stores = stamp;
      AGENT.log(INFO, "a store of this host changed");
      apply("stores");
      reportIfChanged();
    }
    if (enforcer.failures() == 0 && engine.needsAttention()) {
      // What is repaired is warned of; others change their own tables all the time.
      ENGINE.log(DEBUG, "something changed that the engine relies on");
      apply("engine");
      reportIfChanged();
    }
    if (enforcer.failures() == 0 && engine.peersChanged()) {
      enforcer.expectChange();
      apply("peers");
    }
    if (host.restart().get()) {
      AGENT.log(INFO, "the identity of this host changed: starting anew");
      restart = true;
      stopped = true;
    }
  }

  private Duration untilNextTimer() {
    Duration next =
        Stream.of(
                Optional.of(lookAt),
                Optional.of(enforcer.failures() > 0 ? retryAt : driftAt),
                Optional.of(news.dueAt()),
                countersAt())
            .flatMap(Optional::stream)
            .min(Comparator.naturalOrder())
            .orElseThrow();
    Duration left = next.minus(uptime.get());
    return left.isNegative() ? Duration.ZERO : left;
  }

  private void reportIfChanged() {
    news.ifChanged(state.report(clock.instant()), uptime.get());
  }
}
