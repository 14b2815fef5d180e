package dev.reeve.cli.ipsec;

import dev.reeve.cli.Output;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/// Which library `ipsec static` works on, and how it speaks.
final class StaticOptions {

  @Option(
      names = "--store",
      paramLabel = "STORE",
      description =
          "local or persistent: this command is for that store of this host. Without it, the one"
              + " that 'set store' named, or local.")
  Optional<StoreName> store = Optional.empty();

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description = "Work on this file instead of a store: as 'reeve ipsec export' writes it.")
  Optional<Path> file = Optional.empty();

  @Option(
      names = "--state",
      paramLabel = "DIR",
      defaultValue = "/var/lib/reeve/agent",
      description = "The agent's state directory, where stores are (${DEFAULT-VALUE}).")
  Path state = Path.of("/var/lib/reeve/agent");

  @Option(
      names = "--reveal-secrets",
      description = "Write pre-shared keys readable into a file. Without it none is written there.")
  boolean revealSecrets;

  @Option(names = "--output", paramLabel = "FORM", description = "text (default) or json.")
  Output output = Output.TEXT;
}
