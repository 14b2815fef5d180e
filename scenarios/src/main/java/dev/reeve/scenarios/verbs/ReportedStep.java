package dev.reeve.scenarios.verbs;

import dev.reeve.cli.lab.Await;
import dev.reeve.cli.lab.LabDirectory;
import dev.reeve.cli.lab.LabException;
import java.time.Duration;

/// `reported HOST "TEXT" [within S]`: the text stands in the last report of the host, as the server
/// has it, in JSON without quotation marks
record ReportedStep(String host, String text, Duration within) implements Step {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  static Step parse(Words words) throws StepException {
    return new ReportedStep(
        words.host(), words.next("a text"), words.maybeWithin().orElse(PATIENCE));
  }

  @Override
  public void run(Stage stage) throws LabException {
    String computer;
    try (LabDirectory directory = stage.lab().server().directory()) {
      computer = directory.computer(host);
    }
    Await.until(
        "the server to know of " + host + ": " + text,
        within,
        () -> stage.lab().server().log(computer).replace("\"", "").contains(text));
  }
}
