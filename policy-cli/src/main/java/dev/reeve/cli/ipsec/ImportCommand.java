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
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `reeve ipsec import`: policies into a directory or a store.
@Command(
    name = "import",
    sortOptions = false,
    customSynopsis = {
      "reeve ipsec import FILE (--as reeve|microsoft | --store local|persistent)",
      "                               [--base DN] [--policy NAME]... [OPTION...]"
    },
    description = {
      "Brings IPsec policies into a directory or a host's own store. FILE is a readable file of"
          + " 'reeve ipsec export', or LDIF with Microsoft's objects or ours.",
      "",
      "For a directory, LDIF is written for you to look at and to load with ldapmodify -a."
          + " Microsoft's objects that did not change come out byte for byte.",
      ""
    },
    footer = {
      "",
      "Whatever the other form has no words for is listed; exit code 1 means that something was"
          + " lost. See 'reeve ipsec export --help'.",
      "",
      "Examples:",
      "  reeve ipsec import ad.ldif --as reeve --out reeve.ldif",
      "  reeve ipsec import policies.json --as reeve --base DC=corp,DC=example |",
      "      ldapmodify -a -x -H ldap://127.0.0.1:3890 -D cn=admin,DC=corp,DC=example -W",
      "  reeve ipsec import policies.json --as microsoft --base DC=corp,DC=example \\",
      "      --reveal-secrets --out for-windows.ldif",
      "  reeve ipsec import policies.json --store local --policy \"Web Servers\""
    })
public final class ImportCommand implements Callable<Integer> {

  static final class To {
    @Option(
        names = "--as",
        paramLabel = "FORM",
        required = true,
        description =
            "reeve: LDIF of our objects; microsoft: LDIF of Microsoft's; file: a readable file.")
    Optional<Form> form = Optional.empty();

    @Option(
        names = "--store",
        paramLabel = "STORE",
        required = true,
        description =
            "This host's local store (in force where no domain says otherwise) or persistent store"
                + " (first and always); for root. A pre-shared key is sealed to this host. The agent"
                + " takes it up within seconds.")
    Optional<StoreName> store = Optional.empty();
  }

  @Parameters(paramLabel = "FILE", description = "A readable file, or LDIF.")
  private Path file = Path.of("");

  @ArgGroup(multiplicity = "1", heading = "%nInto what:%n", order = 1)
  private To to = new To();

  @Mixin private WriteOptions options = new WriteOptions();

  @Spec private CommandSpec spec = CommandSpec.create();

  private final Terminal terminal;

  public ImportCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws CommandException {
    if (to.form.isEmpty() && to.store.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(),
          "import into what? Give --as reeve|microsoft or --store local|persistent");
    }
    var keys = new Keys();
    try {
      Policies found = Sources.file(file, keys);
      var delivery = new Delivery(options, terminal, keys);
      return to.store.isPresent()
          ? delivery.store(found, to.store.get())
          : delivery.write(found, to.form.orElseThrow());
    } finally {
      keys.forget();
    }
  }
}
