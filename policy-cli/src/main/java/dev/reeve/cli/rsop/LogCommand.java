package dev.reeve.cli.rsop;

import dev.reeve.cli.CommandException;
import dev.reeve.cli.ExitCode;
import dev.reeve.cli.Output;
import dev.reeve.cli.Terminal;
import dev.reeve.cli.text.RecordText;
import dev.reeve.cli.text.RsopRecord;
import dev.reeve.model.json.JsonText;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `reeve rsop log`: what policy a host really got, and what it made of it.
@Command(
    name = "log",
    sortOptions = false,
    customSynopsis = {"reeve rsop log --server URL --computer DN [--user DN] [--output json]"},
    description = {
      "What policy a host was really given, why, and what it reported last.",
      "On the host itself: reeve gpresult.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  reeve rsop log --server https://policy.corp.example:7444 --computer web-01 \\",
      "                 --user CN=admin,DC=corp,DC=example --output json"
    })
public final class LogCommand implements Callable<Integer> {

  @ArgGroup(exclusive = false, heading = "%nWhich server:%n")
  private ServerOptions server = new ServerOptions();

  @Option(
      names = "--computer",
      paramLabel = "DN",
      required = true,
      description = "DN or name of the computer.")
  private Optional<String> computer = Optional.empty();

  @Option(
      names = "--output",
      paramLabel = "FORM",
      description =
          "text (default), or json: the form of 'rsop plan' with host, enrolled, manifest and report beside.")
  private Output output = Output.TEXT;

  @Spec private CommandSpec spec = CommandSpec.create();

  private final Terminal terminal;

  public LogCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws CommandException {
    if (server.url.isEmpty())
      throw new ParameterException(spec.commandLine(), "which server? Give --server URL");
    var records = new ArrayList<RsopRecord>();
    PolicyServer.of(server, terminal).ask(query(), json -> records.add(RsopRecord.parse(json)));
    if (records.isEmpty())
      throw new CommandException(ExitCode.FAILED, server.url.get() + " sent no document");
    for (RsopRecord record : records) {
      switch (output) {
        case JSON -> terminal.out().println(JsonText.write(record.json()));
        case TEXT -> terminal.print(RecordText.lines(record));
      }
    }
    terminal.out().flush();
    return ExitCode.DONE;
  }

  private String query() {
    return "mode=logging&" + PolicyServer.parameter("computer", computer.orElse(""));
  }
}
