package dev.reeve.cli.rsop;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/// Which server to ask, as whom, and how to know it.
final class ServerOptions {

  @Option(
      names = "--server",
      paramLabel = "URL",
      required = true,
      description = "Ask this policy server: https://HOST:PORT.")
  Optional<URI> url = Optional.empty();

  @Option(names = "--user", paramLabel = "DN", description = "Directory user to ask as.")
  Optional<String> user = Optional.empty();

  @Option(
      names = "--password-file",
      paramLabel = "FILE",
      description = "Its first line is the password; else REEVE_PASSWORD, else it is asked for.")
  Optional<Path> passwordFile = Optional.empty();

  @Option(
      names = "--cacert",
      paramLabel = "FILE",
      description = "PEM file of the CA that issued the server's certificate.")
  Optional<Path> caFile = Optional.empty();

  @Option(
      names = "--pin",
      paramLabel = "HEX",
      description = "SHA-256 of the root's public key, as in a join string.")
  Optional<String> pin = Optional.empty();
}
