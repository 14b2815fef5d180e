package dev.reeve.scenarios.verbs;

import dev.reeve.cli.lab.LabException;
import dev.reeve.cli.lab.LabHost;

/// `spoof HOST -> HOST start`: first messages of IKE from addresses that nobody has, 1,000 a
/// second; `spoof HOST -> HOST was met`: ends it
record SpoofStep(String from, String to, boolean start) implements Step {

  private static final int LEAST = 20_000;

  /// On a machine that is busy with something else: so many a second, and one of so many answered.
  private static final int LEAST_PER_SECOND = Spoof.PER_SECOND / 2;

  private static final int ANSWERED = 3;

  /// kB. What charon keeps for a listener who does not read is 300 bytes for each message and more.
  private static final long MOST_GROWN = 4096;

  static Step parse(Words words) throws StepException {
    String from = words.host();
    words.literal("->");
    String to = words.host();
    boolean start = words.oneOf("start", "was").equals("start");
    if (!start) words.literal("met");
    return new SpoofStep(from, to, start);
  }

  @Override
  public boolean needsPackets() {
    return true;
  }

  @Override
  public void run(Stage stage) throws LabException {
    String name = from + " -> " + to;
    LabHost target = stage.lab().host(to);
    if (start) {
      stage.startSpoof(name, Spoof.start(stage, stage.lab().host(from), target));
      return;
    }
    Spoof.Met met = stage.endSpoof(name).end();
    stage.note(met.toText());
    if (met.sent() < LEAST || met.perSecond() < LEAST_PER_SECOND)
      throw new LabException(
          met.toText() + "; expected %,d, %,d a second".formatted(LEAST, LEAST_PER_SECOND));
    for (Spoof.Part part : met.parts()) {
      if (part.cookies() < part.sent() / ANSWERED)
        throw new LabException(met.toText() + "; expected more cookies over " + part.name());
    }
    if (met.grown() > MOST_GROWN)
      throw new LabException(met.toText() + ", expected %,d kB at most".formatted(MOST_GROWN));
  }
}
