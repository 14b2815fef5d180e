package dev.reeve.server.directory;

import dev.reeve.model.gp.Dn;
import dev.reeve.schema.read.LdapEntry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Several domains as one directory. Each name is taken from the source that owns it, so what is
/// lost with one of them is what it owns.
///
/// The first source must answer at the start. One of the others that does not is asked again until
/// it does; meanwhile nothing of it is there, which leaves whatever depends on it unknown.
public final class JoinedSource implements DirectorySource {

  private static final Duration FIRST_WAIT = Duration.ofMillis(250);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(15);

  /// @param read the domains that are read with it
  public record Part(Set<Dn> read, DirectorySource source) {
    public Part {
      read = Set.copyOf(read);
    }
  }

  private final Domains domains;
  private final List<Inlet> inlets;
  private final List<Thread> waiting = new ArrayList<>();

  private final Object lock = new Object();
  private Optional<Feed> target = Optional.empty(); // present = open
  private boolean closed;

  /// @param parts the first domain's first, never empty
  public JoinedSource(Domains domains, List<Part> parts) {
    if (parts.isEmpty() || !parts.getFirst().read().contains(domains.first()))
      throw new IllegalArgumentException("the first part must hold " + domains.first());
    this.domains = domains;
    this.inlets = parts.stream().map(Inlet::new).toList();
  }

  @Override
  public void start(Feed feed) throws DirectoryException {
    inlets.getFirst().part.source().start(inlets.getFirst());
    for (Inlet inlet : inlets.subList(1, inlets.size())) {
      try {
        inlet.part.source().start(inlet);
      } catch (DirectoryException e) {
        inlet.failed(e);
      }
    }
    synchronized (lock) {
      var all = new ArrayList<LdapEntry>();
      inlets.forEach(inlet -> all.addAll(inlet.takeFirst()));
      feed.reset(all);
      target = Optional.of(feed);
      tellLost(feed);
      for (Inlet inlet : inlets)
        if (inlet.lost.isPresent())
          waiting.add(
              Thread.ofPlatform().name("directory-start").daemon().start(inlet::startLater));
      lock.notifyAll();
    }
  }

  @Override
  public void remember(Collection<LdapEntry> earlier) {
    inlets.forEach(inlet -> inlet.part.source().remember(earlier));
  }

  /// What the feed has stays until the source that owns it was read.
  @Override
  public void resume(Feed feed) {
    synchronized (lock) {
      target = Optional.of(feed);
      lock.notifyAll();
    }
    inlets.forEach(inlet -> inlet.part.source().resume(inlet));
  }

  private void tellLost(Feed feed) {
    List<String> lost = inlets.stream().flatMap(inlet -> inlet.lost.stream()).toList();
    if (!lost.isEmpty()) feed.lost(String.join("; ", lost));
  }

  @Override
  public String describe() {
    return inlets.stream()
        .map(inlet -> inlet.part.source().describe())
        .collect(Collectors.joining("; "));
  }

  @Override
  public void close() {
    synchronized (lock) {
      closed = true;
      waiting.forEach(Thread::interrupt);
      lock.notifyAll();
    }
    try {
      for (Thread thread : waiting) thread.join(Duration.ofSeconds(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    inlets.forEach(inlet -> inlet.part.source().close());
  }

  /// Where one source delivers.
  private final class Inlet implements Feed {

    private final Part part;
    private Optional<List<LdapEntry>> first = Optional.empty(); // until the joint first read
    private Optional<String> lost = Optional.empty();

    Inlet(Part part) {
      this.part = part;
    }

    private boolean owns(Dn name) {
      return domains.speaks(part.read(), name);
    }

    /// @return what was read before all others were asked
    List<LdapEntry> takeFirst() {
      List<LdapEntry> entries = first.orElse(List.of());
      first = Optional.empty();
      return entries;
    }

    @Override
    public void reset(Collection<LdapEntry> all, Predicate<Dn> whole) {
      List<LdapEntry> owned = all.stream().filter(entry -> owns(entry.dn())).toList();
      synchronized (lock) {
        if (target.isEmpty() && first.isEmpty()) {
          first = Optional.of(owned);
          return;
        }
        if (!awaitOpen()) return;
        lost = Optional.empty();
        Feed feed = target.orElseThrow();
        feed.reset(owned, this::owns);
        tellLost(feed);
      }
    }

    @Override
    public void changed(List<DirectoryChange> changes) {
      List<DirectoryChange> owned = changes.stream().flatMap(this::owned).toList();
      synchronized (lock) {
        if (!awaitOpen()) return;
        boolean found = lost.isPresent();
        lost = Optional.empty();
        if (owned.isEmpty() && !found) return;
        Feed feed = target.orElseThrow();
        feed.changed(owned);
        tellLost(feed);
      }
    }

    private Stream<DirectoryChange> owned(DirectoryChange change) {
      return switch (change) {
        case DirectoryChange.Upsert(var entry) ->
            owns(entry.dn()) ? Stream.of(change) : Stream.of();
        case DirectoryChange.Delete(var dn) -> owns(dn) ? Stream.of(change) : Stream.of();
        case DirectoryChange.Moved(var from, var to) -> {
          if (!owns(from)) yield Stream.of(); // what was never shown is not missed under a new name
          yield Stream.of(owns(to) ? change : new DirectoryChange.Delete(from));
        }
      };
    }

    @Override
    public void lost(String why) {
      synchronized (lock) {
        if (!awaitOpen()) return;
        lost = Optional.of(named(why));
        tellLost(target.orElseThrow());
      }
    }

    @Override
    public void inContact() {
      synchronized (lock) {
        if (inlets.stream().allMatch(inlet -> inlet.lost.isEmpty()))
          target.ifPresent(Feed::inContact);
      }
    }

    void failed(DirectoryException e) {
      synchronized (lock) {
        lost =
            Optional.of(
                named(e.getMessage() + ". Until it is read, what depends on it is unknown"));
        target.ifPresent(JoinedSource.this::tellLost);
      }
    }

    private String named(String why) {
      return this == inlets.getFirst()
          ? why
          : part.read().stream().sorted().map(Dn::toString).collect(Collectors.joining(", "))
              + ": "
              + why;
    }

    /// A source that has been read waits here until all have been asked.
    ///
    /// @return false = closed meanwhile
    private boolean awaitOpen() {
      try {
        while (target.isEmpty() && !closed) lock.wait();
        return !closed;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }

    private void startLater() {
      Duration wait = FIRST_WAIT;
      while (true) {
        try {
          Thread.sleep(wait);
          synchronized (lock) {
            if (closed) return;
          }
          part.source().start(this);
          return;
        } catch (InterruptedException e) {
          return;
        } catch (DirectoryException e) {
          failed(e);
        }
        wait = wait.multipliedBy(2);
        if (wait.compareTo(LONGEST_WAIT) > 0) wait = LONGEST_WAIT;
      }
    }
  }
}
