package dev.reeve.cli.host;

import dev.reeve.agent.control.ControlException;
import dev.reeve.cli.CommandException;
import dev.reeve.cli.ExitCode;
import dev.reeve.cli.Output;
import dev.reeve.cli.Terminal;
import dev.reeve.cli.text.AgentDocument;
import dev.reeve.cli.text.GpResultText;
import dev.reeve.model.json.JsonBuilder;
import dev.reeve.model.json.JsonException;
import dev.reeve.model.json.JsonText;
import dev.reeve.model.json.JsonValue.JsonObject;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `reeve gpresult`: the policy this host has, and why.
@Command(
    name = "gpresult",
    description = {"The policy this host has, where it comes from, and what became of it.", ""},
    footer = {
      "",
      "Examples:",
      "  reeve gpresult",
      "  reeve gpresult -v",
      "  reeve gpresult --output json"
    })
public final class GpResultCommand implements Callable<Integer> {

  @Option(
      names = {"-r", "--summary"},
      description = "The summary; this is the default.")
  private boolean summary;

  @Option(
      names = {"-v", "--verbose"},
      description = {
        "Also why each GPO applies, and the policy in plain words:",
        "rules, filters, actions, authentication."
      })
  private boolean verbose;

  @Option(names = "--output", paramLabel = "FORM", description = "text (default) or json.")
  private Output output = Output.TEXT;

  @Mixin private RunOption run = new RunOption();

  private final Terminal terminal;

  public GpResultCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws CommandException {
    try {
      JsonObject status = run.client().status();
      JsonObject rsop = run.client().rsop();
      switch (output) {
        case JSON ->
            terminal
                .out()
                .println(
                    JsonText.write(
                        JsonBuilder.object().put("status", status).put("rsop", rsop).build()));
        case TEXT ->
            terminal.print(
                GpResultText.lines(AgentDocument.parse(status, rsop), verbose && !summary));
      }
      return ExitCode.DONE;
    } catch (ControlException e) {
      throw RunOption.failure(e);
    } catch (JsonException e) {
      throw new CommandException(
          ExitCode.FAILED, "the agent's answer makes no sense: " + e.getMessage());
    }
  }
}
