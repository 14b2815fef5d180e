package dev.reeve.agent.join;

/// This host has not joined; nothing was stored but its own key.
public final class JoinException extends Exception {

  public enum Kind {
    UNREACHABLE,
    /// Not the server of the join string, or one that cannot be believed. Nothing was sent to it.
    NOT_TRUSTED,
    /// The server says no: token used, expired, revoked, no entry.
    NOT_PERMITTED,
    FAILED
  }

  private final Kind kind;

  JoinException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
