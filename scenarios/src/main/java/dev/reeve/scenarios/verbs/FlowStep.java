package dev.reeve.scenarios.verbs;

import dev.reeve.cli.lab.LabException;

/// `flow HOST -> HOST:PORT [ipv6] start`: connects again and again, until `flow HOST -> HOST:PORT
/// [ipv6] was never clear`: some were answered, and no packet of any was in clear
record FlowStep(String from, Words.Endpoint to, boolean ipv6, boolean start) implements Step {

  static Step parse(Words words) throws StepException {
    String from = words.host();
    words.literal("->");
    Words.Endpoint to = words.endpoint();
    boolean ipv6 = words.maybe("ipv6");
    boolean start = words.oneOf("start", "was").equals("start");
    if (!start) {
      words.literal("never");
      words.literal("clear");
    }
    return new FlowStep(from, to, ipv6, start);
  }

  @Override
  public boolean needsPackets() {
    return true;
  }

  @Override
  public void run(Stage stage) throws LabException {
    String name = from + " -> " + to + (ipv6 ? " ipv6" : "");
    if (start) {
      stage.startFlow(
          name, Flow.start(stage.lab().end(from), stage.lab().end(to.host()), to.port(), ipv6));
    } else {
      stage.note(stage.endFlow(name));
    }
  }
}
