package dev.reeve.server.directory.ldap;

import java.time.Duration;

/// What is due while a feed is followed: looks at our rights, a full read, the end.
final class Duty {

  private final LdapConfig.Timing timing;
  private final long started = System.nanoTime();
  private long patrolled = started;
  private volatile boolean closed;

  Duty(LdapConfig.Timing timing) {
    this.timing = timing;
  }

  void close() {
    closed = true;
  }

  boolean isClosed() {
    return closed;
  }

  boolean isFullReadDue() {
    return since(started).compareTo(timing.full()) >= 0;
  }

  /// At most once per period.
  ///
  /// @return whether it was time
  boolean patrol(Session session, Picture picture, boolean toldOfDeletions) throws FeedException {
    if (since(patrolled).compareTo(timing.patrol()) < 0) return false;
    picture.patrol(session, toldOfDeletions);
    patrolled = System.nanoTime();
    return true;
  }

  static Duration since(long nanos) {
    return Duration.ofNanos(System.nanoTime() - nanos);
  }
}
