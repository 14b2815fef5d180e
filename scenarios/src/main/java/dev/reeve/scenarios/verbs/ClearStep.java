package dev.reeve.scenarios.verbs;

import dev.reeve.cli.lab.LabException;
import dev.reeve.cli.lab.LabHost;
import dev.reeve.cli.lab.WireTap.Packet;
import java.util.List;
import java.util.Set;

/// `clear HOST start`: what leaves the host in clear is looked at from now on; `clear HOST is
/// exempt`: every such packet was one that `ipsec dynamic show config` lists as exempt
record ClearStep(String host, boolean start) implements Step {

  static Step parse(Words words) throws StepException {
    String host = words.host();
    boolean start = words.oneOf("start", "is").equals("start");
    if (!start) words.literal("exempt");
    return new ClearStep(host, start);
  }

  @Override
  public boolean needsPackets() {
    return true;
  }

  @Override
  public void run(Stage stage) throws LabException {
    LabHost at = stage.lab().host(host);
    if (start) {
      var own =
          at.spec().addresses().stream().map(a -> "src host " + a.substring(0, a.indexOf('/')));
      stage.startClear(host, at.lookForClear(String.join(" or ", own.toList())));
      return;
    }
    List<Exempt> exempt = DynamicStep.exempt(at);
    Set<Packet> left = at.kinds(stage.endClear(host));
    List<Packet> others =
        left.stream()
            .filter(packet -> exempt.stream().noneMatch(one -> one.covers(packet)))
            .toList();
    if (left.isEmpty()) throw new LabException("nothing left in clear: the check says nothing");
    stage.note(left.size() + " kinds of packets left in clear; exempt are " + exempt);
    if (!others.isEmpty()) {
      throw new LabException(
          others.size()
              + " kinds of packets left in clear that are not listed as exempt, the first: "
              + others.getFirst().line());
    }
  }
}
