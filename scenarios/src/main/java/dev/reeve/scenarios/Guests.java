package dev.reeve.scenarios;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/// The guests that run. When this program is ended they end with it, and no other one starts.
final class Guests {

  private final Set<Process> running = new HashSet<>();
  private boolean ending;

  Guests() {
    Runtime.getRuntime().addShutdownHook(new Thread(this::endAll, "guests-at-exit"));
  }

  /// @throws IOException also when this program is being ended
  synchronized Process start(ProcessBuilder guest) throws IOException {
    if (ending) throw new IOException("scenarios/run is being ended");
    Process process = guest.start();
    running.add(process);
    return process;
  }

  /// Ends one, and waits for that.
  void end(Process guest) {
    guest.destroy();
    try {
      int unused = guest.waitFor();
    } catch (InterruptedException e) {
      guest.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    synchronized (this) {
      running.remove(guest);
    }
  }

  private synchronized void endAll() {
    ending = true;
    running.forEach(Process::destroy);
  }
}
