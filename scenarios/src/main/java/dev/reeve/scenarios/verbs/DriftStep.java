package dev.reeve.scenarios.verbs;

import dev.reeve.cli.lab.Command;
import dev.reeve.cli.lab.LabException;
import java.util.List;

/// `drift HOST`: somebody removes the gate's table behind the agent's back
record DriftStep(String host) implements Step {

  static Step parse(Words words) throws StepException {
    return new DriftStep(words.host());
  }

  @Override
  public boolean needsPackets() {
    return true;
  }

  @Override
  public void run(Stage stage) throws LabException {
    Command.Output output =
        stage.lab().host(host).in(List.of("nft", "delete", "table", "inet", "reeve"));
    if (!output.succeeded()) throw new LabException("nft: " + output.said());
  }
}
