package dev.reeve.scenarios.verbs;

import dev.reeve.cli.lab.LabDirectory;
import dev.reeve.cli.lab.LabException;
import dev.reeve.cli.lab.LabHost;

/// `agent HOST join|start|stop|kill`; join = token, join, and start unless it runs
record AgentStep(String host, String what) implements Step {

  static Step parse(Words words) throws StepException {
    return new AgentStep(words.host(), words.oneOf("join", "start", "stop", "kill"));
  }

  @Override
  public void run(Stage stage) throws LabException {
    LabHost at = stage.lab().host(host);
    switch (what) {
      case "join" -> join(stage, at);
      case "start" -> at.startAgent();
      case "stop" -> at.stopAgent();
      case "kill" -> at.killAgent();
      default -> throw new IllegalStateException(what);
    }
  }

  private static void join(Stage stage, LabHost at) throws LabException {
    try (LabDirectory directory = stage.lab().server().directory()) {
      at.join(stage.lab().server().token(directory.computer(at.name())));
    }
    if (!at.agentRuns()) at.startAgent();
  }
}
