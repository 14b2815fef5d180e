package dev.reeve.scenarios.verbs;

import dev.reeve.cli.lab.Command;
import dev.reeve.cli.lab.LabException;
import dev.reeve.cli.lab.LabHost;
import java.nio.file.Path;
import java.util.List;

/// `store HOST local|persistent FILE`: a policy, as `reeve ipsec export` writes it, into that store
/// of the host
record StoreStep(String host, String store, String file) implements Step {

  static Step parse(Words words) throws StepException {
    return new StoreStep(words.host(), words.oneOf("local", "persistent"), words.next("a file"));
  }

  @Override
  public void run(Stage stage) throws LabException {
    LabHost at = stage.lab().host(host);
    Path policy = stage.path(file);
    Command.Output output =
        at.reeve(
            List.of(
                "ipsec",
                "import",
                policy.toString(),
                "--store",
                store,
                "--state",
                at.state().toString()));
    stage.note(output.said());
    if (!output.succeeded()) {
      throw new LabException("import exits " + output.exit() + " and says: " + output.said());
    }
  }
}
