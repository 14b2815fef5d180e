package dev.reeve.scenarios.verbs;

import dev.reeve.cli.lab.Command;
import dev.reeve.cli.lab.LabException;
import dev.reeve.cli.lab.LabHost;
import java.util.List;

/// `gpupdate HOST works|fails`: the command, waiting 20 s for its result
record GpupdateStep(String host, boolean works) implements Step {

  static Step parse(Words words) throws StepException {
    return new GpupdateStep(words.host(), words.oneOf("works", "fails").equals("works"));
  }

  @Override
  public void run(Stage stage) throws LabException {
    LabHost at = stage.lab().host(host);
    Command.Output output =
        at.reeve(List.of("gpupdate", "--run", at.run().toString(), "--wait", "20"));
    stage.note(output.said());
    if (output.succeeded() != works) {
      throw new LabException("gpupdate exits " + output.exit() + " and says: " + output.said());
    }
  }
}
