package dev.reeve.cli.server;

import dev.reeve.cli.CommandException;
import dev.reeve.cli.ExitCode;
import dev.reeve.cli.Terminal;
import dev.reeve.trust.Authority;
import dev.reeve.trust.PolicySigners;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `reeve signer`: the key that a server signs policy with.
@Command(name = "signer", description = "The key that a server signs policy with.")
public final class SignerCommand implements Runnable {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "signer needs a sub-command: replace");
  }

  /// `reeve signer replace`: the present one hands over to a new one.
  @Command(
      name = "replace",
      description = {
        "Makes a new policy signer, to which the present one hands over. The server signs with"
            + " it from its next start on; hosts follow when they next ask, without joining"
            + " again, those that were away too. Servers that share a database need the same"
            + " files in DIR/trust. Runs on the server's machine, as the user that runs it.",
        ""
      },
      footer = {"", "Examples:", "  reeve signer replace", "  systemctl restart reeve-server"})
  public static final class Replace implements Callable<Integer> {

    @Option(
        names = "--state",
        paramLabel = "DIR",
        defaultValue = "/var/lib/reeve/server",
        description = "The server's state directory (${DEFAULT-VALUE}).")
    private Path state = Path.of("/var/lib/reeve/server");

    private final Terminal terminal;

    public Replace(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() throws CommandException {
      Path trust = state.resolve("trust");
      Instant now = Instant.now();
      try {
        if (!Files.exists(trust.resolve("policy-signer.pem")))
          throw new CommandException(
              ExitCode.FAILED, "no server has signed here yet: " + trust + " has no policy signer");
        Authority authority = Authority.open(trust, now, new SecureRandom());
        var made =
            PolicySigners.openOrCreate(trust, authority, "policy", now)
                .replace(authority, "policy", now);
        terminal
            .out()
            .println(
                "Made "
                    + made.current().certificate().getSubjectX500Principal().getName()
                    + ", the signer number "
                    + made.number()
                    + ". Restart the server to sign with it.");
        return ExitCode.DONE;
      } catch (AccessDeniedException e) {
        throw new CommandException(ExitCode.NOT_PERMITTED, trust + " is closed to you");
      } catch (IOException e) {
        throw new CommandException(ExitCode.FAILED, String.valueOf(e.getMessage()));
      }
    }
  }
}
