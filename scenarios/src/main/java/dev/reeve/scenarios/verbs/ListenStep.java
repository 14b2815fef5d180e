package dev.reeve.scenarios.verbs;

import dev.reeve.cli.lab.LabException;

/// `listen HOST:PORT`: answers TCP with the host's name, on IPv4 and IPv6; `listen HOST:PORT echo`:
/// says each line again; `listen HOST:PORT udp`: takes a flood's packets, and answers nothing
record ListenStep(Words.Endpoint at, String how) implements Step {

  static Step parse(Words words) throws StepException {
    Words.Endpoint at = words.endpoint();
    return new ListenStep(at, words.atEnd() ? "greet" : words.oneOf("echo", "udp"));
  }

  @Override
  public boolean needsPackets() {
    return true;
  }

  @Override
  public void run(Stage stage) throws LabException {
    switch (how) {
      case "greet" -> stage.lab().host(at.host()).listen(at.port());
      case "echo" -> stage.lab().end(at.host()).echo(at.port());
      case "udp" -> stage.lab().host(at.host()).catchFloods(at.port());
      default -> throw new IllegalStateException(how);
    }
  }
}
