package dev.reeve.cli.host;

import dev.reeve.agent.HostFacts;
import dev.reeve.agent.disk.StateDirectory;
import dev.reeve.agent.join.Join;
import dev.reeve.agent.join.JoinException;
import dev.reeve.agent.join.Joined;
import dev.reeve.agent.join.MachineId;
import dev.reeve.cli.CommandException;
import dev.reeve.cli.ExitCode;
import dev.reeve.cli.Terminal;
import dev.reeve.model.bundle.JoinString;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `reeve join`: gives this host its identity.
@Command(
    name = "join",
    description = {
      "Joins this host to the server that a join string names. The string comes from"
          + " 'reeve token create' on the server; it works for one host.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  reeve join reeve://HOST:7443/TOKEN.SECRET#PIN",
      "  reeve join - < join-string      (keeps the secret out of process lists)"
    })
public final class JoinCommand implements Callable<Integer> {

  @Parameters(
      paramLabel = "JOINSTRING",
      description = "The join string, or - to read it from standard input.")
  private String text = "";

  @Option(
      names = "--state",
      paramLabel = "DIR",
      defaultValue = "/var/lib/reeve/agent",
      description = "The agent's state directory (${DEFAULT-VALUE}).")
  private Path state = Path.of("/var/lib/reeve/agent");

  @Option(
      names = "--machine-id",
      paramLabel = "FILE",
      defaultValue = "/etc/machine-id",
      description = "Tells this machine from a copy of it (${DEFAULT-VALUE}).")
  private Path machineId = Path.of("/etc/machine-id");

  @Spec private CommandSpec spec = CommandSpec.create();

  private final Terminal terminal;

  public JoinCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws CommandException {
    JoinString join = joinString();
    try {
      var joining =
          new Join(
              StateDirectory.open(state),
              MachineId.find(machineId),
              new HostFacts(Path.of("/"))::read,
              InstantSource.system());
      Joined joined = joining.run(join);
      joined.warnings().forEach(warning -> terminal.err().println("warning: " + warning));
      terminal
          .out()
          .println(
              "Joined as "
                  + joined.membership().computer()
                  + ", host id "
                  + joined.membership().host().text()
                  + ".");
      terminal.out().println("Start the agent with: reeve agent" + stateArgument());
      return ExitCode.DONE;
    } catch (JoinException e) {
      int code =
          switch (e.kind()) {
            case UNREACHABLE -> ExitCode.UNREACHABLE;
            case NOT_PERMITTED -> ExitCode.NOT_PERMITTED;
            case NOT_TRUSTED, FAILED -> ExitCode.FAILED;
          };
      throw new CommandException(code, String.valueOf(e.getMessage()));
    } catch (AccessDeniedException e) {
      throw new CommandException(
          ExitCode.NOT_PERMITTED,
          state + " is not yours to write: run as root, or give --state DIR");
    } catch (IOException e) {
      throw new CommandException(ExitCode.FAILED, state + ": " + e.getMessage());
    }
  }

  private String stateArgument() {
    return state.equals(Path.of("/var/lib/reeve/agent")) ? "" : " --state " + state;
  }

  private JoinString joinString() {
    try {
      return JoinString.parse(text.equals("-") ? readLine() : text);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()));
    }
  }

  private static String readLine() {
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try {
      String line = in.readLine();
      return line == null ? "" : line;
    } catch (IOException e) {
      return "";
    }
  }
}
