package dev.reeve.cli.ipsec;

import dev.reeve.cli.Output;
import dev.reeve.model.gp.Dn;
import dev.reeve.schema.ms.FilterForm;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/// What both directions have in common: which policies, in what form, where to.
final class WriteOptions {

  @Option(
      names = "--policy",
      paramLabel = "NAME",
      description = "Only the policy of this name or id; all without it. Repeatable.")
  List<String> policies = new ArrayList<>();

  @Option(
      names = "--base",
      paramLabel = "DN",
      description =
          "The domain that LDIF is for: DC=corp,DC=example. Without it, the one the policies"
              + " come from.")
  Optional<Dn> base = Optional.empty();

  @Option(
      names = "--filter-form",
      paramLabel = "A|B",
      description =
          "Microsoft's filters as Vista and later write them (B, default) or as Windows 2000 did"
              + " (A: IPv4, single ports, no ranges).")
  FilterForm filterForm = FilterForm.B;

  @Option(
      names = "--reveal-secrets",
      description =
          "Write pre-shared keys readable. Without it none leaves, and each one is listed.")
  boolean revealSecrets;

  @Option(
      names = "--vault",
      paramLabel = "FILE",
      description =
          "The server's vault.key: opens the keys of our objects, and seals those that go into"
              + " them.")
  Optional<Path> vault = Optional.empty();

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Write to this file, readable by you alone, instead of standard output.")
  Optional<Path> out = Optional.empty();

  @Option(
      names = "--state",
      paramLabel = "DIR",
      defaultValue = "/var/lib/reeve/agent",
      description = "The agent's state directory, where stores are (${DEFAULT-VALUE}).")
  Path state = Path.of("/var/lib/reeve/agent");

  @Option(
      names = "--output",
      paramLabel = "FORM",
      description = "The report of what was done: text (default) or json.")
  Output output = Output.TEXT;
}
