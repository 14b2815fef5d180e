package dev.reeve.server.directory;

import dev.reeve.model.gp.DirectoryContent;
import dev.reeve.model.gp.DirectorySnapshot;
import dev.reeve.model.gp.Dn;
import dev.reeve.model.gp.Problem;
import dev.reeve.model.ipsec.SecretSealer;
import dev.reeve.model.rsop.RsopClasses;
import dev.reeve.schema.names.LdapClass;
import dev.reeve.schema.read.LdapEntry;
import dev.reeve.schema.read.LiveSnapshot;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The picture of the directory that everything else reads: a value, swapped whole. One thread
/// applies the feed's changes, several at a time, and builds the next one.
public final class CurrentSnapshot implements DirectorySource.Feed, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger("directory");

  private static final Duration SAY_AGAIN = Duration.ofMinutes(10);

  /// @param generation rises by one with every swap; 1 is the first complete read
  /// @param readAt when the directory last said something
  /// @param outage empty = in contact
  public record View(RsopClasses rsop, long generation, Instant readAt, Optional<Outage> outage) {

    public DirectorySnapshot snapshot() {
      return rsop.snapshot();
    }

    /// How old the picture is: nothing while in contact.
    public Duration age(Instant now) {
      return outage.map(o -> o.age(now)).orElse(Duration.ZERO);
    }
  }

  /// What a later start may go on with.
  ///
  /// @param asOf when it was last known to be what the directory holds
  /// @param entries make the same picture when they are read again
  public record Copy(long generation, Instant asOf, List<LdapEntry> entries) {}

  private sealed interface Event {
    record Reset(Collection<LdapEntry> all, Predicate<Dn> part) implements Event {}

    record Changed(List<DirectoryChange> changes) implements Event {}

    record Lost(String why, Instant contact) implements Event {}

    record Restored(Collection<LdapEntry> all, Outage outage) implements Event {}

    record CopyWanted(CompletableFuture<Optional<Copy>> answer) implements Event {}

    enum Stop implements Event {
      STOP
    }
  }

  private final Clock clock;
  private final LinkedBlockingQueue<Event> queue = new LinkedBlockingQueue<>();
  private final AtomicReference<Optional<View>> view = new AtomicReference<>(Optional.empty());
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private final Thread keeper;
  private volatile Instant contact = Instant.EPOCH; // the last

  // The keeper's own, touched by no other thread.
  private final LiveSnapshot live;
  private Optional<PolicySettling> settling = Optional.empty();
  private Optional<GpoSettling> gpoSettling = Optional.empty();
  private boolean read; // once as a whole
  private Instant heardAt = Instant.EPOCH; // when the directory last said something
  private Optional<Instant> due = Optional.empty(); // when something held back is looked at again
  private List<Problem> reported = List.of();
  private Optional<Outage> outage = Optional.empty(); // as things are
  private Instant saidAt = Instant.EPOCH; // that contact is lost

  public CurrentSnapshot(SecretSealer sealer, Clock clock) {
    this.live = new LiveSnapshot(sealer);
    this.clock = clock;
    this.keeper = Thread.ofPlatform().name("snapshot").start(this::keep);
  }

  /// Empty until the directory has been read once.
  public Optional<View> view() {
    return view.get();
  }

  /// Called after every swap, on the keeper's thread: be quick.
  public void onChange(Runnable listener) {
    listeners.add(listener);
  }

  /// Starts with what an earlier run saved; does nothing once the directory was read.
  public void restore(Collection<LdapEntry> all, Instant asOf, String why) {
    queue.add(new Event.Restored(List.copyOf(all), new Outage(asOf, true, why)));
  }

  /// Empty before the first read, while contact is lost, and while something is held back because
  /// it is being written: none of these is a picture to start with.
  public CompletableFuture<Optional<Copy>> copy() {
    var answer = new CompletableFuture<Optional<Copy>>();
    queue.add(new Event.CopyWanted(answer));
    return answer;
  }

  @Override
  public void reset(Collection<LdapEntry> all, Predicate<Dn> part) {
    contact = clock.instant();
    queue.add(new Event.Reset(List.copyOf(all), part));
  }

  @Override
  public void changed(List<DirectoryChange> changes) {
    contact = clock.instant();
    queue.add(new Event.Changed(List.copyOf(changes)));
  }

  @Override
  public void lost(String why) {
    queue.add(new Event.Lost(why, contact));
  }

  @Override
  public void inContact() {
    contact = clock.instant();
  }

  @Override
  public void close() {
    queue.add(Event.Stop.STOP);
    try {
      keeper.join(Duration.ofSeconds(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void keep() {
    while (true) {
      var batch = new ArrayList<Event>();
      try {
        next().ifPresent(batch::add);
      } catch (InterruptedException e) {
        return;
      }
      queue.drainTo(batch);
      boolean stop = batch.contains(Event.Stop.STOP);
      try {
        if (!stop) step(batch);
      } catch (RuntimeException e) {
        LOG.error("kept the last snapshot: building the next one failed; report this as a bug", e);
        due = Optional.empty();
      } finally {
        answer(batch, stop);
      }
      if (stop) return;
    }
  }

  private Optional<Event> next() throws InterruptedException {
    if (due.isEmpty()) return Optional.of(queue.take());
    long wait = Math.max(1, Duration.between(clock.instant(), due.get()).toMillis() + 1);
    return Optional.ofNullable(queue.poll(wait, TimeUnit.MILLISECONDS));
  }

  private void step(List<Event> batch) {
    Instant now = clock.instant();
    boolean complete = false;
    boolean changed = batch.isEmpty();
    Optional<Outage> before = outage;
    for (Event event : batch) {
      switch (event) {
        case Event.Reset(var all, var part) -> {
          live.reset(all, part);
          complete = true;
          changed = true;
          heardAt = now;
          outage = Optional.empty();
        }
        case Event.Changed(var changes) -> {
          apply(changes, now);
          changed = true;
          heardAt = now;
          outage = Optional.empty();
        }
        case Event.Restored(var all, var saved) -> {
          if (read || complete) continue;
          live.reset(all);
          complete = true;
          changed = true;
          heardAt = saved.asOf();
          outage = Optional.of(saved);
        }
        case Event.Lost(var why, var last) ->
            outage =
                outage
                    .or(() -> before) // a part of it answers: what is old is as old as before
                    .map(o -> o.stillBecauseOf(why))
                    .or(() -> Optional.of(new Outage(last, false, why)));
        case Event.CopyWanted _, Event.Stop _ -> {}
      }
    }
    report(before, now);
    read |= complete;
    if (changed && read) due = swap(complete, now);
    view.updateAndGet(old -> old.map(v -> new View(v.rsop(), v.generation(), heardAt, outage)));
  }

  private void report(Optional<Outage> before, Instant now) {
    if (outage.isEmpty()) {
      before.ifPresent(o ->
          LOG.warn(
              "the directory answers again; the picture was {} s old", o.age(now).toSeconds()));
      return;
    }
    Outage lost = outage.get();
    boolean news = before.filter(o -> o.why().equals(lost.why())).isEmpty();
    if (!news && now.isBefore(saidAt.plus(SAY_AGAIN))) return;
    saidAt = now;
    LOG.error(
        "lost the directory, going on with the {}picture of {}, {} s old: {}",
        lost.saved() ? "saved " : "",
        lost.asOf(),
        lost.age(now).toSeconds(),
        lost.why());
  }

  private void answer(List<Event> batch, boolean stopped) {
    for (Event event : batch) {
      if (!(event instanceof Event.CopyWanted(var answer))) continue;
      boolean whole = !stopped && read && outage.isEmpty() && due.isEmpty();
      var unused =
          answer.complete(
              view.get()
                  .filter(_ -> whole)
                  .map(v -> new Copy(v.generation(), contact, live.entries())));
    }
  }

  private void apply(List<DirectoryChange> changes, Instant now) {
    var touched = new HashSet<Dn>();
    boolean ipsec = false;
    for (DirectoryChange change : changes) {
      switch (change) {
        case DirectoryChange.Upsert(var entry) -> {
          ipsec |= entry.isA(LdapClass.IPSEC_BASE);
          if (entry.isA(LdapClass.IPSEC_POLICY) && live.contains(entry.dn()))
            touched.add(entry.dn());
          live.upsert(entry);
        }
        case DirectoryChange.Delete(var dn) -> ipsec |= live.delete(dn);
        case DirectoryChange.Moved(var from, var to) -> ipsec |= live.move(from, to);
      }
    }
    if (ipsec) settling = settling.map(s -> s.changed(touched, now));
  }

  /// @return when something held back becomes due
  private Optional<Instant> swap(boolean complete, Instant now) {
    DirectoryContent fresh = live.content();
    PolicySettling before =
        settling
            .filter(_ -> !complete || view.get().isPresent())
            .orElse(PolicySettling.after(fresh.policies()));
    var settled = before.settle(fresh.policies(), now);
    settling = Optional.of(settled.next());
    var settledGpos = gpoSettling.orElse(GpoSettling.after(fresh.gpos())).settle(fresh.gpos(), now);
    gpoSettling = Optional.of(settledGpos.next());
    DirectoryContent next = fresh.with(settledGpos.next().published(), settled.next().published());
    publish(next);
    return Stream.of(settled.lookAgain(), settledGpos.lookAgain())
        .flatMap(Optional::stream)
        .min(Comparator.naturalOrder());
  }

  private void publish(DirectoryContent next) {
    Optional<View> old = view.get();
    if (old.filter(v -> v.snapshot().content().isSame(next)).isPresent()) {
      view.set(old.map(v -> new View(v.rsop(), v.generation(), heardAt, outage)));
      return;
    }
    RsopClasses rsop =
        old.map(v -> v.rsop().changedTo(v.snapshot().changedTo(next)))
            .orElseGet(() -> new RsopClasses(new DirectorySnapshot(next)));
    long generation = old.map(v -> v.generation() + 1).orElse(1L);
    view.set(Optional.of(new View(rsop, generation, heardAt, outage)));
    report(rsop.snapshot(), generation);
    listeners.forEach(Runnable::run);
  }

  /// The same picture, as far as it is known by now.

  private void report(DirectorySnapshot snapshot, long generation) {
    LOG.atInfo()
        .addKeyValue("snapshot", generation)
        .addKeyValue("computers", snapshot.computers().size())
        .addKeyValue("gpos", snapshot.gpos().size())
        .addKeyValue("problems", snapshot.problems().size())
        .log("new snapshot");
    if (snapshot.problems() == reported) return;
    var known = Set.copyOf(reported);
    for (Problem problem : snapshot.problems())
      if (!known.contains(problem)) LOG.warn("{}", problem);
    reported = snapshot.problems();
  }
}
