package dev.reeve.server.withdrawal;

import dev.reeve.model.bundle.HostId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// What a host was last said to have. An *unknown* changes nothing here: the host keeps its policy,
/// and so does this.
///
/// @param computer its entry at enrolment, for people
/// @param had the kinds of policy it was given last
/// @param since when some of it was last withdrawn; empty = never, or it came back
/// @param confirmed when an administrator confirmed that it is withdrawn
public record Remembered(
    HostId host, String computer, Parts had, Optional<Instant> since, Optional<Instant> confirmed) {

  /// Confirmed, and not yet carried out: one confirmation is good for one withdrawal.
  boolean mayGo() {
    return confirmed.isPresent() && since.filter(s -> !s.isBefore(confirmed.get())).isEmpty();
  }

  /// Withdrawn lately, and nobody was asked.
  boolean wentUnasked(Instant now, Duration lately) {
    return since.isPresent()
        && since.get().isAfter(now.minus(lately))
        && confirmed.filter(c -> !since.get().isBefore(c)).isEmpty();
  }
}
