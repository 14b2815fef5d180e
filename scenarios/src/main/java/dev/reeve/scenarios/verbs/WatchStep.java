package dev.reeve.scenarios.verbs;

import dev.reeve.cli.lab.LabException;
import java.util.List;

/// `watch HOST start`, later `watch HOST saw N policies`: how many different ones, in all that time
sealed interface WatchStep extends Step {

  static Step parse(Words words) throws StepException {
    String host = words.host();
    if (words.oneOf("start", "saw").equals("start")) return new Start(host);
    int number = words.number("a number", 1, 1000);
    words.literal("policies");
    return new Saw(host, number);
  }

  record Start(String host) implements WatchStep {
    @Override
    public void run(Stage stage) throws LabException {
      stage.startWatch(host);
    }
  }

  record Saw(String host, int number) implements WatchStep {
    @Override
    public void run(Stage stage) throws LabException {
      List<String> seen = stage.watch(host).seen();
      if (seen.size() != number) {
        throw new LabException(
            host
                + " had "
                + seen.size()
                + " policies one after another: "
                + String.join(" | ", seen));
      }
    }
  }
}
