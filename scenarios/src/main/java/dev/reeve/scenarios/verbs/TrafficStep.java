package dev.reeve.scenarios.verbs;

import dev.reeve.cli.lab.LabException;
import dev.reeve.cli.lab.LabHost;
import dev.reeve.cli.lab.WireTap.Packet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// `traffic HOST -> HOST start`, and at its end `traffic HOST -> HOST was only "PORT…"`: a capture
/// at the target has clear packets to each of these ports from the other host, and to no other
record TrafficStep(String from, String to, boolean start, List<String> ports) implements Step {

  static Step parse(Words words) throws StepException {
    String from = words.host();
    words.literal("->");
    String to = words.host();
    boolean start = words.oneOf("start", "was").equals("start");
    if (start) return new TrafficStep(from, to, true, List.of());
    words.literal("only");
    String ports = words.next("ports").strip();
    return new TrafficStep(
        from, to, false, ports.equals("nothing") ? List.of() : List.of(ports.split("\\s+")));
  }

  @Override
  public boolean needsPackets() {
    return true;
  }

  @Override
  public void run(Stage stage) throws LabException {
    LabHost sender = stage.lab().host(from);
    LabHost target = stage.lab().host(to);
    String name = from + " -> " + to;
    if (start) {
      stage.startTraffic(name, target.look());
      return;
    }
    Set<String> seen = new TreeSet<>();
    for (Packet packet : target.seen(sender, stage.endTraffic(name))) {
      boolean theirs = packet.kind() == Packet.Kind.CLEAR || packet.kind() == Packet.Kind.ICMP;
      if (theirs && packet.from().equals(sender.spec().address())) seen.add(port(packet));
    }
    stage.note("in clear to " + seen);
    if (!seen.equals(new TreeSet<>(ports))) {
      throw new LabException("in clear to " + seen + ", expected " + new TreeSet<>(ports));
    }
  }

  /// `53` out of `IP 10.77.10.11.40000 > 10.77.10.31.53: …`; `icmp` has none.
  private static String port(Packet packet) {
    if (packet.kind() == Packet.Kind.ICMP) return "icmp";
    String to = packet.line().split(" ", 5)[3];
    return to.substring(to.lastIndexOf('.') + 1, to.length() - 1);
  }
}
