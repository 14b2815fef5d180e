package dev.reeve.cli.ipsec;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.reeve.agent.disk.StateDirectory;
import dev.reeve.cli.CommandException;
import dev.reeve.cli.ExitCode;
import dev.reeve.cli.Terminal;
import dev.reeve.model.gp.Dn;
import dev.reeve.model.ipsec.IpsecPolicy;
import dev.reeve.model.json.JsonPage;
import dev.reeve.model.json.JsonText;
import dev.reeve.schema.exchange.Exchange;
import dev.reeve.schema.exchange.Keys;
import dev.reeve.schema.exchange.Policies;
import dev.reeve.schema.exchange.PolicyFile;
import dev.reeve.schema.ipsec.Finding;
import dev.reeve.schema.read.LdapEntry;
import dev.reeve.trust.DurableFiles;
import dev.reeve.trust.DurableFiles.Access;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Brings policies where they are wanted, and says what became of them.
final class Delivery {

  private final WriteOptions options;
  private final Terminal terminal;
  private final Keys keys;

  Delivery(WriteOptions options, Terminal terminal, Keys keys) {
    this.options = options;
    this.terminal = terminal;
    this.keys = keys;
  }

  int write(Policies found, Form form) throws CommandException {
    var vault = VaultKey.read(options.vault);
    Policies policies = vault.opened(wanted(found), keys);
    return switch (form) {
      case FILE -> {
        var written = PolicyFile.write(policies, keys, options.revealSecrets);
        var findings = new ArrayList<>(policies.findings());
        findings.addAll(written.findings());
        put(JsonPage.of(written.document()));
        yield report(policies.policies(), findings, "the readable file", options.out.isEmpty());
      }
      case REEVE -> {
        var result = Exchange.toReeve(policies, domain(policies), key -> vault.sealed(key, keys));
        put(ldif(result.entries()));
        yield report(result.written(), result.findings(), "our encoding", options.out.isEmpty());
      }
      case MICROSOFT -> {
        var result =
            Exchange.toMicrosoft(
                policies, domain(policies), options.filterForm, keys, options.revealSecrets);
        put(ldif(result.entries()));
        yield report(
            result.written(), result.findings(), "Microsoft's encoding", options.out.isEmpty());
      }
    };
  }

  int store(Policies found, StoreName name) throws CommandException {
    var vault = VaultKey.read(options.vault);
    Policies policies = vault.opened(wanted(found), keys);
    if (policies.policies().size() != 1) {
      throw new CommandException(
          ExitCode.USAGE,
          "a store holds one policy, and here are "
              + policies.policies().size()
              + ": give --policy with one of "
              + names(policies.policies()));
    }
    try {
      StateDirectory directory = StateDirectory.open(options.state);
      var own = new StoreKey(directory);
      var result = Exchange.toModel(policies, key -> own.sealed(key, keys));
      if (!result.written().isEmpty()) {
        try (var _ = directory.lockStores()) {
          directory.writeStore(name.store(), Optional.of(result.written().getFirst()));
        }
      }
      return report(result.written(), result.findings(), "the " + name + " store", false);
    } catch (AccessDeniedException e) {
      throw Sources.notPermitted(options.state);
    } catch (IOException | UncheckedIOException e) {
      throw new CommandException(ExitCode.FAILED, options.state + ": " + e.getMessage());
    }
  }

  private Policies wanted(Policies found) throws CommandException {
    var unknown = new ArrayList<String>();
    Policies wanted = found.only(options.policies, unknown);
    if (!unknown.isEmpty()) {
      throw new CommandException(
          ExitCode.FAILED,
          "no policy is called '"
              + unknown.getFirst()
              + "'; there are: "
              + names(found.policies()));
    }
    if (wanted.policies().isEmpty() && wanted.findings().isEmpty()) {
      throw new CommandException(ExitCode.FAILED, "there is no IPsec policy");
    }
    return wanted;
  }

  private static String names(List<IpsecPolicy> policies) {
    if (policies.isEmpty()) return "none";
    return String.join(", ", policies.stream().map(p -> "'" + p.name() + "'").toList());
  }

  private Dn domain(Policies policies) throws CommandException {
    return options
        .base
        .or(policies::domain)
        .orElseThrow(() ->
            new CommandException(
                ExitCode.USAGE, "for which domain? Give --base, as in --base DC=corp,DC=example"));
  }

  private static String ldif(List<LdapEntry> entries) {
    var text = new StringBuilder();
    for (LdapEntry entry : entries) {
      text.append(entry.toEntry().toLDIFString(76)).append(System.lineSeparator());
    }
    return text.toString();
  }

  private void put(String text) throws CommandException {
    if (options.out.isEmpty()) {
      terminal.out().print(text);
      terminal.out().flush();
      return;
    }
    Path file = options.out.get();
    try {
      if (Files.isDirectory(file)) throw new IOException("is a directory");
      DurableFiles.write(file.toAbsolutePath(), text.getBytes(UTF_8), Access.PRIVATE);
    } catch (AccessDeniedException e) {
      throw new CommandException(ExitCode.NOT_PERMITTED, file + ": permission denied");
    } catch (IOException e) {
      throw new CommandException(ExitCode.FAILED, file + ": " + e.getMessage());
    }
  }

  /// To standard output, unless the policies themselves go there.
  private int report(
      List<IpsecPolicy> written, List<Finding> findings, String where, boolean onOutput) {
    PrintStream to = onOutput ? terminal.err() : terminal.out();
    switch (options.output) {
      case JSON -> to.println(JsonText.write(ExchangeText.json(written, findings, where)));
      case TEXT -> ExchangeText.lines(written, findings, where).forEach(to::println);
    }
    to.flush();
    boolean lost = findings.stream().anyMatch(Finding::isLoss);
    return lost || written.isEmpty() ? ExitCode.FAILED : ExitCode.DONE;
  }
}
