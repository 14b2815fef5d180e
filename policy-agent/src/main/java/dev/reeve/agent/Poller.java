package dev.reeve.agent;

import static java.lang.System.Logger.Level.DEBUG;
import static java.lang.System.Logger.Level.WARNING;

import dev.reeve.agent.PolicyClient.Answer;
import dev.reeve.agent.PolicyClient.Question;
import dev.reeve.agent.PolicyClient.RefusedByServerException;
import dev.reeve.model.bundle.Admission.Accepted;
import dev.reeve.model.bundle.Admission.Refused;
import dev.reeve.model.bundle.BundleGate;
import dev.reeve.model.bundle.Digest;
import dev.reeve.model.bundle.Facts;
import dev.reeve.model.bundle.GateState;
import dev.reeve.model.bundle.Refusal;
import dev.reeve.model.bundle.VerifiedManifest;
import dev.reeve.trust.EcKeys;
import dev.reeve.trust.Pem;
import java.io.IOException;
import java.net.InetAddress;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// Asks the server on a thread of its own, for ever: waits there for news, fetches what came, and
/// hands it to the loop. Decides nothing about policy.
final class Poller {

  private static final System.Logger LOG = System.getLogger("poll");
  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final Duration NO_HURRY = Duration.ofSeconds(2);

  /// What the poller sees of the rest of the agent.
  ///
  /// @param facts by the address of the route to the server
  /// @param kept objects that need not be fetched again
  record Agent(
      Supplier<AgentState> state,
      Consumer<AgentEvent> post,
      Function<InetAddress, Map<String, String>> facts,
      Function<Digest, Optional<byte[]>> kept) {}

  private record Asked(boolean force, CompletableFuture<PollOutcome> reply) {}

  private final PolicyClient client;
  private final BundleGate gate;
  private final Agent agent;
  private final Renewal renewal;
  private final Duration longPoll;
  private final InstantSource clock;
  private final Supplier<Duration> uptime;
  private final RandomGenerator random;

  // Guarded by this.
  private final List<Asked> asked = new ArrayList<>();
  private boolean waiting;
  private boolean hurry;
  private boolean stopped;

  // Of the poller's thread.
  private PollSchedule schedule = PollSchedule.start();
  private Contact contact;
  private boolean confirm;
  private boolean sent;

  Poller(
      PolicyClient client,
      BundleGate gate,
      Agent agent,
      Renewal renewal,
      Duration longPoll,
      InstantSource clock,
      Supplier<Duration> uptime,
      RandomGenerator random) {
    this.client = client;
    this.gate = gate;
    this.agent = agent;
    this.renewal = renewal;
    this.longPoll = longPoll;
    this.clock = clock;
    this.uptime = uptime;
    this.random = random;
    this.contact = agent.state().get().contact();
  }

  /// Asks now, whatever the schedule says. Any thread may call it.
  ///
  /// @param force get everything anew
  CompletableFuture<PollOutcome> ask(boolean force) {
    var reply = new CompletableFuture<PollOutcome>();
    synchronized (this) {
      if (stopped) {
        reply.complete(new PollOutcome.Failed("the agent is stopping"));
        return reply;
      }
      asked.add(new Asked(force, reply));
      wake();
    }
    return reply;
  }

  /// The way to the server may be another one now: what waits on the old one waits in vain.
  synchronized void linkChanged() {
    hurry = true;
    wake();
  }

  synchronized void stop() {
    stopped = true;
    wake();
    asked.forEach(a -> a.reply().complete(new PollOutcome.Failed("the agent is stopping")));
    asked.clear();
  }

  private synchronized void wake() {
    if (waiting) client.abort();
    notifyAll();
  }

  void run() {
    while (true) {
      List<Asked> now;
      synchronized (this) {
        if (stopped) break;
        now = List.copyOf(asked);
        asked.clear();
        client.rearm();
        waiting = now.isEmpty();
        hurry = false;
      }
      boolean force = now.stream().anyMatch(Asked::force);
      PollOutcome outcome = turn(!now.isEmpty(), force);
      now.forEach(a -> a.reply().complete(outcome));
      pause(schedule.pause(uptime.get(), random));
    }
    client.close();
  }

  private synchronized void pause(Duration pause) {
    waiting = false;
    long until = System.nanoTime() + pause.toNanos();
    try {
      while (!stopped && !hurry && asked.isEmpty()) {
        long left = (until - System.nanoTime()) / 1_000_000;
        if (left <= 0) return;
        wait(left);
      }
    } catch (InterruptedException e) {
      stopped = true;
    }
  }

  /// One question with all that follows from it.
  ///
  /// @param atOnce somebody waits for the answer
  PollOutcome turn(boolean atOnce, boolean force) {
    AgentState state = agent.state().get();
    Duration start = uptime.get();
    Duration wait =
        atOnce || confirm || schedule.inTrouble()
            ? Duration.ZERO
            : schedule.wait(start, state.pollingInterval(), longPoll);
    try {
      PollOutcome outcome = asked(state, wait, force);
      settle(outcome, wait, uptime.get().minus(start));
      return outcome;
    } catch (IOException | RuntimeException e) {
      return failed(e);
    }
  }

