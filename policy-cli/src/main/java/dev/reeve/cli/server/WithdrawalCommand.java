package dev.reeve.cli.server;

import dev.reeve.cli.CommandException;
import dev.reeve.cli.ExitCode;
import dev.reeve.cli.Output;
import dev.reeve.cli.Terminal;
import dev.reeve.model.json.JsonBuilder;
import dev.reeve.model.json.JsonMembers;
import dev.reeve.model.json.JsonText;
import dev.reeve.server.admin.AdminRequest;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `reeve withdrawal`: the brake on changes that take policy from many hosts.
@Command(
    name = "withdrawal",
    description = {
      "A change of the directory that would take policy from many hosts at once is held: they",
      "keep what they have until it is confirmed here, or the directory is mended."
    })
public final class WithdrawalCommand implements Runnable {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "withdrawal needs a sub-command: show or confirm");
  }

  /// `reeve withdrawal show`: what waits.
  @Command(
      name = "show",
      description = {
        "Prints which hosts keep a policy that the directory takes from them. Exit code 1 says"
            + " that some do. Runs as root on the server's machine.",
        ""
      },
      footer = {
        "",
        "Examples:",
        "  reeve withdrawal show",
        "  reeve withdrawal show --output json"
      })
  public static final class Show implements Callable<Integer> {

    @Option(
        names = "--state",
        paramLabel = "DIR",
        defaultValue = "/var/lib/reeve/server",
        description = "The server's state directory (${DEFAULT-VALUE}).")
    private Path state = Path.of("/var/lib/reeve/server");

    @Option(names = "--output", paramLabel = "FORM", description = "text (default) or json.")
    private Output output = Output.TEXT;

    private final Terminal terminal;

    public Show(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() throws CommandException {
      JsonMembers reply = LocalServer.ask(state, new AdminRequest.ShowWithdrawal());
      long held = reply.number("held");
      switch (output) {
        case JSON ->
            terminal
                .out()
                .println(
                    JsonText.write(
                        JsonBuilder.object()
                            .put("held", held)
                            .putIfPresent("id", reply.findString("id"))
                            .put("withdrawn", reply.number("withdrawn"))
                            .put("had", reply.number("had"))
                            .put("hosts", reply.get("hosts"))
                            .build()));
        case TEXT -> print(reply, held);
      }
      return held == 0 ? ExitCode.DONE : ExitCode.FAILED;
    }

    private void print(JsonMembers reply, long held) {
      if (held == 0) {
        terminal.out().println("No withdrawal waits.");
        return;
      }
      terminal
          .out()
          .println(
              held
                  + " hosts keep a policy that the directory takes from them ("
                  + reply.number("withdrawn")
                  + " of "
                  + reply.number("had")
                  + " within the hour):");
      var named = reply.objects("hosts", Show::line);
      named.forEach(line -> terminal.out().println("  " + line));
      if (named.size() < held)
        terminal
            .out()
            .println("  and " + (held - named.size()) + " more (GET /api/v1/withdrawals)");
      terminal.out().println("To let it go: reeve withdrawal confirm " + reply.string("id"));
    }

    private static String line(JsonMembers host) {
      boolean policy = host.bool("policy");
      boolean persistent = host.bool("persistent");
      String parts =
          policy && persistent ? "both policies" : policy ? "policy" : "persistent policy";
      String line = host.string("computer") + "  " + parts;
      var unused = host.rest(); // its id, and what a newer server says
      return line;
    }
  }

  /// `reeve withdrawal confirm`: lets it go.
  @Command(
      name = "confirm",
      description = {
        "Takes their policy from the hosts that were shown. Runs as root on the server's machine.",
        ""
      },
      footer = {"", "Examples:", "  reeve withdrawal confirm 3f9a02c47be1"})
  public static final class Confirm implements Callable<Integer> {

    @Parameters(
        paramLabel = "ID",
        description = "What 'reeve withdrawal show' printed; it names these hosts, no others.")
    private String id = "";

    @Option(
        names = "--state",
        paramLabel = "DIR",
        defaultValue = "/var/lib/reeve/server",
        description = "The server's state directory (${DEFAULT-VALUE}).")
    private Path state = Path.of("/var/lib/reeve/server");

    @Spec private CommandSpec spec = CommandSpec.create();

    private final Terminal terminal;

    public Confirm(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() throws CommandException {
      JsonMembers reply = LocalServer.ask(state, request());
      terminal.out().println("Confirmed for " + reply.number("held") + " hosts.");
      return ExitCode.DONE;
    }

    private AdminRequest request() {
      try {
        return new AdminRequest.ConfirmWithdrawal(id);
      } catch (IllegalArgumentException e) {
        throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()));
      }
    }
  }
}
