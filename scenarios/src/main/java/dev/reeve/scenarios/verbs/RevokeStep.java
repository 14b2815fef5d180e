package dev.reeve.scenarios.verbs;

import dev.reeve.cli.lab.LabDirectory;
import dev.reeve.cli.lab.LabException;

/// `revoke HOST`: `reeve host revoke` for the computer it joined as
record RevokeStep(String host) implements Step {

  static Step parse(Words words) throws StepException {
    return new RevokeStep(words.host());
  }

  @Override
  public void run(Stage stage) throws LabException {
    try (LabDirectory directory = stage.lab().server().directory()) {
      stage.note(stage.lab().server().revoke(directory.computer(host)));
    }
  }
}
