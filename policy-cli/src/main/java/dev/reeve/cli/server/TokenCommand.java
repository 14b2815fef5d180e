package dev.reeve.cli.server;

import dev.reeve.cli.CommandException;
import dev.reeve.cli.ExitCode;
import dev.reeve.cli.Output;
import dev.reeve.cli.Terminal;
import dev.reeve.model.gp.Dn;
import dev.reeve.model.json.JsonBuilder;
import dev.reeve.model.json.JsonMembers;
import dev.reeve.model.json.JsonText;
import dev.reeve.server.admin.AdminRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `reeve token`: what lets a host join.
@Command(name = "token", description = "Join strings for new hosts.")
public final class TokenCommand implements Runnable {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "token needs a sub-command: create");
  }

  /// `reeve token create`: asks the server on this machine for a join string.
  @Command(
      name = "create",
      description = {
        "Prints a join string: it lets one host join, once, for a limited time. Runs as root on"
            + " the server's machine.",
        ""
      },
      footer = {
        "",
        "Examples:",
        "  reeve token create --computer CN=web-01,OU=Web,DC=corp,DC=example",
        "  reeve token create --ou OU=Web,DC=corp,DC=example --ttl 8h"
      })
  public static final class Create implements Callable<Integer> {

    @Option(
        names = "--computer",
        paramLabel = "DN",
        description = "Only for this computer; else the host's name must name one entry.")
    private Optional<Dn> computer = Optional.empty();

    @Option(
        names = "--ou",
        paramLabel = "DN",
        description = "Make an entry for the host in this OU if it has none.")
    private Optional<Dn> container = Optional.empty();

    @Option(
        names = "--ttl",
        paramLabel = "TIME",
        defaultValue = "1h",
        description = "How long it can be used: 30m, 8h, 7d (${DEFAULT-VALUE}).")
    private Duration lifetime = Duration.ofHours(1);

    @Option(
        names = "--state",
        paramLabel = "DIR",
        defaultValue = "/var/lib/reeve/server",
        description = "The server's state directory (${DEFAULT-VALUE}).")
    private Path state = Path.of("/var/lib/reeve/server");

    @Option(names = "--output", paramLabel = "FORM", description = "text (default) or json.")
    private Output output = Output.TEXT;

    @Spec private CommandSpec spec = CommandSpec.create();

    private final Terminal terminal;

    public Create(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() throws CommandException {
      JsonMembers reply = LocalServer.ask(state, request());
      String join = reply.string("join");
      String expires = reply.string("expires");
      switch (output) {
        case JSON ->
            terminal
                .out()
                .println(
                    JsonText.write(
                        JsonBuilder.object().put("join", join).put("expires", expires).build()));
        case TEXT -> {
          terminal.out().println(join); // alone on standard output, for scripts
          terminal.out().flush();
          terminal.err().println("Works once, until " + expires + ". On the host: reeve join -");
        }
      }
      return ExitCode.DONE;
    }

    private AdminRequest request() {
      try {
        return new AdminRequest.CreateToken(computer, container, lifetime);
      } catch (IllegalArgumentException e) {
        throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()));
      }
    }
  }
}
