package dev.reeve.engine.vici;

/// charon was not reached, was not understood, or said no.
public final class ViciException extends Exception {

  public enum Reason {
    /// Bytes that are no message of the protocol.
    MALFORMED,
    /// A message, value or name above the protocol's limits.
    TOO_LARGE,
    /// No socket, or charon is gone.
    UNREACHABLE,
    TIMED_OUT,
    /// This charon has no such command or event.
    UNKNOWN,
    /// Understood, and not done.
    REFUSED
  }

  private final Reason reason;

  ViciException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  ViciException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
