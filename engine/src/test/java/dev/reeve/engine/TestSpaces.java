package dev.reeve.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Names for network namespaces of tests: they say which process made them, so that the next run
/// clears away what one left that was killed.
public final class TestSpaces {

  private static final Pattern NAME = Pattern.compile("rt([0-9]+)-([0-9]+)-[a-z0-9-]+");
  private static final AtomicInteger COUNT = new AtomicInteger();

  /// Process numbers mean something in one process namespace alone.
  private static final String HERE = processNamespace();

  static {
    clear();
  }

  private TestSpaces() {}

  /// A prefix that no namespace has yet.
  public static String prefix(String kind) {
    return "rt" + HERE + "-" + ProcessHandle.current().pid() + "-" + kind + COUNT.incrementAndGet();
  }

  private static String processNamespace() {
    try {
      return Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString().replaceAll("\\D", "");
    } catch (IOException e) {
      return "0"; // not Linux: no namespaces either
    }
  }

  private static void clear() {
    for (String name : names()) {
      if (!isLeft(name)) continue;
      for (String pid : Lab.run("", "ip", "netns", "pids", name).split("\\s+")) {
        if (!pid.isEmpty()) {
          ProcessHandle.of(Long.parseLong(pid)).ifPresent(ProcessHandle::destroyForcibly);
        }
      }
      Lab.run("", "ip", "netns", "del", name);
      System.err.println("cleared away what a test left that was killed: " + name);
    }
  }

  private static List<String> names() {
    try {
      return Lab.run("", "ip", "netns", "list").lines().map(line -> line.split(" ")[0]).toList();
    } catch (UncheckedIOException | IllegalStateException e) {
      return List.of(); // no `ip`, no right to: no namespaces of ours
    }
  }

  /// Whether a process made it that is not there any more. One that has its number now keeps it.
  static boolean isLeft(String name) {
    Matcher made = NAME.matcher(name);
    return made.matches()
        && made.group(1).equals(HERE)
        && ProcessHandle.of(Long.parseLong(made.group(2))).isEmpty();
  }
}
