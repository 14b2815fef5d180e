package dev.reeve.scenarios.verbs;

import dev.reeve.cli.lab.LabException;
import dev.reeve.cli.lab.LabHost;

/// `publish HOST:PORT -> CONTAINER:PORT`: a container behind the host, its port published by DNAT
/// in a table that is not ours
record PublishStep(Words.Endpoint host, Words.Endpoint container) implements Step {

  static Step parse(Words words) throws StepException {
    Words.Endpoint host = words.endpoint();
    words.literal("->");
    return new PublishStep(host, words.endpoint());
  }

  @Override
  public boolean needsPackets() {
    return true;
  }

  @Override
  public void run(Stage stage) throws LabException {
    LabHost at = stage.lab().host(host.host());
    at.publish(container.host(), host.port(), container.port());
  }
}
