package dev.reeve.scenarios.verbs;

import dev.reeve.cli.lab.LabException;
import java.util.ArrayList;
import java.util.List;

/// `ip HOST "WORDS"`: the command `ip`, as the administrator of that host gives it, or of the
/// router `nat`
record IpStep(String host, List<String> words) implements Step {

  static Step parse(Words words) throws StepException {
    String host = words.host();
    return new IpStep(host, List.of(words.next("the words behind ip").split(" ")));
  }

  @Override
  public boolean needsPackets() {
    return true;
  }

  @Override
  public void run(Stage stage) throws LabException {
    var command = new ArrayList<>(List.of("ip"));
    command.addAll(words);
    String said = stage.lab().namespace(host).must(command.toArray(String[]::new));
    if (!said.isBlank()) stage.note(said.strip());
  }
}
