package dev.reeve.cli.host;

import dev.reeve.agent.control.ControlClient;
import dev.reeve.agent.control.ControlException;
import dev.reeve.cli.CommandException;
import dev.reeve.cli.ExitCode;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/// Where the agent of this host listens.
public final class RunOption {

  @Option(
      names = "--run",
      paramLabel = "DIR",
      defaultValue = "/run/reeve",
      description = "Directory of the agent's socket (${DEFAULT-VALUE}).")
  private Path directory = Path.of("/run/reeve");

  Path directory() {
    return directory;
  }

  public ControlClient client() {
    return new ControlClient(directory);
  }

  public static CommandException failure(ControlException e) {
    int code =
        switch (e.kind()) {
          case UNREACHABLE -> ExitCode.UNREACHABLE;
          case NOT_PERMITTED -> ExitCode.NOT_PERMITTED;
          case FAILED -> ExitCode.FAILED;
        };
    return new CommandException(code, String.valueOf(e.getMessage()));
  }
}
