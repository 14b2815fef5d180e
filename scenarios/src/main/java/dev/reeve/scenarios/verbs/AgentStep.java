package dev.reeve.scenarios.verbs;

import dev.reeve.cli.lab.Await;
import dev.reeve.cli.lab.LabDirectory;
import dev.reeve.cli.lab.LabException;
import dev.reeve.cli.lab.LabHost;
import dev.reeve.cli.lab.LabProcess;
import java.time.Duration;

/// `agent HOST join|start|stop|kill`; join = token, join, and start unless it runs; `agent HOST
/// says "TEXT"`: since its start its log has that; `agent HOST refuses "TEXT"`: started without the
/// rights of root it ends at once, with that as its last word
record AgentStep(String host, String what, String text) implements Step {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  static Step parse(Words words) throws StepException {
    String host = words.host();
    String what = words.oneOf("join", "start", "stop", "kill", "says", "refuses");
    boolean speaks = what.equals("says") || what.equals("refuses");
    return new AgentStep(host, what, speaks ? words.next("a text") : "");
  }

  @Override
  public void run(Stage stage) throws LabException {
    LabHost at = stage.lab().host(host);
    switch (what) {
      case "join" -> join(stage, at);
      case "start" -> at.startAgent();
      case "stop" -> at.stopAgent();
      case "kill" -> at.killAgent();
      case "says" -> says(at);
      case "refuses" -> refuses(stage, at);
      default -> throw new IllegalStateException(what);
    }
  }

  private void says(LabHost at) throws LabException {
    LabProcess agent = at.agent().orElseThrow(() -> new LabException("no agent of " + host));
    Await.until(
        "the agent of " + host + " to say: " + text,
        PATIENCE,
        () -> agent.printed().contains(text));
  }

  private void refuses(Stage stage, LabHost at) throws LabException {
    String said = at.startWithoutRights();
    stage.note(said);
    if (!said.contains(text)) throw new LabException("it said: " + said + ", expected " + text);
  }

  private static void join(Stage stage, LabHost at) throws LabException {
    try (LabDirectory directory = stage.lab().server().directory()) {
      at.join(stage.lab().server().token(directory.computer(at.name())));
    }
    if (!at.agentRuns()) at.startAgent();
  }
}
