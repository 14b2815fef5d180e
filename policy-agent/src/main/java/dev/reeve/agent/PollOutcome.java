package dev.reeve.agent;

import dev.reeve.model.bundle.BundleVersion;
import dev.reeve.model.bundle.Refusal;
import dev.reeve.model.status.ApplyOutcome;

/// What came of asking the server.
sealed interface PollOutcome {

  /// @param news whether it says anything that was not known
  record Arrived(BundleVersion version, boolean news, ApplyOutcome outcome)
      implements PollOutcome {}

  enum Unchanged implements PollOutcome {
    UNCHANGED
  }

  /// Came, and was not let in.
  record Refused(Refusal reason, String detail) implements PollOutcome {}

  /// No server answered, or what it said could not be used or kept.
  record Failed(String detail) implements PollOutcome {}

  /// There is nobody to ask.
  record NotJoined(String detail) implements PollOutcome {}
}
