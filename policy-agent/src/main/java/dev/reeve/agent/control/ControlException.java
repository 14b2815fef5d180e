package dev.reeve.agent.control;

/// The agent cannot be asked, or says no.
public final class ControlException extends Exception {

  public enum Kind {
    /// No agent listens there.
    UNREACHABLE,
    /// This user may not.
    NOT_PERMITTED,
    FAILED
  }

  private final Kind kind;

  public ControlException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
