package dev.reeve.scenarios.verbs;

import dev.reeve.cli.lab.Command;
import dev.reeve.cli.lab.LabException;
import dev.reeve.cli.lab.LabHost;
import java.util.List;

/// `static HOST does FILE`: the commands of the file, by `reeve ipsec static exec`
record StaticStep(String host, String file) implements Step {

  static Step parse(Words words) throws StepException {
    String host = words.host();
    words.literal("does");
    return new StaticStep(host, words.next("a file"));
  }

  @Override
  public void run(Stage stage) throws LabException {
    LabHost at = stage.lab().host(host);
    Command.Output output =
        at.reeve(
            List.of(
                "ipsec",
                "static",
                "exec",
                stage.path(file).toString(),
                "--state",
                at.state().toString()));
    stage.note(output.said());
    if (!output.succeeded()) {
      throw new LabException("ipsec static exits " + output.exit() + ": " + output.said());
    }
  }
}
