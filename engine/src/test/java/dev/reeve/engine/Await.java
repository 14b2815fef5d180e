package dev.reeve.engine;

import java.time.Duration;
import java.util.Optional;

/// Waits for something to become true, never for a length of time. The limits are for machines
/// under load; what is never seen fails the test, and says what it was.
public final class Await {

  private static final long PAUSE_MILLIS = 40;

  private Await() {}

  public interface Look<T> {
    Optional<T> look() throws Exception;
  }

  public interface Condition {
    boolean holds() throws Exception;
  }

  /// @param what completes the sentence "waited 30 s for …"
  public static <T> T value(String what, Duration limit, Look<T> look) throws Exception {
    long end = System.nanoTime() + limit.toNanos();
    while (true) {
      boolean last = System.nanoTime() >= end;
      Optional<T> seen = look.look();
      if (seen.isPresent()) return seen.get();
      if (last) {
        throw new AssertionError("waited " + limit.toSeconds() + " s in vain for " + what);
      }
      Thread.sleep(PAUSE_MILLIS);
    }
  }

  public static void until(String what, Duration limit, Condition condition) throws Exception {
    boolean unused =
        value(what, limit, () -> condition.holds() ? Optional.of(true) : Optional.empty());
  }
}
