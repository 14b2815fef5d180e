package dev.reeve.server.directory;

import java.time.Duration;
import java.time.Instant;

/// The directory does not answer, or not as it should: the last picture stays in force and grows
/// old.
///
/// @param asOf when the picture was last known to be what the directory holds
/// @param saved the picture was read from disk at the start, and the directory has not been since
/// @param why with what to do about it
public record Outage(Instant asOf, boolean saved, String why) {

  /// Of the picture.
  public Duration age(Instant now) {
    return now.isBefore(asOf) ? Duration.ZERO : Duration.between(asOf, now);
  }

  Outage stillBecauseOf(String reason) {
    return new Outage(asOf, saved, reason);
  }
}
