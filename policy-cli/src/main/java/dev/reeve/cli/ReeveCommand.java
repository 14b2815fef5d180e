package dev.reeve.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/// The top of the command tree: it has help and nothing else.
@Command(
    name = "reeve",
    synopsisHeading = "",
    customSynopsis = "Usage: reeve COMMAND [OPTION...]",
    description = {"", "IPsec policy for Linux fleets, out of an LDAP directory."},
    optionListHeading = "%n",
    commandListHeading = "",
    versionProvider = Version.class,
    footer = {
      "",
      "Every command has its own help: reeve rsop plan --help",
      "Every command that prints facts takes --output json.",
      "",
      "Examples:",
      "  reeve rsop plan --ldif corp.ldif --computer web-01 -v",
      "  reeve token create --computer CN=web-01,OU=Web,DC=corp,DC=example",
      "  reeve join reeve://HOST:7443/TOKEN.SECRET#PIN && reeve agent",
      "  reeve gpupdate && reeve gpresult -v",
      "",
      "Exit codes: 0 done or yes, 1 no or failed, 2 usage, 3 unreachable,",
      "            4 not permitted"
    })
final class ReeveCommand implements Runnable {

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Show this help.")
  private boolean help;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Show the version.")
  private boolean version;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "which command? " + help + version);
  }

  static String commandList() {
    var text = new StringBuilder();
    int width =
        Commands.GROUPS.stream()
            .flatMap(group -> group.entries().stream())
            .mapToInt(entry -> entry.name().length())
            .max()
            .orElse(0);
    for (Commands.Group group : Commands.GROUPS) {
      text.append("%n%s:%n".formatted(group.title()));
      for (Commands.Entry entry : group.entries()) {
        text.append(
            "  %s  %s%n"
                .formatted(
                    entry.name() + " ".repeat(width - entry.name().length()), entry.summary()));
      }
    }
    return text.toString();
  }
}
