package dev.reeve.cli.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a lab leaves whose process was killed is cleared away, and nothing else.
class LeftoversTest {

  @TempDir private Path parent = Path.of("");
  private final List<Process> started = new java.util.ArrayList<>();

  /// A process that claims a directory and does nothing more; run by [#claimed].
  static final class Holder {
    private Holder() {}

    public static void main(String[] args) throws IOException {
      LabClaim claim = LabClaim.take(Files.createDirectory(Path.of(args[0])));
      System.out.println("claimed " + claim);
      System.in.read();
    }
  }

  @AfterEach
  void end() {
    started.forEach(Process::destroyForcibly);
  }

  private Process start(String... command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    started.add(process);
    return process;
  }

  private Process claimed(Path directory) throws IOException {
    Process holder =
        start(
            JavaCommand.java().toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            Holder.class.getName(),
            directory.toString());
    assertThat(holder.inputReader().readLine()).startsWith("claimed");
    return holder;
  }

  @Test
  void a_lab_is_cleared_away_when_its_process_was_killed_and_not_before() throws Exception {
    Path directory = parent.resolve("reeve-00a1");
    Process holder = claimed(directory);
    Files.writeString(Files.createDirectories(directory.resolve("web-01/state")).resolve("x"), "");

    assertThat(Leftovers.clear(parent)).isEmpty();
    assertThat(directory.resolve("web-01/state/x")).exists();

    holder.destroyForcibly().waitFor();
    assertThat(Leftovers.clear(parent)).containsExactly("reeve-00a1");
    assertThat(directory).doesNotExist();
  }

  @Test
  void a_lab_of_this_very_process_stays_and_stays_claimed() throws Exception {
    Path directory = Files.createDirectory(parent.resolve("reeve-00a2"));
    try (LabClaim _ = LabClaim.take(directory)) {
      assertThat(Leftovers.clear(parent)).isEmpty();
      Process other =
          start(
              JavaCommand.java().toString(),
              "-cp",
              System.getProperty("java.class.path"),
              Cleaner.class.getName(),
              parent.toString());
      assertThat(other.inputReader().readLine()).isEqualTo("cleared []");
    }
    assertThat(directory).exists();
  }

  /// Clears away what it may; run in a process of its own.
  static final class Cleaner {
    private Cleaner() {}

    public static void main(String[] args) {
      System.out.println("cleared " + Leftovers.clear(Path.of(args[0])));
    }
  }

  @Test
  void what_nobody_claimed_and_what_has_another_name_stays() throws Exception {
    Path unclaimed = Files.createDirectory(parent.resolve("reeve-00a3"));
    Path other = parent.resolve("reeve-bench1");
    Process holder = claimed(other);
    holder.destroyForcibly().waitFor();

    assertThat(Leftovers.clear(parent)).isEmpty();
    assertThat(unclaimed).exists();
    assertThat(other).exists();
  }

  @Test
  void programs_that_the_lab_started_end_with_it_and_no_other_one() throws Exception {
    Path directory = parent.resolve("reeve-00a4");
    Process holder = claimed(directory);
    Path log = directory.resolve("log");
    LabProcess left = LabProcess.start("tail", List.of("tail", "-f", "/dev/null"), log);
    Process others = start("tail", "-f", log.toString());
    try {
      holder.destroyForcibly().waitFor();
      assertThat(Leftovers.clear(parent)).containsExactly("reeve-00a4");
      Await.until("the program to end", Duration.ofSeconds(30), () -> !left.alive());
      assertThat(others.isAlive()).isTrue();
    } finally {
      left.stop();
    }
  }

  /// Anybody may make a directory of that name in `/tmp`, and lock a file in it.
  @Test
  void what_another_user_made_or_could_change_stays() throws Exception {
    Path open = parent.resolve("reeve-00a5");
    claimed(open).destroyForcibly().waitFor();
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
    Path linked = Files.createDirectory(parent.resolve("reeve-00a6"));
    Files.createSymbolicLink(linked.resolve("owner"), open.resolve("owner"));
    assertThat(Leftovers.clear(parent)).isEmpty();

    assumeTrue(Tools.userId() == 0, "needs root");
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.setOwner(
        open, open.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));
    assertThat(Leftovers.clear(parent)).isEmpty();
    assertThat(open.resolve("owner")).exists();
  }

  @Test
  void its_namespaces_go_and_the_programs_in_them() throws Exception {
    assumeTrue(Tools.mayMakeNamespaces() && Tools.missing().isEmpty(), "needs root on Linux");
    String taken = Command.must("ip", "netns", "list");
    String name =
        IntStream.rangeClosed(0, 0xffff)
            .mapToObj("reeve-%04x"::formatted)
            .filter(free -> !taken.contains(free + "-"))
            .findFirst()
            .orElseThrow();
    Path directory = parent.resolve(name);
    Process holder = claimed(directory);
    String unused = Command.must("ip", "netns", "add", name + "-web-01");
    try {
      Process left = start("ip", "netns", "exec", name + "-web-01", "tail", "-f", "/dev/null");
      Await.until(
          "the program to be there",
          Duration.ofSeconds(30),
          () -> !Command.must("ip", "netns", "pids", name + "-web-01").isBlank());
      holder.destroyForcibly().waitFor();

      assertThat(Leftovers.clear(parent)).containsExactly(name);
      assertThat(left.waitFor()).isNotZero();
      assertThat(Command.must("ip", "netns", "list")).doesNotContain(name + "-web-01");
    } finally {
      var gone = Command.run(List.of("ip", "netns", "del", name + "-web-01"));
      assertThat(gone.exit()).as("it was removed before").isNotZero();
    }
  }
}
