package dev.reeve.agent;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// When to ask the server. Times are durations since some fixed moment, on a clock that nobody
/// sets.
///
/// A question usually waits at the server for news; news lost on the way is made up for by a plain
/// question at the policy's own interval and after 90 to 120 minutes, whichever is first.
///
/// @param asked when the last plain question was answered
/// @param slack 90 to 120 minutes, drawn anew each time
/// @param troubleSince since when answers fail; negative when all is well
/// @param circles how often in a row the server did not wait and had nothing to say either
record PollSchedule(Duration asked, Duration slack, Duration troubleSince, int circles) {

  static final Duration LEAST = Duration.ofSeconds(1);
  static final Duration MOST = Duration.ofSeconds(60);
  private static final Duration BASE = Duration.ofMinutes(90);
  private static final Duration SPREAD = Duration.ofMinutes(30);
  private static final Duration SHORTEST_INTERVAL = Duration.ofMinutes(1);
  private static final Duration NO_TROUBLE = Duration.ofNanos(-1);

  /// A process that starts: a plain question is due.
  static PollSchedule start() {
    return new PollSchedule(Duration.ofDays(-365_000), Duration.ZERO, NO_TROUBLE, 0);
  }

  /// A plain question was answered.
  PollSchedule answered(Duration now, RandomGenerator random) {
    return new PollSchedule(
        now, BASE.plusSeconds(random.nextLong(SPREAD.toSeconds() + 1)), NO_TROUBLE, circles);
  }

  /// The server answers, and to some purpose.
  PollSchedule well() {
    return new PollSchedule(asked, slack, NO_TROUBLE, 0);
  }

  /// Asked to wait for news, the server answered at once that there are none.
  PollSchedule circled() {
    return new PollSchedule(asked, slack, NO_TROUBLE, Math.min(circles + 1, 10));
  }

  /// No answer, or one that cannot be used.
  PollSchedule failed(Duration now) {
    return troubleSince.isNegative() ? new PollSchedule(asked, slack, now, circles) : this;
  }

  boolean inTrouble() {
    return !troubleSince.isNegative();
  }

  /// How long the next question may wait at the server; zero when a plain one is due.
  Duration wait(Duration now, Duration policyInterval, Duration longPoll) {
    Duration interval =
        policyInterval.compareTo(SHORTEST_INTERVAL) < 0 ? SHORTEST_INTERVAL : policyInterval;
    Duration due = asked.plus(interval.compareTo(slack) < 0 ? interval : slack);
    Duration left = due.minus(now);
    if (left.compareTo(LEAST) < 0) return Duration.ZERO;
    return left.compareTo(longPoll) < 0 ? left : longPoll;
  }

  /// How long to leave the server alone after a failure: up to a quarter of the time it has been
  /// away, 1 to 60 seconds, and never the same for two hosts. So a server that is back is asked
  /// soon after a short outage, and is not trampled down after a long one.
  Duration pause(Duration now, RandomGenerator random) {
    if (!inTrouble()) {
      Duration rest = Duration.ofSeconds((1L << circles) - 1);
      return rest.compareTo(MOST) > 0 ? MOST : rest;
    }
    Duration quarter = now.minus(troubleSince).dividedBy(4);
    Duration most = quarter.compareTo(MOST) > 0 ? MOST : quarter;
    long spread = Math.max(0, most.minus(LEAST).toMillis());
    return LEAST.plusMillis(random.nextLong(spread + 1));
  }
}
