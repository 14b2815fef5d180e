package dev.reeve.scenarios.verbs;

import dev.reeve.cli.lab.LabException;

/// `listen HOST:PORT`: answers TCP with the host's name, on IPv4 and IPv6
record ListenStep(Words.Endpoint at) implements Step {

  static Step parse(Words words) throws StepException {
    return new ListenStep(words.endpoint());
  }

  @Override
  public boolean needsPackets() {
    return true;
  }

  @Override
  public void run(Stage stage) throws LabException {
    stage.lab().host(at.host()).listen(at.port());
  }
}
