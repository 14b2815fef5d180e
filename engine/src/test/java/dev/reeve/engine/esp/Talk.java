package dev.reeve.engine.esp;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A probe in a namespace: told what to do, a line at a time.
final class Talk implements AutoCloseable {

  private final Process process;
  private final PrintStream questions;
  private final BufferedReader answers;

  private Talk(Process process) {
    this.process = process;
    questions = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
    answers = process.inputReader();
  }

  static Talk in(String space) throws IOException {
    var line = new ArrayList<>(List.of("ip", "netns", "exec", space));
    line.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xshare:auto",
            "-cp",
            System.getProperty("java.class.path"),
            "dev.reeve.engine.Probe"));
    return new Talk(
        new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.DISCARD).start());
  }

  String say(String command) {
    questions.println(command);
    try {
      return String.valueOf(answers.readLine());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void expect(String command) {
    String said = say(command);
    if (!said.equals("ok")) throw new IllegalStateException(command + ": " + said);
  }

  boolean can(String command) {
    return say(command).equals("ok");
  }

  boolean cannot(String command) {
    return !can("within 400 " + command);
  }

  /// A TCP connection that is answered.
  boolean reaches(String from, String to, int port) {
    return can("connect " + from + " " + to + " " + port);
  }

  /// Nor when TCP has asked three times.
  boolean cannotReach(String from, String to, int port) {
    return !can("within 4000 connect " + from + " " + to + " " + port);
  }

  @Override
  public void close() {
    var unused = process.destroyForcibly().onExit().join();
  }
}
