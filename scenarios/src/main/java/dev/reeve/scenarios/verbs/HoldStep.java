package dev.reeve.scenarios.verbs;

import dev.reeve.cli.lab.Await;
import dev.reeve.cli.lab.HostSpec;
import dev.reeve.cli.lab.LabException;
import dev.reeve.cli.lab.LabHost;
import java.time.Duration;

/// `hold HOST -> HOST:PORT [ipv6] start`: one TCP connection to a port that echoes, a line every
/// 100 ms from now on; `hold HOST -> HOST:PORT [ipv6] lives`: it never broke, and lines still come
/// back
record HoldStep(String from, Words.Endpoint to, boolean ipv6, boolean start) implements Step {

  private static final Duration PATIENCE = Duration.ofSeconds(240);
  private static final int LINES = 3;

  static Step parse(Words words) throws StepException {
    String from = words.host();
    words.literal("->");
    Words.Endpoint to = words.endpoint();
    boolean ipv6 = words.maybe("ipv6");
    return new HoldStep(from, to, ipv6, words.oneOf("start", "lives").equals("start"));
  }

  @Override
  public boolean needsPackets() {
    return true;
  }

  @Override
  public void run(Stage stage) throws LabException {
    LabHost host = stage.lab().host(from);
    if (start) {
      HostSpec target = stage.lab().host(to.host()).spec();
      host.hold(target.address(ipv6), to.port());
      stage.startHold(host);
    }
    stage.note(lives(host) + " lines came back");
  }

  /// Waits until more lines have come back than now.
  ///
  /// @return how many
  static long lives(LabHost host) throws LabException {
    long before = host.held();
    Await.until(
        "a line to come back on the connection that " + host.name() + " holds",
        PATIENCE,
        () -> host.held() >= before + LINES);
    return host.held();
  }
}
