package dev.reeve.server.directory;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;

/// Now, or an instant that stands still, and as much later as a test says.
public final class MovableClock extends Clock {

  private final InstantSource base;
  private volatile Duration by = Duration.ZERO;

  private MovableClock(InstantSource base) {
    this.base = base;
  }

  public static MovableClock running() {
    return new MovableClock(InstantSource.system());
  }

  static MovableClock standing(Instant at) {
    return new MovableClock(InstantSource.fixed(at));
  }

  /// Later by that much, from now on.
  public void pass(Duration time) {
    by = by.plus(time);
  }

  @Override
  public Instant instant() {
    return base.instant().plus(by);
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
