package dev.reeve.scenarios.verbs;

import dev.reeve.cli.lab.LabException;
import dev.reeve.cli.lab.LabHost;
import java.util.Optional;

/// `file HOST PATH "TEXT"|gone`: for the host's processes that are started from now on, the file,
/// which this machine has too, holds this text, or is not there
record FileStep(String host, String path, Optional<String> text) implements Step {

  static Step parse(Words words) throws StepException {
    String host = words.host();
    String path = words.next("a path");
    boolean gone = words.maybe("gone");
    return new FileStep(host, path, gone ? Optional.empty() : Optional.of(words.next("a text")));
  }

  @Override
  public boolean needsPackets() {
    return true;
  }

  @Override
  public void run(Stage stage) throws LabException {
    LabHost at = stage.lab().host(host);
    if (text.isPresent()) at.file(path, text.get() + "\n");
    else at.fileGone(path);
  }
}
