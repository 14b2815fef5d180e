package dev.reeve.scenarios.verbs;

import dev.reeve.cli.lab.LabException;
import dev.reeve.cli.lab.LabHost;

/// `answer HOST:PORT`: something answers there to UDP packets with the host's name; `answer
/// HOST:PORT heard nothing|something`: none got to it since this was last asked, whatever became of
/// the answer · some did
record AnswerStep(Words.Endpoint at, Asks asks) implements Step {

  enum Asks {
    START,
    NOTHING,
    SOMETHING
  }

  static Step parse(Words words) throws StepException {
    Words.Endpoint at = words.endpoint();
    if (!words.maybe("heard")) return new AnswerStep(at, Asks.START);
    boolean nothing = words.oneOf("nothing", "something").equals("nothing");
    return new AnswerStep(at, nothing ? Asks.NOTHING : Asks.SOMETHING);
  }

  @Override
  public boolean needsPackets() {
    return true;
  }

  @Override
  public void run(Stage stage) throws LabException {
    if (asks == Asks.START) {
      stage.lab().end(at.host()).answer(at.port());
      return;
    }
    LabHost host = stage.lab().host(at.host());
    long heard = host.heard(at.port());
    stage.note(heard + " packets got to it");
    if (heard > 0 != (asks == Asks.SOMETHING)) {
      throw new LabException(
          heard + " packets got to it, expected " + (asks == Asks.NOTHING ? "none" : "some"));
    }
  }
}
