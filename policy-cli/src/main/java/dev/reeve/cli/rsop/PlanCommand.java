package dev.reeve.cli.rsop;

import dev.reeve.cli.CommandException;
import dev.reeve.cli.ExitCode;
import dev.reeve.cli.Output;
import dev.reeve.cli.Terminal;
import dev.reeve.cli.text.Page;
import dev.reeve.cli.text.PolicyText;
import dev.reeve.cli.text.RsopText;
import dev.reeve.model.gp.Dn;
import dev.reeve.model.json.JsonText;
import dev.reeve.model.net.IpAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `reeve rsop plan`: what policy a computer would get, and why.
@Command(
    name = "plan",
    sortOptions = false,
    customSynopsis = {
      "reeve rsop plan (--ldif FILE | --server URL)",
      "                       (--computer DN | --under DN | --all) [--what-if FILE]",
      "                       [--ou DN] [--site NAME] [--address IP]... [--group DN]...",
      "                       [--fact K=V]... [--output json] [-v]"
    },
    description = {
      "What policy a computer would get, and why: one verdict for every GPO link in its scope.",
      "With --what-if: what a change to the directory would do, before anybody makes it.",
      ""
    },
    footer = {
      "",
      "An export of Active Directory or Samba, with the access lists of GPOs; once more with",
      "-b CN=Sites,CN=Configuration,… for sites and subnets (docs/directories.md):",
      "  ldapsearch -LLL -o ldif-wrap=no -H ldaps://DC -x -D ACCOUNT -W \\",
      "             -E pr=1000/noprompt -E '!1.2.840.113556.1.4.801=::MAMCAQc=' \\",
      "             -b DC=corp,DC=example '(objectClass=*)' '*' nTSecurityDescriptor > corp.ldif",
      "",
      "Examples:",
      "  reeve rsop plan --ldif corp.ldif --computer web-01",
      "  reeve rsop plan --ldif corp.ldif --computer web-01 --site Branch -v",
      "  reeve rsop plan --ldif corp.ldif --computer CN=new,DC=corp,DC=example \\",
      "                  --ou OU=Web,OU=Servers,DC=corp,DC=example",
      "  reeve rsop plan --ldif corp.ldif --all --output json",
      "  reeve rsop plan --ldif corp.ldif --what-if change.ldif --all",
      "  reeve rsop plan --ldif corp.ldif --what-if change.ldif --under OU=Web,DC=corp,DC=example"
    })
public final class PlanCommand implements Callable<Integer> {

  private static final int PROBLEMS_SHOWN = 10;

  static final class Source {
    @Option(
        names = "--ldif",
        paramLabel = "FILE",
        required = true,
        description = "Plan on an LDIF export of a directory; no server is needed.")
    Optional<Path> ldif = Optional.empty();

    @ArgGroup(exclusive = false)
    ServerOptions server = new ServerOptions();
  }

  static final class Who {
    @Option(
        names = "--computer",
        paramLabel = "DN",
        required = true,
        description = "DN of the computer; in a file, its name will do.")
    Optional<String> computer = Optional.empty();

    @Option(
        names = "--under",
        paramLabel = "DN",
        required = true,
        description = "Every computer of this OU and the OUs in it.")
    Optional<Dn> under = Optional.empty();

    @Option(names = "--all", required = true, description = "Every computer of the directory.")
    boolean all;
  }

  /// What to assume beside what the directory says.
  static final class AsIf {
    @Option(
        names = "--ou",
        paramLabel = "DN",
        description = "It is in this OU; then it need not exist.")
    Optional<Dn> container = Optional.empty();

    @Option(names = "--site", paramLabel = "NAME", description = "It is in this site.")
    Optional<String> site = Optional.empty();

    @Option(
        names = "--address",
        paramLabel = "IP",
        description = "It has this address, which decides its site. Repeatable.")
    List<IpAddress> addresses = new ArrayList<>();

    @Option(
        names = "--group",
        paramLabel = "DN",
        description = "It is in this group as well. Repeatable.")
    List<Dn> groups = new ArrayList<>();

    @Option(names = "--fact", paramLabel = "K=V", description = "It reports this fact. Repeatable.")
    Map<String, String> facts = new LinkedHashMap<>();

    boolean isAnything() {
      return container.isPresent()
          || site.isPresent()
          || !(addresses.isEmpty() && groups.isEmpty() && facts.isEmpty());
    }
  }

