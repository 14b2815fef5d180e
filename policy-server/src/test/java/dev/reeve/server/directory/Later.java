package dev.reeve.server.directory;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;

/// Now, or an instant that stands still, and as much later as a test says.
public final class Later extends Clock {

  private final InstantSource than;
  private volatile Duration by = Duration.ZERO;

  private Later(InstantSource than) {
    this.than = than;
  }

  public static Later thanNow() {
    return new Later(InstantSource.system());
  }

  static Later than(Instant still) {
    return new Later(InstantSource.fixed(still));
  }

  /// Later by that much, from now on.
  public void pass(Duration time) {
    by = by.plus(time);
  }

  @Override
  public Instant instant() {
    return than.instant().plus(by);
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }
}
