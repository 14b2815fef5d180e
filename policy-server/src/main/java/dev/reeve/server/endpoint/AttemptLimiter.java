package dev.reeve.server.endpoint;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/// Counts failed enrolments per address: guessing a token must be slow. Old and surplus addresses
/// are forgotten.
final class AttemptLimiter {

  static final int MAX_FAILURES = 10;
  static final Duration WINDOW = Duration.ofMinutes(1);
  private static final int MAX_ADDRESSES = 10_000;

  private record Count(Instant since, int failures) {}

  private final Map<String, Count> counts =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Count> eldest) {
          return size() > MAX_ADDRESSES;
        }
      };

  synchronized boolean allows(String address, Instant now) {
    return current(address, now).failures < MAX_FAILURES;
  }

  synchronized void failed(String address, Instant now) {
    Count count = current(address, now);
    counts.put(address, new Count(count.since, count.failures + 1));
  }

  private Count current(String address, Instant now) {
    Count count = counts.get(address);
    return count == null || now.isAfter(count.since.plus(WINDOW)) ? new Count(now, 0) : count;
  }
}