  private PollOutcome asked(AgentState state, Duration wait, boolean force) throws IOException {
    GateState gateState = state.gate().orElseThrow();
    boolean plain = wait.isZero() && !confirm && !schedule.inTrouble();
    if (plain) client.close(); // try the way itself too
    confirm = false;
    InetAddress local = client.connect();
    // First: with a certificate that has expired, a new one is all that the server gives out.
    contact = contact.withProblems(renewal.attend(client, clock.instant()));
    byte[] facts = Facts.toBytes(agent.facts().apply(local));
    boolean all = force || state.etag().isEmpty() || state.kept().current().isEmpty();
    Optional<String> etag = all ? Optional.empty() : Optional.of(state.etag());
    Optional<PublicKey> key = renewal.encryptionKey();
    Answer answer =
        client.policy(
            new Question(etag, gateState.floor(), Digest.of(facts), key.map(EcKeys::digest), wait));
    contact = contact.answered(client.server(), clock.instant(), answer.side().serverTime());
    if (answer.side().factsWanted()) client.putFacts(facts);
    boolean keyWanted = key.isPresent() && answer.side().keyWanted();
    if (keyWanted) client.putEncryptionKey(Pem.write(key.get()));
    sent = answer.side().factsWanted() || keyWanted;
    return switch (answer) {
      case Answer.Unchanged _ -> PollOutcome.Unchanged.UNCHANGED;
      case Answer.Manifest(var signed, var tag, var _) -> {
        var reply = new CompletableFuture<PollOutcome>();
        var objects = objects(signed, gateState, force);
        agent.post().accept(new AgentEvent.BundleArrived(signed, tag, objects, reply));
        yield await(reply);
      }
    };
  }

  /// The objects that the manifest names, if it is worth looking at; the loop judges again.
  private Map<Digest, byte[]> objects(byte[] signed, GateState state, boolean force)
      throws IOException {
    var objects = new LinkedHashMap<Digest, byte[]>();
    switch (gate.open(signed, state, clock.instant())) {
      case Refused<VerifiedManifest>(var reason, var _) -> {
        if (reason == Refusal.FOREIGN_SIGNER) renewal.learnSigners(client);
      }
      case Accepted<VerifiedManifest>(var verified) -> {
        for (Digest digest : verified.manifest().objects()) {
          Optional<byte[]> kept = force ? Optional.empty() : agent.kept().apply(digest);
          objects.put(digest, kept.isPresent() ? kept.get() : client.object(digest));
        }
      }
    }
    return objects;
  }

  private static PollOutcome await(CompletableFuture<PollOutcome> reply) {
    try {
      return reply.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException e) {
      return new PollOutcome.Failed("the agent did not take the new policy in: " + e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new PollOutcome.Failed("the agent is stopping");
    }
  }

  private void settle(PollOutcome outcome, Duration wait, Duration took) {
    String error =
        switch (outcome) {
          case PollOutcome.Arrived _, PollOutcome.Unchanged _ -> "";
          case PollOutcome.Refused(var reason, var detail) -> reason + ": " + detail;
          case PollOutcome.Failed(var detail) -> detail;
          case PollOutcome.NotJoined(var detail) -> detail;
        };
    boolean useful = outcome instanceof PollOutcome.Arrived(var _, var news, var _) && news;
    // Is the server still reached with the new policy in force? One more question tells.
    confirm = useful;
    // A server that answers at once, and says nothing new, must not be asked in a circle.
    boolean circling =
        !useful
            && !sent
            && !wait.isZero()
            && took.compareTo(NO_HURRY) < 0
            && took.compareTo(wait) < 0;
    if (!error.isEmpty()) {
      schedule = schedule.failed(uptime.get());
      contact = contact.withError(error);
    } else if (wait.isZero()) {
      schedule = schedule.answered(uptime.get(), random);
    } else {
      schedule = circling ? schedule.circled() : schedule.well();
    }
    LOG.log(DEBUG, "server={0} answered {1}", contact.server(), outcome);
    agent.post().accept(new AgentEvent.ServerState(contact));
  }

  private PollOutcome failed(Exception e) {
    synchronized (this) {
      // Given up by ourselves, for something more urgent.
      if (waiting && (stopped || hurry || !asked.isEmpty())) {
        return new PollOutcome.Failed("given up");
      }
    }
    schedule = schedule.failed(uptime.get());
    String why = Optional.ofNullable(e.getMessage()).orElse(e.toString());
    boolean answered = e instanceof RefusedByServerException;
    boolean first = contact.reachable() || contact.lastError().isEmpty();
    contact =
        answered
            ? contact.answered(client.server(), clock.instant(), Optional.empty()).withError(why)
            : contact.away(client.server(), clock.instant(), why);
    if (first) LOG.log(WARNING, "no policy from the server, the last good one stays: {0}", why);
    agent.post().accept(new AgentEvent.ServerState(contact));
    return new PollOutcome.Failed(why);
  }

  /// Keeps the host's certificate fresh, and knows its encryption key.
  interface Renewal {

    /// Renews it when it is time. What goes wrong is a problem and is tried again later.
    ///
    /// @return what must be reported, in words
    List<String> attend(PolicyClient client, Instant now);

    /// What this host's secrets are to be sealed to; empty when there is none.
    default Optional<PublicKey> encryptionKey() {
      return Optional.empty();
    }

    /// The server signs with a key that this host does not know: perhaps one that it does know says
    /// that it may.
    default void learnSigners(PolicyClient client) throws IOException {}

    /// A host without a certificate.
    Renewal NONE = (_, _) -> List.of();
  }
}
