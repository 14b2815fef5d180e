package dev.reeve.scenarios.verbs;

import dev.reeve.cli.lab.Command;
import dev.reeve.cli.lab.LabException;
import dev.reeve.cli.lab.LabHost;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `diag HOST [peer HOST] works|fails ["TEXT"]`: `reeve diag` exits 0 or 1, and says that
record DiagStep(String host, Optional<String> peer, boolean works, Optional<String> text)
    implements Step {

  static Step parse(Words words) throws StepException {
    String host = words.host();
    Optional<String> peer = words.maybe("peer") ? Optional.of(words.host()) : Optional.empty();
    boolean works = words.oneOf("works", "fails").equals("works");
    return new DiagStep(
        host, peer, works, words.atEnd() ? Optional.empty() : Optional.of(words.next("a text")));
  }

  @Override
  public boolean needsPackets() {
    return true;
  }

  @Override
  public void run(Stage stage) throws LabException {
    LabHost at = stage.lab().host(host);
    var line =
        new ArrayList<>(
            List.of("diag", "--state", at.state().toString(), "--run", at.run().toString()));
    if (peer.isPresent())
      line.addAll(List.of("--peer", stage.lab().host(peer.get()).spec().address()));
    Command.Output output = at.reeve(line);
    stage.note(output.out());
    if (output.exit() != (works ? 0 : 1))
      throw new LabException(
          "diag exits " + output.exit() + " and says: " + output.out() + output.err());
    String said = output.out().replaceAll("\\s+", " ");
    if (text.filter(wanted -> !said.contains(wanted)).isPresent())
      throw new LabException("diag does not say '" + text.get() + "' but: " + said);
  }
}
