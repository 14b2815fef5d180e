package dev.reeve.cli;

import dev.reeve.model.gp.Dn;
import dev.reeve.model.net.IpAddress;
import java.io.BufferedOutputStream;
import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/// The `reeve` command.
public final class Main {

  private Main() {}

  public static void main(String[] args) {
    var out = new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 16);
    var terminal =
        new Terminal(
            new PrintStream(out, false, StandardCharsets.UTF_8),
            new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
            Main::askPassword,
            name -> Optional.ofNullable(System.getenv(name)));
    int code = run(terminal, args);
    terminal.out().flush();
    System.exit(code);
  }

  private static Optional<char[]> askPassword(String prompt) {
    Console console = System.console();
    return console == null || !console.isTerminal()
        ? Optional.empty()
        : Optional.ofNullable(console.readPassword("%s", prompt));
  }

  /// @return one of [ExitCode]
  public static int run(Terminal terminal, String... args) {
    CommandLine reeve = commandLine(terminal);
    if (args.length == 0) {
      reeve.usage(reeve.getOut());
      return ExitCode.USAGE;
    }
    return reeve.execute(args);
  }

  private static CommandLine commandLine(Terminal terminal) {
    var reeve = new CommandLine(new ReeveCommand());
    for (Commands.Group group : Commands.GROUPS) {
      for (Commands.Entry entry : group.entries()) {
        reeve.addSubcommand(entry.name(), entry.command().apply(terminal));
      }
    }
    reeve
        .getHelpSectionMap()
        .put(
            CommandLine.Model.UsageMessageSpec.SECTION_KEY_COMMAND_LIST,
            _ -> ReeveCommand.commandList());
    return reeve
        .registerConverter(Dn.class, refusing(Dn::parse))
        .registerConverter(IpAddress.class, refusing(IpAddress::parse))
        .registerConverter(Duration.class, refusing(Durations::parse))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setAbbreviatedOptionsAllowed(false)
        .setUsageHelpWidth(80)
        .setUsageHelpAutoWidth(false)
        .setColorScheme(CommandLine.Help.defaultColorScheme(ansi(terminal)))
        .setOut(writer(terminal.out()))
        .setErr(writer(terminal.err()))
        .setParameterExceptionHandler(Main::usage)
        .setExecutionExceptionHandler((e, _, _) -> failed(terminal, e));
  }

  private static PrintWriter writer(PrintStream to) {
    return new PrintWriter(new OutputStreamWriter(to, StandardCharsets.UTF_8), true);
  }

  private static Ansi ansi(Terminal terminal) {
    Console console = System.console();
    boolean colours =
        console != null
            && console.isTerminal()
            && terminal.variable().apply("NO_COLOR").filter(v -> !v.isEmpty()).isEmpty();
    return colours ? Ansi.ON : Ansi.OFF;
  }

  private static <T> CommandLine.ITypeConverter<T> refusing(Function<String, T> parse) {
    return text -> {
      try {
        return parse.apply(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(String.valueOf(e.getMessage()));
      }
    };
  }

  private static int usage(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    PrintWriter err = command.getErr();
    err.println("reeve: " + String.valueOf(e.getMessage()).replaceFirst("^Error: ", ""));
    CommandLine.UnmatchedArgumentException.printSuggestions(e, err);
    err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
    return ExitCode.USAGE;
  }

  private static int failed(Terminal terminal, Exception e) throws Exception {
    terminal.out().flush();
    if (!(e instanceof CommandException failure)) throw e;
    terminal.err().println("reeve: " + failure.getMessage());
    return failure.code();
  }
}
