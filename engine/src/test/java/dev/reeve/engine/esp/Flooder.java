package dev.reeve.engine.esp;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Sends well-formed first messages of IKE from addresses that are not its own, a new one each
/// time, so that nobody answers what they are answered.
final class Flooder implements AutoCloseable {

  private static final Path SCRIPT = Path.of("../build/ike-flood").toAbsolutePath().normalize();

  /// Begins main modes from an address of its own, brings the cookies that it is asked for, and
  /// goes on with none.
  ///
  /// @param count from each address
  /// @param seed what it says next time is something else with another
  /// @param from some of its addresses; the one that goes there when there are none
  /// @return how many were answered with terms
  static int begins(List<String> within, String to, int count, int seed, List<String> from) {
    List<String> line = line(within, "begin", to, count, seed);
    line.addAll(from);
    return Integer.parseInt(EspLab.run("", line.toArray(String[]::new)).strip());
  }

  private static ArrayList<String> line(
      List<String> within, String what, String to, int count, int number) {
    var line = new ArrayList<>(within);
    line.addAll(List.of("perl", SCRIPT.toString(), what, to, "" + count, "" + number));
    return line;
  }

  private final Process process;

  /// @param rate at most so many a second
  Flooder(List<String> within, String to, int count, int rate) throws IOException {
    process =
        new ProcessBuilder(line(within, "spoof", to, count, rate))
            .redirectErrorStream(true)
            .start();
  }

  boolean isRunning() {
    return process.isAlive();
  }

  @Override
  public void close() {
    var unused = process.destroyForcibly().onExit().join();
  }
}
