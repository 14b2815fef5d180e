package dev.reeve.server.enrolment;

import java.time.Instant;

/// Port: what administrators want to find afterwards. Append only.
public interface Audit {

  /// @param actor who, or from which address
  /// @param event stable, counted
  /// @param detail for people; no secrets
  void record(Instant when, String actor, Event event, String detail);

  enum Event {
    TOKEN_CREATED,
    ENROLLED,
    ENROLMENT_REPEATED,
    ENROLMENT_REFUSED,
    RENEWED,
    ENCRYPTION_KEY,
    RENEWAL_REFUSED,
    REVOKED,
    WITHDRAWAL_CONFIRMED
  }
}
