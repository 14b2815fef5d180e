package dev.reeve.scenarios.verbs;

import dev.reeve.cli.lab.LabHost;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/// Looks at a host's policy all the time and remembers every one it has seen, in order.
final class PolicyWatch {

  private static final long PAUSE_NANOS = 30_000_000;

  private final LabHost host;
  private final List<String> seen = new ArrayList<>();
  private final Thread thread = new Thread(this::look, "policy-watch");
  private volatile boolean stopped;

  private PolicyWatch(LabHost host) {
    this.host = host;
  }

  static PolicyWatch start(LabHost host) {
    var watch = new PolicyWatch(host);
    watch.thread.setDaemon(true);
    watch.thread.start();
    return watch;
  }

  private void look() {
    while (!stopped) {
      Optional<String> policy = host.find().map(result -> result.policyText().orElse("none"));
      synchronized (seen) {
        policy.filter(p -> seen.isEmpty() || !seen.getLast().equals(p)).ifPresent(seen::add);
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  /// The whole text of each policy, each change once.
  List<String> seen() {
    synchronized (seen) {
      return List.copyOf(seen);
    }
  }

  void stop() {
    stopped = true;
  }
}
