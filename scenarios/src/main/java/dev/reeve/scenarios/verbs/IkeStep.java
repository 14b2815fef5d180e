package dev.reeve.scenarios.verbs;

import dev.reeve.cli.lab.LabException;
import dev.reeve.cli.lab.LabHost;
import java.time.Duration;

/// `ike HOST kill`: SIGKILL for its charon; `ike HOST runs [within S]`: there is one that answers;
/// `ike HOST renews [within S]`: its associations have new keys; `ike HOST forget`: its
/// associations end, on both sides; `ike HOST loads PLUGIN`: that one too, whatever its agent tells
/// the charon that it starts
record IkeStep(String host, String what, String plugin, Duration within) implements Step {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  static Step parse(Words words) throws StepException {
    String host = words.host();
    String what = words.oneOf("kill", "runs", "renews", "forget", "loads");
    String plugin = what.equals("loads") ? words.next("a plug-in") : "";
    boolean waits = what.equals("runs") || what.equals("renews");
    Duration within = waits ? words.maybeWithin().orElse(PATIENCE) : PATIENCE;
    return new IkeStep(host, what, plugin, within);
  }

  @Override
  public boolean needsPackets() {
    return true;
  }

  @Override
  public void run(Stage stage) throws LabException {
    LabHost at = stage.lab().host(host);
    switch (what) {
      case "kill" -> at.killIke();
      case "runs" -> at.awaitIke(within);
      case "renews" -> at.awaitNewKeys(within);
      case "forget" -> at.forgetAssociations();
      case "loads" -> at.ikeLoads(plugin);
      default -> throw new IllegalStateException(what);
    }
  }
}
