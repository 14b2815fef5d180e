package dev.reeve.server.directory.ldap;

import dev.reeve.model.gp.Dn;
import dev.reeve.schema.read.LdapEntry;
import dev.reeve.server.directory.DirectoryChange;
import dev.reeve.server.directory.DirectoryException;
import dev.reeve.server.directory.DirectorySource;
import dev.reeve.server.directory.ldap.FeedException.Kind;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads an external directory and follows it, on a thread of its own, whatever happens to the
/// connection: what is lost is said, the last picture stays, and it tries again.
public final class LdapSource implements DirectorySource {

  private static final Logger LOG = LoggerFactory.getLogger("directory");
  private static final Duration FIRST_WAIT = Duration.ofMillis(250);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(15);

  private final LdapConfig config;
  private final Dialer dialer;
  private final Object lock = new Object();
  private Optional<Thread> thread = Optional.empty();
  private volatile Collection<LdapEntry> earlier = List.of();
  private volatile Duty duty;
  private volatile boolean closed;

  // The thread's own.
  private Optional<Follower> follower = Optional.empty();
  private Optional<FeedKind> kind = Optional.empty();
  private boolean noSync;
  private int atOnce;
  private boolean retried;

  public LdapSource(LdapConfig config) {
    this(config, SrvRecords.OF_THIS_MACHINE);
  }

  LdapSource(LdapConfig config, SrvRecords records) {
    this.config = config;
    this.dialer = new Dialer(config, records);
    this.duty = new Duty(config.timing());
  }

  /// After a failure it can be started again.
  @Override
  public void start(Feed feed) throws DirectoryException {
    var first = new CompletableFuture<Void>();
    begin(feed, first);
    try {
      first.get();
    } catch (ExecutionException e) {
      synchronized (lock) {
        thread = Optional.empty();
      }
      Throwable cause = Optional.ofNullable(e.getCause()).orElse(e);
      throw new DirectoryException("cannot read the directory: " + cause.getMessage(), cause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      close();
      throw new DirectoryException("interrupted", e);
    }
  }

  @Override
  public void remember(Collection<LdapEntry> entries) {
    earlier = List.copyOf(entries);
  }

  @Override
  public void resume(Feed feed) {
    begin(feed, CompletableFuture.completedFuture(null));
  }

  private void begin(Feed feed, CompletableFuture<Void> first) {
    synchronized (lock) {
      if (closed || thread.isPresent())
        throw new IllegalStateException("started before, or closed");
      thread =
          Optional.of(Thread.ofPlatform().name("directory").daemon().start(() -> run(feed, first)));
    }
  }

  @Override
  public String describe() {
    return "directory " + config.baseDn() + " at " + config.addresses() + " as " + config.account();
  }

  @Override
  public void close() {
    Optional<Thread> running;
    synchronized (lock) {
      closed = true;
      running = thread;
    }
    duty.close();
    running.ifPresent(Thread::interrupt);
    try {
      if (running.isPresent()) running.get().join(Duration.ofSeconds(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run(Feed feed, CompletableFuture<Void> first) {
    var picture = new Picture(new FirstRead(feed, first), config, Earlier.of(earlier));
    Duration wait = FIRST_WAIT;
    while (!closed) {
      long began = System.nanoTime();
      try {
        follow(picture);
        wait = FIRST_WAIT;
      } catch (FeedException e) {
        if (closed) return;
        if (Duty.since(began).compareTo(LONGEST_WAIT) > 0) {
          wait = FIRST_WAIT;
          atOnce = 0;
          retried = false;
        }
        if (retriesAtOnce(e, picture)) continue;
        if (!first.isDone()) {
          first.completeExceptionally(e);
          return;
        }
        picture.lost(e.text());
        if (!sleep(wait)) return;
        wait =
            wait.multipliedBy(2).compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait.multipliedBy(2);
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        LOG.error("the directory's feed failed; it starts again; report this as a bug", e);
        follower.ifPresent(Follower::forget);
        if (!first.isDone()) {
          first.completeExceptionally(e);
          return;
        }
        if (!sleep(LONGEST_WAIT)) return;
      }
    }
  }

  private void follow(Picture picture) throws FeedException, InterruptedException {
    duty = new Duty(config.timing());
    if (closed) return;
    try (Session session = dialer.open()) {
      Follower chosen = follower(session);
      chosen.follow(session, picture, duty);
      if (duty.isFullReadDue()) chosen.forget();
    }
  }

  private Follower follower(Session session) {
    FeedKind wanted = config.feed().orElseGet(session.root()::feed);
    if (noSync && wanted == FeedKind.SYNC && config.feed().isEmpty()) wanted = FeedKind.POLL;
    if (follower.isEmpty() || kind.filter(wanted::equals).isEmpty()) {
      kind = Optional.of(wanted);
      follower =
          Optional.of(
              switch (wanted) {
                case SYNC -> new SyncFeed(config);
                case USN -> new UsnFeed(config);
                case POLL -> new PollFeed(config);
              });
      LOG.atInfo()
          .addKeyValue("server", session.address())
          .addKeyValue("base", config.baseDn())
          .addKeyValue("feed", wanted)
          .log("following the directory");
    }
    return follower.get();
  }

  /// A lost place costs a full read and no waiting, unless it happens again and again.
  private boolean retriesAtOnce(FeedException e, Picture picture) {
    if (e.kind() != Kind.DOWN) follower.ifPresent(Follower::forget);
    return switch (e.kind()) {
      case POSITION -> {
        LOG.warn("reading everything again: {}", e.text());
        yield ++atOnce % 3 != 0;
      }
      case UNSUPPORTED -> {
        if (config.feed().isPresent() || noSync) yield false;
        noSync = true;
        LOG.warn("polling, because the directory sends no changes: {}", e.text());
        yield true;
      }
      case DOWN -> { // an idle connection that was cut, perhaps
        boolean again = picture.isComplete() && !picture.isLost() && !retried;
        retried = again;
        yield again;
      }
      case LOGIN, INCOMPLETE, RIGHTS, CONFIGURATION -> false;
    };
  }

  private static boolean sleep(Duration wait) {
    try {
      Thread.sleep(wait);
      return true;
    } catch (InterruptedException e) {
      return false;
    }
  }

  /// Tells who waits for it that the first read has been delivered.
  private record FirstRead(Feed feed, CompletableFuture<Void> first) implements Feed {
    @Override
    public void reset(Collection<LdapEntry> all, Predicate<Dn> part) {
      feed.reset(all, part);
      var unused = first.complete(null);
    }

    @Override
    public void changed(List<DirectoryChange> changes) {
      feed.changed(changes);
    }

    @Override
    public void lost(String why) {
      feed.lost(why);
    }

    @Override
    public void inContact() {
      feed.inContact();
    }
  }
}
