package dev.reeve.cli.ipsec;

import dev.reeve.cli.CommandException;
import dev.reeve.cli.Terminal;
import dev.reeve.schema.exchange.Keys;
import dev.reeve.schema.exchange.Policies;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `reeve ipsec export`: policies out of a directory or a store.
@Command(
    name = "export",
    sortOptions = false,
    customSynopsis = {
      "reeve ipsec export (--ldif FILE | --store local|persistent) [--as FORM]",
      "                          [--policy NAME]... [--out FILE] [OPTION...]"
    },
    description = {
      "Takes IPsec policies out of a directory or a host's store and writes them as a readable"
          + " file: one JSON document with whole policies, to keep, compare, edit and import again.",
      "",
      "A directory is given as LDIF, as ldapsearch and ldifde write it. Microsoft's objects and"
          + " ours are both understood.",
      ""
    },
    footer = {
      "",
      "Whatever the chosen form has no words for is listed, with what became of it:",
      "  left out   the policy works without it (one proposal of several, say)",
      "  changed    something close stands in its place",
      "  refused    the policy would not be itself; it is not written at all",
      "Exit code 1 means that something was lost, 0 that nothing was.",
      "",
      "Examples:",
      "  reeve ipsec export --ldif ad.ldif --out policies.json",
      "  reeve ipsec export --ldif ad.ldif --policy \"Server (Request Security)\"",
      "  reeve ipsec export --ldif corp.ldif --as microsoft --out for-windows.ldif",
      "  reeve ipsec export --store local --out local.json",
      "  ldapsearch -LLL -b CN=System,DC=corp,DC=example > ad.ldif"
    })
public final class ExportCommand implements Callable<Integer> {

  static final class From {
    @Option(
        names = "--ldif",
        paramLabel = "FILE",
        required = true,
        description = "The policies of this directory.")
    Optional<Path> ldif = Optional.empty();

    @Option(
        names = "--store",
        paramLabel = "STORE",
        required = true,
        description = "The policy in this host's local or persistent store; for root.")
    Optional<StoreName> store = Optional.empty();
  }

  @ArgGroup(multiplicity = "1", heading = "%nFrom where:%n", order = 1)
  private From from = new From();

  @Option(
      names = "--as",
      paramLabel = "FORM",
      description =
          "file (default): the readable file; reeve: LDIF of our objects; microsoft: LDIF of"
              + " Microsoft's objects.")
  private Form form = Form.FILE;

  @Mixin private WriteOptions options = new WriteOptions();

  @Spec private CommandSpec spec = CommandSpec.create();

  private final Terminal terminal;

  public ExportCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws CommandException {
    if (from.ldif.isEmpty() && from.store.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "export from where? Give --ldif FILE or --store local|persistent");
    }
    var keys = new Keys();
    try {
      Policies found =
          from.ldif.isPresent()
              ? Sources.ldif(from.ldif.get(), keys)
              : Sources.store(from.store.orElseThrow(), options.state, keys);
      return new Delivery(options, terminal, keys).write(found, form);
    } finally {
      keys.forget();
    }
  }
}
