package dev.reeve.cli;

/// Ends a command: the message goes to standard error, the code to the shell.
public final class CommandException extends Exception {

  private final int code;

  /// @param code one of [ExitCode]
  /// @param message one or two sentences: what is wrong, and what to do about it
  public CommandException(int code, String message) {
    super(message);
    this.code = code;
  }

  public int code() {
    return code;
  }
}
