package dev.reeve.engine.nft;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// The nft program, for our own table only.
public final class Nft {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final List<String> command;

  private Nft(List<String> command) {
    this.command = List.copyOf(command);
  }

  /// The nft of this host.
  public static Nft onThisHost() {
    for (String path : List.of("/usr/sbin/nft", "/sbin/nft")) {
      if (Files.isExecutable(Path.of(path))) return new Nft(List.of(path));
    }
    return new Nft(List.of("nft"));
  }

  /// Another way to run it, such as in a network namespace.
  public static Nft by(List<String> command) {
    return new Nft(command);
  }

  /// Our table as the kernel holds it now.
  public Optional<NftTable> read() throws NftException {
    try {
      if (!NftReader.hasTable(run("", "-j", "list", "tables"))) return Optional.empty();
      return Optional.of(
          NftReader.read(run("", "-j", "-n", "list", "table", "inet", NftTable.NAME)));
    } catch (IllegalArgumentException e) {
      throw new NftException("nft lists tables in a form we cannot read: " + e.getMessage(), e);
    }
  }

  /// Replaces our table in one transaction: on failure the kernel holds what it held before.
  public void load(NftTable table) throws NftException {
    run(table.toText(), "-f", "-");
  }

  public void remove() throws NftException {
    run("table inet reeve\ndelete table inet reeve\n", "-f", "-");
  }

  private String run(String input, String... arguments) throws NftException {
    var line = new ArrayList<>(command);
    line.addAll(List.of(arguments));
    try {
      Process process = new ProcessBuilder(line).start();
      try {
        return talk(process, input, String.join(" ", arguments));
      } finally {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NftException("interrupted while nft ran", e);
    } catch (IOException e) {
      throw new NftException(
          "cannot run "
              + command.getLast()
              + " ("
              + e.getMessage()
              + "); install the package nftables",
          e);
    }
  }

  private static String talk(Process process, String input, String what)
      throws IOException, InterruptedException, NftException {
    try (var in = process.getOutputStream()) {
      in.write(input.getBytes(StandardCharsets.UTF_8)); // nft reads all of it before it answers
    } catch (IOException e) {
      // it has ended already; its exit status and output say why
    }
    var output = new ByteArrayOutputStream();
    var errors = new ByteArrayOutputStream();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    boolean ended;
    do {
      ended = process.waitFor(2, TimeUnit.MILLISECONDS);
      drain(process.getInputStream(), output);
      drain(process.getErrorStream(), errors);
      if (!ended && System.nanoTime() > deadline) {
        throw new NftException("nft " + what + " did not end in " + PATIENCE.toSeconds() + " s");
      }
    } while (!ended);
    if (process.exitValue() != 0) {
      String said =
          (errors.toString(StandardCharsets.UTF_8) + output.toString(StandardCharsets.UTF_8))
              .strip();
      throw new NftException("nft " + what + ": " + said);
    }
    return output.toString(StandardCharsets.UTF_8);
  }

  /// Takes what is there without waiting for more.
  private static void drain(InputStream out, ByteArrayOutputStream output) throws IOException {
    for (int ready = out.available(); ready > 0; ready = out.available()) {
      output.write(out.readNBytes(ready));
    }
  }
}
