package dev.reeve.engine.tool;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A program of this host, found by its name where root's programs are, or run in another way, such
/// as in a network namespace. Arguments are never seen by a shell.
public record Tool(List<String> command) {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  public Tool {
    command = List.copyOf(command);
  }

  /// Commands are run behind `prefix`, such as `ip netns exec NAME`; empty for none.
  public static Tool of(List<String> prefix, String name) {
    var line = new ArrayList<>(prefix);
    line.add(path(name));
    return new Tool(line);
  }

  private static String path(String name) {
    for (String directory : List.of("/usr/sbin", "/sbin", "/usr/bin", "/bin")) {
      Path path = Path.of(directory, name);
      if (Files.isExecutable(path)) return path.toString();
    }
    return name;
  }

  /// @return its standard output
  /// @throws ToolException also when it ends with another status than 0, in its own words
  public String run(String input, String... arguments) throws ToolException {
    var line = new ArrayList<>(command);
    line.addAll(List.of(arguments));
    try {
      Process process = new ProcessBuilder(line).start();
      try {
        return talk(process, input);
      } finally {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ToolException("interrupted while " + command.getLast() + " ran", e);
    } catch (IOException e) {
      throw new ToolException("cannot run " + command.getLast() + " (" + e.getMessage() + ")", e);
    }
  }

  /// Whether it could be started, whatever it said then.
  public boolean isRunnable(String... arguments) {
    try {
      String unused = run("", arguments);
      return true;
    } catch (ToolException e) {
      return !(e.getCause() instanceof IOException);
    }
  }

  private String talk(Process process, String input)
      throws IOException, InterruptedException, ToolException {
    try (var in = process.getOutputStream()) {
      in.write(input.getBytes(StandardCharsets.UTF_8)); // it reads all of it before it answers
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
        throw new ToolException(
            command.getLast() + " did not end in " + PATIENCE.toSeconds() + " s");
      }
    } while (!ended);
    if (process.exitValue() != 0) {
      String said = (text(errors) + text(output)).strip();
      throw new ToolException(command.getLast() + ": " + said);
    }
    return text(output);
  }

  private static String text(ByteArrayOutputStream bytes) {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  /// Takes what is there without waiting for more.
  private static void drain(InputStream out, ByteArrayOutputStream output) throws IOException {
    for (int ready = out.available(); ready > 0; ready = out.available()) {
      output.write(out.readNBytes(ready));
    }
  }
}
