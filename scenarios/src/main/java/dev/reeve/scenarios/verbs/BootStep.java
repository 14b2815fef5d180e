package dev.reeve.scenarios.verbs;

import dev.reeve.cli.lab.LabException;

/// `boot HOST [without rules]`: the host is started anew, up to where its link is up; its agent is
/// started by a step of its own
record BootStep(String host, boolean rules) implements Step {

  static Step parse(Words words) throws StepException {
    String host = words.host();
    boolean rules = !words.maybe("without");
    if (!rules) words.literal("rules");
    return new BootStep(host, rules);
  }

  @Override
  public boolean needsPackets() {
    return true;
  }

  @Override
  public void run(Stage stage) throws LabException {
    stage.lab().host(host).boot(rules);
  }
}
