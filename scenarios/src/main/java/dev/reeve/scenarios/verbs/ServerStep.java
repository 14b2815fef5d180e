package dev.reeve.scenarios.verbs;

import dev.reeve.cli.lab.LabException;
import dev.reeve.cli.lab.LabServer;

/// `server start|stop|kill|cut|mend`
record ServerStep(String what) implements Step {

  static Step parse(Words words) throws StepException {
    return new ServerStep(words.oneOf("start", "stop", "kill", "cut", "mend"));
  }

  @Override
  public void run(Stage stage) throws LabException {
    LabServer server = stage.lab().server();
    switch (what) {
      case "start" -> stage.note(server.start());
      case "stop" -> server.stop();
      case "kill" -> server.kill();
      case "cut" -> server.cut();
      case "mend" -> server.mend();
      default -> throw new IllegalStateException(what);
    }
  }
}
