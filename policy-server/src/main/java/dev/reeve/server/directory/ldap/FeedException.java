package dev.reeve.server.directory.ldap;

/// Why a directory could not be read or followed. The message says which server, what it said and
/// what to do.
final class FeedException extends Exception {

  enum Kind {
    /// Not reachable, or it went away.
    DOWN,
    /// It does not take our name or password.
    LOGIN,
    /// It sends less than everything: a limit.
    INCOMPLETE,
    /// It shows less than everything: our rights.
    RIGHTS,
    /// It does not know where we stopped: read everything again.
    POSITION,
    /// It does not have this kind of feed.
    UNSUPPORTED,
    /// Wrong in a way that waiting does not mend, such as a CA file that is not there.
    CONFIGURATION
  }

  private final Kind kind;

  FeedException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  FeedException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  Kind kind() {
    return kind;
  }

  String text() {
    return String.valueOf(getMessage());
  }
}
