package dev.reeve.scenarios.verbs;

import dev.reeve.cli.lab.LabException;

/// `file HOST PATH "TEXT"`: for the host's processes that are started from now on, the file, which
/// this machine has too, holds this text
record FileStep(String host, String path, String text) implements Step {

  static Step parse(Words words) throws StepException {
    return new FileStep(words.host(), words.next("a path"), words.next("a text"));
  }

  @Override
  public boolean needsPackets() {
    return true;
  }

  @Override
  public void run(Stage stage) throws LabException {
    stage.lab().host(host).file(path, text + "\n");
  }
}
