package dev.reeve.agent;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/// Waits for something to become true, and no longer than it takes.
public final class Deadline {

  private static final Duration LONGEST = Duration.ofSeconds(30);

  private Deadline() {}

  public static void until(String what, Callable<Boolean> condition) throws Exception {
    long until = System.nanoTime() + LONGEST.toNanos();
    while (!condition.call()) {
      if (System.nanoTime() > until) throw new AssertionError("in vain waited for: " + what);
      TimeUnit.MILLISECONDS.sleep(10);
    }
  }
}
