package dev.reeve.cli.server;

import dev.reeve.cli.CommandException;
import dev.reeve.cli.ExitCode;
import dev.reeve.cli.Output;
import dev.reeve.cli.Terminal;
import dev.reeve.model.bundle.HostId;
import dev.reeve.model.gp.Dn;
import dev.reeve.model.json.JsonBuilder;
import dev.reeve.model.json.JsonMembers;
import dev.reeve.model.json.JsonText;
import dev.reeve.server.admin.AdminRequest;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `reeve host`: the hosts that have joined.
@Command(name = "host", description = "What becomes of hosts that have joined.")
public final class HostCommand implements Runnable {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "host needs a sub-command: revoke");
  }

  /// `reeve host revoke`: its certificates count no more.
  @Command(
      name = "revoke",
      description = {
        "From now on the host gets no policy, and hosts that check certificates (setting"
            + " strongCrlCheck 1 or 2) end what they have with it and speak with it no more. It"
            + " comes back by joining again. Runs as root on the server's machine.",
        ""
      },
      footer = {
        "",
        "Examples:",
        "  reeve host revoke --computer CN=web-01,OU=Web,OU=Servers,DC=corp,DC=example",
        "  reeve host revoke --host 4f0c…  (one whose entry is gone)"
      })
  public static final class Revoke implements Callable<Integer> {

    @Option(names = "--computer", paramLabel = "DN", description = "The entry it joined as.")
    private String computer = "";

    @Option(names = "--host", paramLabel = "ID", description = "Its id, 32 digits.")
    private String host = "";

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

    public Revoke(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() throws CommandException {
      JsonMembers reply = LocalServer.ask(state, request());
      var revoked = reply.strings("revoked");
      switch (output) {
        case JSON ->
            terminal
                .out()
                .println(
                    JsonText.write(JsonBuilder.object().putStrings("revoked", revoked).build()));
        case TEXT -> {
          if (revoked.isEmpty()) terminal.out().println("It was revoked before.");
          revoked.forEach(id -> terminal.out().println("Revoked host " + id + "."));
        }
      }
      return ExitCode.DONE;
    }

    private AdminRequest request() {
      try {
        return new AdminRequest.RevokeHost(
            computer.isEmpty() ? Optional.empty() : Optional.of(Dn.parse(computer)),
            host.isEmpty() ? Optional.empty() : Optional.of(new HostId(host)));
      } catch (IllegalArgumentException e) {
        throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()));
      }
    }
  }
}
