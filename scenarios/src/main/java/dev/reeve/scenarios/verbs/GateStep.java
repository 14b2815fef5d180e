package dev.reeve.scenarios.verbs;

import dev.reeve.cli.lab.LabException;
import dev.reeve.cli.lab.LabHost;

/// `gate HOST off`: its agent is started anew with an nft that leaves Reeve's table without effect:
/// charon and the kernel's policies hold alone; `gate HOST on`: with the machine's own again
record GateStep(String host, boolean on) implements Step {

  static Step parse(Words words) throws StepException {
    return new GateStep(words.host(), words.oneOf("on", "off").equals("on"));
  }

  @Override
  public boolean needsPackets() {
    return true;
  }

  @Override
  public void run(Stage stage) throws LabException {
    LabHost at = stage.lab().host(host);
    at.stopAgent();
    at.gate(on);
    at.startAgent();
  }
}
