package dev.reeve.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class GuestsTest {

  /// Runs one guest after another, as a lane of scenarios does: when one ends, the next begins.
  static final class Lane {
    private Lane() {}

    public static void main(String[] args) throws InterruptedException {
      var guests = new Guests();
      while (true) {
        try {
          Process guest = guests.start(new ProcessBuilder("tail", "-f", "/dev/null"));
          System.out.println(guest.pid());
          int unused = guest.waitFor();
          guests.end(guest);
        } catch (IOException e) {
          System.out.println(e.getMessage());
          Thread.sleep(Long.MAX_VALUE); // what ends it is the end of the program
        }
      }
    }
  }

  @Test
  void guests_end_with_the_program_and_no_other_one_begins() throws Exception {
    Process program =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Lane.class.getName())
            .redirectErrorStream(true)
            .start();
    var said = new ArrayList<String>();
    try (var out = program.inputReader()) {
      said.add(out.readLine());
      assertThat(ProcessHandle.of(Long.parseLong(said.getFirst()))).isPresent();
      program.toHandle().destroy(); // its output stays open
      said.addAll(out.lines().toList());
      assertThat(program.waitFor(60, TimeUnit.SECONDS)).isTrue();
    } finally {
      program.destroyForcibly();
    }
    List<Long> guests =
        said.stream().filter(line -> line.matches("[0-9]+")).map(Long::valueOf).toList();
    assertThat(guests).hasSize(1);
    for (long guest : guests) {
      var handle = ProcessHandle.of(guest);
      if (handle.isPresent()) handle.get().onExit().get(60, TimeUnit.SECONDS);
    }
  }
}
