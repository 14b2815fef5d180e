package dev.reeve.server.directory;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Saves the picture after it has changed, on a thread of its own and not too often: a saving takes
/// at most a sixtieth of the time. A picture that does not change is saved now and then all the
/// same, so that it is not thought to be older than it is.
public final class PictureKeeper implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger("directory");
  private static final int REST = 60;
  private static final Duration LEAST_REST = Duration.ofSeconds(5);
  private static final Duration AFTER_FAILURE = Duration.ofMinutes(1);
  private static final Duration UNCHANGED = Duration.ofHours(1);

  private final CurrentSnapshot current;
  private final PictureFile file;
  private final Semaphore wanted = new Semaphore(0);
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;

  // Guarded by this.
  private long saved; // generation
  private boolean failed;

  public PictureKeeper(CurrentSnapshot current, PictureFile file) {
    this.current = current;
    this.file = file;
    current.onChange(wanted::release);
    this.thread = Thread.ofPlatform().name("picture").daemon().start(this::run);
  }

  private void run() {
    boolean pending = true; // the first read may be over
    Duration wait = Duration.ZERO;
    try {
      while (true) {
        pending |= wanted.tryAcquire(wait.toMillis(), TimeUnit.MILLISECONDS);
        int unused = wanted.drainPermits();
        if (closed.getCount() == 0) return;
        long began = System.nanoTime();
        pending &= !save(false);
        wait = pending ? Duration.ZERO : UNCHANGED;
        if (closed.await(rest(System.nanoTime() - began).toMillis(), TimeUnit.MILLISECONDS)) return;
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized Duration rest(long tookNanos) {
    if (failed) return AFTER_FAILURE;
    Duration rest = Duration.ofNanos(tookNanos).multipliedBy(REST);
    return rest.compareTo(LEAST_REST) > 0 ? rest : LEAST_REST;
  }

  /// @param changed only what has changed since the last time
  /// @return whether the file is now the directory's picture
  private synchronized boolean save(boolean changed) throws InterruptedException {
    failed = false;
    try {
      Optional<CurrentSnapshot.Copy> copy = current.copy().get();
      if (copy.isEmpty()) return false;
      if (changed && copy.get().generation() == saved) return true;
      file.write(copy.get().asOf(), copy.get().entries());
      saved = copy.get().generation();
      return true;
    } catch (IOException | ExecutionException | RuntimeException e) {
      failed = true;
      LOG.error(
          "the picture of the directory cannot be saved; a restart while the directory is away will"
              + " find an older one or none: {}",
          e.toString());
      return false;
    }
  }

  /// What has changed since the last time is saved first.
  @Override
  public void close() {
    closed.countDown();
    wanted.release();
    try {
      if (thread.join(Duration.ofSeconds(10))) {
        boolean unused = save(true);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
