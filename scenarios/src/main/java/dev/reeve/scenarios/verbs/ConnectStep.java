package dev.reeve.scenarios.verbs;

import dev.reeve.cli.lab.LabException;
import dev.reeve.cli.lab.LabHost;
import dev.reeve.cli.lab.Reach;
import java.time.Duration;
import java.util.Optional;

/// `connect HOST -> HOST:PORT [ipv6] [from PORT] works [by NAME]|blocked [within S]`: one TCP
/// connection, now; with `within`, one after another until one is like that
///
/// Blocked means that no answer came: a host that refuses has received the packet.
record ConnectStep(
    String from,
    Words.Endpoint to,
    boolean ipv6,
    int fromPort,
    boolean works,
    Optional<String> by,
    Optional<Duration> within)
    implements Step {

  private static final Duration PATIENCE = Duration.ofSeconds(15); // TCP has asked four times
  private static final Duration LONG_ENOUGH = Duration.ofMillis(1500);

  static Step parse(Words words) throws StepException {
    String from = words.host();
    words.literal("->");
    Words.Endpoint to = words.endpoint();
    boolean ipv6 = words.maybe("ipv6");
    int fromPort = words.maybe("from") ? words.number("a port", 1, 65535) : 0;
    boolean works = words.oneOf("works", "blocked").equals("works");
    Optional<String> by = works && words.maybe("by") ? Optional.of(words.host()) : Optional.empty();
    return new ConnectStep(from, to, ipv6, fromPort, works, by, words.maybeWithin());
  }

  @Override
  public boolean needsPackets() {
    return true;
  }

  @Override
  public void run(Stage stage) throws LabException {
    LabHost target = stage.lab().host(to.host());
    String address = target.spec().address(ipv6);
    long end = System.nanoTime() + within.orElse(Duration.ZERO).toNanos();
    while (true) {
      Reach reach =
          stage
              .lab()
              .host(from)
              .connect(address, to.port(), works ? PATIENCE : LONG_ENOUGH, fromPort);
      stage.note(reach.toText());
      boolean asWished =
          works
              ? reach.equals(new Reach.Open(by.orElse(to.host())))
              : reach instanceof Reach.TimedOut;
      if (asWished) return;
      if (System.nanoTime() >= end) {
        throw new LabException(
            reach.toText()
                + ", expected "
                + (works ? "an answer by " + by.orElse(to.host()) : "no answer"));
      }
    }
  }
}
