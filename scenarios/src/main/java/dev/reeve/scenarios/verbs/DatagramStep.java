package dev.reeve.scenarios.verbs;

import dev.reeve.cli.lab.LabException;
import dev.reeve.cli.lab.Reach;
import java.time.Duration;

/// `datagram HOST -> HOST:PORT [from PORT] answered|unanswered`: one UDP packet; three are tried
/// before it is unanswered, for the first may have gone for other reasons
record DatagramStep(String from, Words.Endpoint to, int fromPort, boolean answered)
    implements Step {

  private static final int TRIES = 3;
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration LONG_ENOUGH = Duration.ofMillis(500);

  static Step parse(Words words) throws StepException {
    String from = words.host();
    words.literal("->");
    Words.Endpoint to = words.endpoint();
    int fromPort = words.maybe("from") ? words.number("a port", 1, 65535) : 0;
    return new DatagramStep(
        from, to, fromPort, words.oneOf("answered", "unanswered").equals("answered"));
  }

  @Override
  public boolean needsPackets() {
    return true;
  }

  @Override
  public void run(Stage stage) throws LabException {
    String address = stage.lab().host(to.host()).address(false);
    Reach reach = Reach.TimedOut.TIMED_OUT;
    for (int i = 0; i < TRIES && !reach.works(); i++) {
      reach =
          stage
              .lab()
              .host(from)
              .datagram(address, to.port(), answered ? PATIENCE : LONG_ENOUGH, fromPort);
    }
    stage.note(reach.toText());
    boolean asWished =
        answered ? reach.equals(new Reach.Open(to.host())) : reach instanceof Reach.TimedOut;
    if (!asWished) {
      throw new LabException(
          reach.toText() + ", expected " + (answered ? "an answer by " + to.host() : "none"));
    }
  }
}
