package dev.reeve.cli.lab;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// A command that ends by itself, such as `ip`, `nft` or `reeve join`.
public final class Command {

  private static final Duration LIMIT = Duration.ofSeconds(120);

  private Command() {}

  /// @param exit 0 = success
  public record Output(int exit, String out, String err) {

    public boolean succeeded() {
      return exit == 0;
    }

    /// What it said, errors first, on one line.
    public String said() {
      return (err.isBlank() ? out : err).strip().replaceAll("\\s*\\R\\s*", " / ");
    }
  }

  /// Runs it to its end.
  ///
  /// @throws LabException when it cannot be started or does not end in a minute
  public static Output run(List<String> command) throws LabException {
    return run(command, "", LIMIT);
  }

  public static Output run(List<String> command, String input, Duration limit) throws LabException {
    Process process;
    try {
      process = new ProcessBuilder(command).start();
    } catch (IOException e) {
      throw new LabException("cannot run " + command.getFirst(), e);
    }
    try {
      var out = CompletableFuture.supplyAsync(() -> read(process.getInputStream()), Command::spawn);
      var err = CompletableFuture.supplyAsync(() -> read(process.getErrorStream()), Command::spawn);
      try (OutputStream in = process.getOutputStream()) {
        in.write(input.getBytes(StandardCharsets.UTF_8));
      } catch (IOException _) {
        // It ended without reading; its exit code tells.
      }
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new LabException(
            "'" + String.join(" ", command) + "' ran longer than " + limit.toSeconds() + " s");
      }
      return new Output(process.exitValue(), out.join(), err.join());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted");
    } finally {
      process.destroyForcibly();
    }
  }

  /// @return what it printed
  /// @throws LabException also when it fails, with what it said
  public static String must(String... command) throws LabException {
    return must(List.of(command), "");
  }

  public static String must(List<String> command, String input) throws LabException {
    Output output = run(command, input, LIMIT);
    if (!output.succeeded()) {
      throw new LabException(
          "'" + String.join(" ", command) + "' exits " + output.exit() + ": " + output.said());
    }
    return output.out();
  }

  private static void spawn(Runnable task) {
    // A platform thread: reading a pipe holds on to the thread it runs on.
    Thread.ofPlatform().daemon().start(task);
  }

  private static String read(InputStream stream) {
    try (stream) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }
}
