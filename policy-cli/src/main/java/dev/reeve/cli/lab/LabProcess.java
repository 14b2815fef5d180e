package dev.reeve.cli.lab;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A child process that runs until it is ended, with all it prints appended to a log file.
public final class LabProcess {

  /// In the environment of each and of what it starts: its log, which is in the lab's directory.
  static final String MARK = "REEVE_LAB";

  private static final Duration POLITE = Duration.ofSeconds(15);
  private static final Duration SURE = Duration.ofSeconds(10);

  private final String name;
  private final Process process;
  private final Path log;
  private final long logStart;

  private LabProcess(String name, Process process, Path log, long logStart) {
    this.name = name;
    this.process = process;
    this.log = log;
    this.logStart = logStart;
  }

  /// @param name for messages
  public static LabProcess start(String name, List<String> command, Path log) throws LabException {
    try {
      Files.createDirectories(log.getParent());
      long end = Files.exists(log) ? Files.size(log) : 0;
      var builder = new ProcessBuilder(command);
      builder.environment().put(MARK, log.toAbsolutePath().toString());
      builder.redirectErrorStream(true);
      builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
      builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
      return new LabProcess(name, builder.start(), log, end);
    } catch (IOException e) {
      throw new LabException("cannot start " + name, e);
    }
  }

  public long pid() {
    return process.pid();
  }

  public boolean alive() {
    return process.isAlive();
  }

  public Path log() {
    return log;
  }

  /// Waits for a line in what this process has printed.
  ///
  /// @throws LabException also when it ends before it prints one
  public Matcher awaitLine(Pattern line, Duration limit) throws LabException {
    return Await.value(
        "a line '" + line + "' from " + name,
        limit,
        () -> {
          boolean alive = alive();
          Optional<Matcher> found = find(line);
          if (found.isEmpty() && !alive) {
            throw new LabException(
                name + " ended with exit code " + process.exitValue() + ": " + lastLine());
          }
          return found;
        });
  }

  public Optional<Matcher> find(Pattern line) throws LabException {
    return printed().lines().map(line::matcher).filter(Matcher::find).findFirst();
  }

  /// What it has printed so far.
  public String printed() throws LabException {
    try (var file = new RandomAccessFile(log.toFile(), "r")) {
      byte[] bytes = new byte[(int) Math.max(0, file.length() - logStart)];
      file.seek(logStart);
      file.readFully(bytes);
      return new String(bytes, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new LabException("cannot read the log of " + name, e);
    }
  }

  private String lastLine() throws LabException {
    return printed().lines().filter(l -> !l.isBlank()).reduce((_, b) -> b).orElse("said nothing");
  }

  /// Asks it to end (SIGTERM), insists after a while (SIGKILL).
  public void stop() {
    process.destroy();
    if (!ended(POLITE)) kill();
  }

  /// SIGKILL: no time to tidy up, as in a power cut.
  public void kill() {
    process.destroyForcibly();
    ended(SURE);
  }

  /// Sends SIGTERM and does not wait; [#stop] does.
  void askToStop() {
    process.destroy();
  }

  private boolean ended(Duration limit) {
    boolean interrupted = false;
    long end = System.nanoTime() + limit.toNanos();
    try {
      while (true) {
        try {
          return process.waitFor(end - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
          interrupted = true; // ending children comes first
        }
      }
    } finally {
      if (interrupted) Thread.currentThread().interrupt();
    }
  }

  @Override
  public String toString() {
    return name + " (process " + pid() + ")";
  }
}
