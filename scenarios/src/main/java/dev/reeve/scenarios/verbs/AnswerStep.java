package dev.reeve.scenarios.verbs;

import dev.reeve.cli.lab.LabException;

/// `answer HOST:PORT`: something answers there to UDP packets with the host's name
record AnswerStep(Words.Endpoint at) implements Step {

  static Step parse(Words words) throws StepException {
    return new AnswerStep(words.endpoint());
  }

  @Override
  public boolean needsPackets() {
    return true;
  }

  @Override
  public void run(Stage stage) throws LabException {
    stage.lab().host(at.host()).answer(at.port());
  }
}
