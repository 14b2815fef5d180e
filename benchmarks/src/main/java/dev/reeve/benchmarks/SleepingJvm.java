package dev.reeve.benchmarks;

/// A JVM that does nothing: what an agent is compared with.
public final class SleepingJvm {

  private SleepingJvm() {}

  public static void main(String[] args) throws InterruptedException {
    Thread.sleep(Long.MAX_VALUE);
  }
}
