package dev.reeve.scenarios.verbs;

import dev.reeve.cli.lab.Command;
import dev.reeve.cli.lab.LabException;
import java.util.List;

/// `drift HOST table|policies`: somebody removes the gate's table, or all policies of the kernel,
/// behind the agent's back
record DriftStep(String host, List<String> removal) implements Step {

  static Step parse(Words words) throws StepException {
    String host = words.host();
    return new DriftStep(
        host,
        words.oneOf("table", "policies").equals("table")
            ? List.of("nft", "delete", "table", "inet", "reeve")
            : List.of("ip", "xfrm", "policy", "flush"));
  }

  @Override
  public boolean needsPackets() {
    return true;
  }

  @Override
  public void run(Stage stage) throws LabException {
    Command.Output output = stage.lab().host(host).in(removal);
    if (!output.succeeded()) throw new LabException(removal + ": " + output.said());
  }
}
