package dev.reeve.scenarios.verbs;

import dev.reeve.cli.lab.Await;
import dev.reeve.cli.lab.LabDirectory;
import dev.reeve.cli.lab.LabException;
import java.time.Duration;
import java.util.List;

/// `reported HOST "TEXT" [within S]`: the text stands in the last report of the host, as the server
/// has it, in JSON without quotation marks, a line for each object; `reported HOST matches FILE
/// [within S]`: so does every line of the file
record ReportedStep(String host, boolean isFile, String text, Duration within) implements Step {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  static Step parse(Words words) throws StepException {
    String host = words.host();
    boolean isFile = words.maybe("matches");
    String text = words.next(isFile ? "a file" : "a text");
    return new ReportedStep(host, isFile, text, words.maybeWithin().orElse(PATIENCE));
  }

  @Override
  public void run(Stage stage) throws LabException {
    String computer;
    try (LabDirectory directory = stage.lab().server().directory()) {
      computer = directory.computer(host);
    }
    List<Passage> wanted = isFile ? Passage.lines(stage.read(text)) : List.of(new Passage(text));
    Await.until(
        "the server to know of " + host + ": " + text,
        within,
        () -> {
          String log = stage.lab().server().log(computer).replace("\"", "").replace("{", "\n{");
          return Passage.missing(wanted, log).isEmpty();
        });
  }
}
