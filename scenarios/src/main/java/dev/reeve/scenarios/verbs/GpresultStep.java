package dev.reeve.scenarios.verbs;

import dev.reeve.cli.lab.Command;
import dev.reeve.cli.lab.LabException;
import dev.reeve.cli.lab.LabHost;
import dev.reeve.model.json.JsonException;
import dev.reeve.model.json.JsonText;
import java.util.List;
import java.util.Optional;

/// `gpresult HOST matches FILE`: every member of the file is in the command's JSON
record GpresultStep(String host, String file) implements Step {

  static Step parse(Words words) throws StepException {
    String host = words.host();
    words.literal("matches");
    return new GpresultStep(host, words.next("a file"));
  }

  @Override
  public void run(Stage stage) throws LabException {
    LabHost at = stage.lab().host(host);
    Command.Output output =
        at.reeve(List.of("gpresult", "--run", at.run().toString(), "--output", "json"));
    if (!output.succeeded()) {
      throw new LabException("gpresult exits " + output.exit() + ": " + output.said());
    }
    try {
      Optional<String> difference =
          JsonMatch.difference(JsonText.parse(stage.read(file)), JsonText.parse(output.out()));
      if (difference.isPresent()) throw new LabException(difference.get());
    } catch (JsonException e) {
      throw new LabException("no JSON", e);
    }
  }
}
