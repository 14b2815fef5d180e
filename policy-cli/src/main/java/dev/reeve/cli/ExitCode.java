package dev.reeve.cli;

/// What every `reeve` command ends with.
public final class ExitCode {

  /// Done, or the answer is yes.
  public static final int DONE = 0;

  /// The answer is no, or it failed.
  public static final int FAILED = 1;

  /// The command line makes no sense.
  public static final int USAGE = 2;

  /// A server or agent cannot be reached.
  public static final int UNREACHABLE = 3;

  public static final int NOT_PERMITTED = 4;

  private ExitCode() {}
}
