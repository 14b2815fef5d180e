package dev.reeve.server.withdrawal;

import dev.reeve.model.bundle.HostId;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Holds back what would take policy from too many hosts at once, until an administrator confirms
/// it or the directory is mended. The fleet is looked over only when some host is about to lose
/// policy, and every few seconds while something waits. Safe for several threads.
public final class WithdrawalBrake implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger("publish");
  private static final int LOOK_EVERY_SECONDS = 5;
  private static final int ONE_BY_ONE = 50;

  private final PolicyMemory memory;
  private final BrakeRule rule;
  private final InstantSource clock;
  private final AtomicLong generation = new AtomicLong();
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("withdrawals").factory());

  // Guarded by this.
  private Hold hold = Hold.NOTHING;
  private Map<HostId, Parts> leaving = Map.of(); // held or let through, all of them
  private long lookedAt; // the picture's generation
  private Instant looked = Instant.EPOCH;
  private boolean waiting = true; // something is held or was confirmed; nobody knows at the start
  private long askedOf; // the picture's generation
  private int asked; // how many, one by one
  private Map<HostId, Remembered> all = Map.of();
  private Instant readAt = Instant.EPOCH;
  private long toldOf; // the generation that the listeners know

  public WithdrawalBrake(PolicyMemory memory, BrakeRule rule, InstantSource clock) {
    this.memory = memory;
    this.rule = rule;
    this.clock = clock;
  }

  /// Looks again while something waits: another server may have been told to let it go.
  public void watch(Fleet fleet) {
    var unused =
        thread.scheduleWithFixedDelay(
            () -> lookAgain(fleet), LOOK_EVERY_SECONDS, LOOK_EVERY_SECONDS, TimeUnit.SECONDS);
  }

  /// Called after something was held or let go for a reason that is not in the directory.
  public void onChange(Runnable listener) {
    listeners.add(listener);
  }

  /// Rises whenever other hosts are held.
  public long generation() {
    return generation.get();
  }

  /// Which kinds of policy a host keeps although the directory says it has none.
  ///
  /// @param none those the directory says it has none of
  public Parts held(Fleet.Picture picture, HostId host, Parts none) {
    if (none.isNone()) return Parts.NONE;
    Optional<Remembered> remembered = find(picture, host).filter(r -> !r.had().and(none).isNone());
    if (remembered.isEmpty() || remembered.get().mayGo()) return Parts.NONE;
    synchronized (this) {
      if (!isFresh(picture) || !leaving.containsKey(host)) look(picture);
      return hold.isHolding() ? leaving.getOrDefault(host, Parts.NONE).and(none) : Parts.NONE;
    }
  }

  /// A few hosts are looked up one by one; when many ask, as after a change that concerns all, they
  /// are read at once.
  private Optional<Remembered> find(Fleet.Picture picture, HostId host) {
    synchronized (this) {
      if (askedOf != picture.generation()) {
        askedOf = picture.generation();
        asked = 0;
        all = Map.of();
      }
      Instant now = clock.instant();
      boolean fresh = !all.isEmpty() && now.isBefore(readAt.plusSeconds(LOOK_EVERY_SECONDS));
      if (!fresh && ++asked > ONE_BY_ONE) {
        readAll(now);
        fresh = true;
      }
      Remembered one = fresh ? all.get(host) : null;
      if (one != null) return Optional.of(one);
    }
    return memory.find(host);
  }

  private Collection<Remembered> readAll(Instant now) {
    var byHost = new HashMap<HostId, Remembered>();
    memory.all().forEach(one -> byHost.put(one.host(), one));
    all = byHost;
    readAt = now;
    return byHost.values();
  }

  /// What is held now.
  public synchronized Hold look(Fleet fleet) {
    fleet.picture().filter(picture -> !isFresh(picture)).ifPresent(this::look);
    return hold;
  }

  /// What one look found is good for all hosts that ask soon after, or each would cost a look.
  private boolean isFresh(Fleet.Picture picture) {
    return lookedAt == picture.generation()
        && clock.instant().isBefore(looked.plusSeconds(LOOK_EVERY_SECONDS));
  }

  /// As of the last look: while something is held that is seconds ago.
  public synchronized Hold last() {
    return hold;
  }

  /// Lets go what is held.
  ///
  /// @param id of what the administrator has seen
  /// @throws IllegalArgumentException when that is not what is held now
  public Hold confirm(Fleet fleet, String id) {
    Hold confirmed;
    synchronized (this) {
      fleet.picture().ifPresent(this::look);
      confirmed = hold;
      if (!confirmed.isHolding())
        throw new IllegalArgumentException("nothing is held: no withdrawal waits");
      if (!confirmed.id().equals(id)) {
        throw new IllegalArgumentException(
            "found '"
                + id
                + "', but what is held now is "
                + confirmed.id()
                + ": look at it again (reeve withdrawal show)");
      }
      Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS); // as manifests count
      memory.confirm(confirmed.hosts().stream().map(Hold.Held::host).toList(), now);
      fleet.picture().ifPresent(this::look); // and with it, what was read before is forgotten
    }
    tell();
    return confirmed;
  }

  private void lookAgain(Fleet fleet) {
    try {
      synchronized (this) {
        if (waiting) fleet.picture().ifPresent(this::look);
      }
      tell();
    } catch (RuntimeException e) {
      LOG.warn("cannot look after the withdrawals that wait; trying again", e);
    }
  }

  private void tell() {
    synchronized (this) {
      if (toldOf == generation.get()) return;
      toldOf = generation.get();
    }
    listeners.forEach(Runnable::run);
  }

  private void look(Fleet.Picture picture) {
    Instant now = clock.instant();
    BrakeRule.Decision decision = rule.decide(readAll(now), picture.none().get(), now);
    lookedAt = picture.generation();
    looked = now;
    leaving = decision.leaving();
    if (!decision.settled().isEmpty()) memory.forgetConfirmation(decision.settled());
    waiting = decision.hold().isHolding() || decision.pending() > 0;
    Hold before = hold;
    hold = decision.hold();
    if (before.hosts().equals(hold.hosts())) return;
    long unused = generation.incrementAndGet();
    if (hold.isHolding()) {
      LOG.error(
          "held: {} hosts would lose their policy ({} of {} within the hour); they keep it until"
              + " the directory is mended or 'reeve withdrawal confirm {}'",
          hold.hosts().size(),
          hold.withdrawn(),
          hold.had(),
          hold.id());
    } else {
      LOG.warn("nothing is held any more: no withdrawal waits");
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