  @ArgGroup(multiplicity = "1", heading = "%nWhere the directory is:%n", order = 1)
  private Source source = new Source();

  @ArgGroup(multiplicity = "1", heading = "%nWhose policy:%n", order = 2)
  private Who who = new Who();

  @ArgGroup(exclusive = false, heading = "%nAs if:%n", order = 3)
  private AsIf asIf = new AsIf();

  @Option(
      names = "--what-if",
      paramLabel = "FILE",
      description =
          "Make these LDIF changes (changetype add, modify, delete, modrdn, moddn) to what --ldif"
              + " has read, to nothing else, and show what changes.")
  private Optional<Path> whatIf = Optional.empty();

  @Option(
      names = "--output",
      paramLabel = "FORM",
      description = "text (default), or json: one document per line.")
  private Output output = Output.TEXT;

  @Option(
      names = {"-v", "--verbose"},
      description = "Also the rules, filters, actions and authentication of the policy that wins.")
  private boolean verbose;

  @Spec private CommandSpec spec = CommandSpec.create();

  private final Terminal terminal;

  public PlanCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws CommandException {
    if (source.ldif.isEmpty() && source.server.url.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "where is the directory? Give --ldif FILE or --server URL");
    }
    if (source.ldif.isEmpty()) checkServerCan();
    var request =
        new PlanRequest(
            who.computer,
            who.under,
            asIf.container,
            asIf.site,
            asIf.addresses,
            Set.copyOf(asIf.groups),
            asIf.facts);
    if (whatIf.isPresent()) {
      var comparison = WhatIf.open(source.ldif.orElseThrow(this::whatIfNeedsLdif), whatIf.get());
      summarize(comparison.answer(request, output, verbose, terminal));
      return ExitCode.DONE;
    }
    PlanSource plan =
        source.ldif.isPresent()
            ? LdifPlan.open(source.ldif.get())
            : new ServerPlan(PolicyServer.of(source.server, terminal));
    boolean tabular = who.computer.isEmpty() && !verbose && output == Output.TEXT;
    var table = new RsopText.Table();
    List<String> others =
        plan.answer(
            request,
            answer -> {
              switch (output) {
                case JSON -> terminal.out().println(JsonText.write(answer.json()));
                case TEXT -> {
                  if (tabular) table.add(answer.document());
                  else terminal.print(page(answer));
                }
              }
            });
    if (tabular) terminal.print(table.lines());
    terminal.out().flush();
    summarize(others);
    return ExitCode.DONE;
  }

  private void checkServerCan() {
    if (verbose) {
      throw new ParameterException(
          spec.commandLine(),
          "-v needs --ldif: a server sends the verdicts and not the content of policies");
    }
    if (who.computer.isEmpty() && asIf.isAnything()) {
      throw new ParameterException(
          spec.commandLine(), "with --server, the 'as if' options need --computer");
    }
    if (whatIf.isPresent()) throw whatIfNeedsLdif();
  }

  private ParameterException whatIfNeedsLdif() {
    return new ParameterException(
        spec.commandLine(),
        "--what-if needs --ldif: a server's picture is changed by its directory alone; export that"
            + " (reeve rsop plan --help says how) and plan on the file");
  }

  private List<String> page(Answer answer) {
    var page = new Page().add(RsopText.lines(answer.document()));
    if (verbose) answer.policies().forEach(policy -> page.blank().add(PolicyText.lines(policy)));
    if (who.computer.isEmpty()) page.blank().row("-".repeat(Page.WIDTH)).blank();
    return page.lines();
  }

  /// What else is wrong with the directory: once, and beside the answer.
  private void summarize(List<String> others) {
    if (others.isEmpty()) return;
    var page = new Page();
    page.text(
        0,
        others.size() == 1
            ? "note: one more problem in the directory, not in the answer above:"
            : "note: "
                + others.size()
                + " more problems in the directory, not in the answer above:");
    int shown = verbose ? others.size() : Math.min(others.size(), PROBLEMS_SHOWN);
    others.subList(0, shown).forEach(problem -> page.text(2, 4, problem));
    if (shown < others.size())
      page.text(2, "… and " + (others.size() - shown) + " more (-v shows all)");
    page.lines().forEach(terminal.err()::println);
  }
}
