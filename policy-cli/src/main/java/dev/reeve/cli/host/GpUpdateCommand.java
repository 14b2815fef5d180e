package dev.reeve.cli.host;

import dev.reeve.agent.control.ControlException;
import dev.reeve.cli.CommandException;
import dev.reeve.cli.ExitCode;
import dev.reeve.cli.Output;
import dev.reeve.cli.Terminal;
import dev.reeve.cli.text.GpUpdateText;
import dev.reeve.model.json.JsonText;
import dev.reeve.model.json.JsonValue.JsonObject;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `reeve gpupdate`: ask the server now, and apply.
@Command(
    name = "gpupdate",
    description = {"Asks the server for this host's policy now, and applies it.", ""},
    footer = {"", "Examples:", "  reeve gpupdate", "  reeve gpupdate --force --wait 60"})
public final class GpUpdateCommand implements Callable<Integer> {

  private static final int LONGEST = 600;

  @Option(
      names = "--force",
      description = "Fetch everything anew and apply it again, changed or not.")
  private boolean force;

  @Option(
      names = "--wait",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description = "How long to wait for the outcome (${DEFAULT-VALUE}); 0 does not wait.")
  private int wait = 60;

  @Option(names = "--output", paramLabel = "FORM", description = "text (default) or json.")
  private Output output = Output.TEXT;

  @Mixin private RunOption run = new RunOption();

  @Spec private CommandSpec spec = CommandSpec.create();

  private final Terminal terminal;

  public GpUpdateCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws CommandException {
    if (wait < 0 || wait > LONGEST) {
      throw new ParameterException(
          spec.commandLine(), "--wait is " + wait + ", expected 0.." + LONGEST);
    }
    try {
      if (output == Output.TEXT && wait > 0) {
        terminal.err().println("Updating policy...");
      }
      JsonObject answer = run.client().gpupdate(force, wait);
      GpUpdateText text = GpUpdateText.parse(answer);
      switch (output) {
        case JSON -> terminal.out().println(JsonText.write(answer));
        case TEXT -> terminal.print(text.lines());
      }
      if (text.unreachable()) return ExitCode.UNREACHABLE;
      return text.done() ? ExitCode.DONE : ExitCode.FAILED;
    } catch (ControlException e) {
      throw RunOption.failure(e);
    }
  }
}
