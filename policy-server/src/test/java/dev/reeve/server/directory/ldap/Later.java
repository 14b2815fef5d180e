package dev.reeve.server.directory.ldap;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/// Now, and as much later as a test says.
final class Later extends Clock {

  private volatile Duration by = Duration.ZERO;

  /// Later by that much, from now on.
  void pass(Duration time) {
    by = by.plus(time);
  }

  @Override
  public Instant instant() {
    return Instant.now().plus(by);
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
