package dev.reeve.scenarios.verbs;

import dev.reeve.cli.lab.LabEnd;
import dev.reeve.cli.lab.LabException;
import dev.reeve.cli.lab.WireTap.Packet;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/// Connections from one end to another, one after another, with the links of both looked at.
final class Flow {

  private static final Duration LIMIT = Duration.ofSeconds(2);
  private static final Duration PAUSE = Duration.ofMillis(100);

  private final LabEnd from;
  private final LabEnd to;
  private final int port;
  private final boolean ipv6;
  private final int sinceFrom;
  private final int sinceTo;
  private final Thread thread = new Thread(this::run, "flow");
  private volatile boolean stopped;
  private volatile int made;
  private volatile int answered;
  private volatile Optional<LabException> failure = Optional.empty();

  private Flow(LabEnd from, LabEnd to, int port, boolean ipv6) throws LabException {
    this.from = from;
    this.to = to;
    this.port = port;
    this.ipv6 = ipv6;
    this.sinceFrom = from.look();
    this.sinceTo = to.look();
  }

  static Flow start(LabEnd from, LabEnd to, int port, boolean ipv6) throws LabException {
    var flow = new Flow(from, to, port, ipv6);
    flow.thread.setDaemon(true);
    flow.thread.start();
    return flow;
  }

  private void run() {
    int count = 0;
    int good = 0;
    try {
      while (!stopped) {
        boolean works = from.connect(to.address(ipv6), port, LIMIT).works();
        made = ++count;
        if (works) answered = ++good;
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    } catch (LabException e) {
      failure = Optional.of(e);
    }
  }

  void stop() {
    stopped = true;
    try {
      thread.join(Duration.ofSeconds(10));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Ends it.
  ///
  /// @return what came of it, for people
  /// @throws LabException when a packet was in clear, or nothing was ever answered
  String judge() throws LabException {
    stop();
    if (failure.isPresent()) throw failure.get();
    for (List<Packet> seen :
        List.of(from.seen(to, ipv6, sinceFrom), to.seen(from, ipv6, sinceTo))) {
      List<Packet> clear = seen.stream().filter(p -> p.kind() == Packet.Kind.CLEAR).toList();
      if (!clear.isEmpty()) {
        throw new LabException(
            clear.size() + " packets in clear, the first: " + clear.getFirst().line());
      }
    }
    String text = answered + " of " + made + " connections answered, no packet in clear";
    if (answered == 0) throw new LabException(text + "; expected some to be answered");
    return text;
  }
}
