package dev.reeve.cli.host;

import dev.reeve.agent.HostDiagnosis;
import dev.reeve.agent.diag.Finding;
import dev.reeve.cli.ExitCode;
import dev.reeve.cli.Output;
import dev.reeve.cli.Terminal;
import dev.reeve.cli.text.Page;
import dev.reeve.model.json.JsonBuilder;
import dev.reeve.model.json.JsonText;
import dev.reeve.model.net.IpAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `reeve diag`: what a host needs, tried out.
@Command(
    name = "diag",
    sortOptions = false,
    description = {
      "Tries out what this host needs: the agent, its identity and certificate chain, DNS, the"
          + " servers with their pinned issuer, the clock, the CRLs that peers are checked against,"
          + " nftables, the kernel's ESP, charon and its plug-ins, and IKE with a peer. Changes"
          + " nothing.",
      "",
      "One line for each: ok, not ok, or skipped where it does not concern this host; and what to"
          + " do.",
      ""
    },
    footer = {
      "",
      "Exit code 1 when anything is not ok. As root: most of it is root's alone.",
      "",
      "Examples:",
      "  reeve diag",
      "  reeve diag --peer 10.1.2.3",
      "  reeve diag --output json"
    })
public final class DiagCommand implements Callable<Integer> {

  private static final int DETAIL = 21;

  @Option(
      names = "--peer",
      paramLabel = "ADDRESS",
      description =
          "Also ask this peer whether it speaks IKE: an IKE_SA_INIT of our own, sent three times at"
              + " most.")
  private Optional<IpAddress> peer = Optional.empty();

  @Option(
      names = "--state",
      paramLabel = "DIR",
      defaultValue = "/var/lib/reeve/agent",
      description = "The agent's state directory (${DEFAULT-VALUE}).")
  private Path state = Path.of("/var/lib/reeve/agent");

  @Mixin private RunOption run = new RunOption();

  @Option(names = "--output", paramLabel = "FORM", description = "text (default) or json.")
  private Output output = Output.TEXT;

  interface Diagnosis {
    List<Finding> of(Path state, Path run, Optional<IpAddress> peer);
  }

  private final Terminal terminal;
  private final Diagnosis diagnosis;

  public DiagCommand(Terminal terminal) {
    this(terminal, HostDiagnosis::of);
  }

  DiagCommand(Terminal terminal, Diagnosis diagnosis) {
    this.terminal = terminal;
    this.diagnosis = diagnosis;
  }

  @Override
  public Integer call() {
    List<Finding> findings = diagnosis.of(state, run.directory(), peer);
    switch (output) {
      case JSON ->
          terminal
              .out()
              .println(
                  JsonText.write(
                      JsonBuilder.object().putAll("checks", findings, Finding::toJson).build()));
      case TEXT -> terminal.print(lines(findings));
    }
    boolean failed = findings.stream().anyMatch(f -> f.state() == Finding.State.NOT_OK);
    return failed ? ExitCode.FAILED : ExitCode.DONE;
  }

  static List<String> lines(List<Finding> findings) {
    var page = new Page();
    for (Finding finding : findings) {
      String word =
          switch (finding.state()) {
            case OK -> "ok";
            case NOT_OK -> "not ok";
            case SKIPPED -> "skipped";
          };
      page.text("%-8s %-11s ".formatted(word, finding.check()), DETAIL, finding.detail());
      if (!finding.advice().isEmpty()) page.text(DETAIL, "-> " + finding.advice());
    }
    return page.lines();
  }
}
