package dev.reeve.cli.lab;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/// Waits for something to become true, never for a length of time.
public final class Await {

  /// From the first to the longest: who asks less often takes less from what is waited for.
  private static final long FIRST_PAUSE = 20;

  private static final long LONGEST_PAUSE = 320;

  private Await() {}

  /// What is waited for; empty = not yet. A thrown exception ends the waiting.
  public interface Look<T> {
    Optional<T> look() throws LabException;
  }

  public interface Condition {
    boolean holds() throws LabException;
  }

  /// @param what completes the sentence "waited 30 s for …"
  public static <T> T value(String what, Duration limit, Look<T> look) throws LabException {
    return value(() -> what, limit, look);
  }

  /// @param what is asked for only when the time is over, so it may say what was last seen
  public static <T> T value(Supplier<String> what, Duration limit, Look<T> look)
      throws LabException {
    long end = System.nanoTime() + limit.toNanos();
    for (long pause = FIRST_PAUSE; ; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
      boolean last = System.nanoTime() >= end;
      Optional<T> seen = look.look();
      if (seen.isPresent()) return seen.get();
      if (last)
        throw new LabException("waited " + limit.toSeconds() + " s in vain for " + what.get());
      pause(pause);
    }
  }

  public static void until(String what, Duration limit, Condition condition) throws LabException {
    value(() -> what, limit, () -> condition.holds() ? Optional.of(true) : Optional.empty());
  }

  private static void pause(long millis) throws LabException {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted");
    }
  }
}
