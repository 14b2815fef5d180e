package dev.reeve.benchmarks;

import dev.reeve.cli.lab.LabException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// A bare `ldapsearch -E sync=rp`: what a change takes to arrive at anybody who listens.
final class SyncListener implements AutoCloseable {

  private static final int PATIENCE_SECONDS = 30;

  private final Process process;
  private final Map<String, Long> seen =
      new ConcurrentHashMap<>(); // a line → when, System.nanoTime

  private SyncListener(Process process) {
    this.process = process;
  }

  /// Before the first changes it is told everything there is.
  static SyncListener on(FleetSlapd slapd) throws LabException {
    ProcessBuilder command = slapd.ldapsearch(List.of("-LLL", "-E", "sync=rp"), List.of("gPLink"));
    command.redirectErrorStream(true);
    try {
      var listener = new SyncListener(command.start());
      var unused = Thread.ofPlatform().daemon().name("ldapsearch").start(listener::read);
      return listener;
    } catch (IOException e) {
      throw new LabException("cannot run ldapsearch", e);
    }
  }

  private void read() {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        long now = System.nanoTime();
        if (line.startsWith("gPLink: ")) seen.putIfAbsent(line.substring("gPLink: ".length()), now);
      }
    } catch (IOException _) {
      // ended
    }
  }

  /// When a link text arrived, in System.nanoTime.
  long arrival(String links) throws LabException {
    long began = System.nanoTime();
    while (System.nanoTime() - began < PATIENCE_SECONDS * 1_000_000_000L) {
      Long at = seen.get(links);
      if (at != null) return at;
      try {
        Thread.sleep(1);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new LabException("interrupted");
      }
    }
    throw new LabException("ldapsearch -E sync=rp did not show " + links);
  }

  @Override
  public void close() {
    process.destroy();
  }
}
