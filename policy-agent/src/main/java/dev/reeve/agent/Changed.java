package dev.reeve.agent;

import dev.reeve.model.status.ApplyOutcome;

/// What came of something that this host's administrator asked for.
sealed interface Changed {

  record Done(ApplyOutcome outcome) implements Changed {}

  /// It makes no sense here; nothing was changed.
  record Refused(String detail) implements Changed {}

  /// It could not be applied and was taken back.
  record Failed(String detail) implements Changed {}

  /// So many associations were ended.
  record Ended(int associations) implements Changed {}
}
