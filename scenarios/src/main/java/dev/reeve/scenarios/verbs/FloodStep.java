package dev.reeve.scenarios.verbs;

import dev.reeve.cli.lab.LabException;
import dev.reeve.cli.lab.LabHost;
import dev.reeve.cli.lab.WireTap.Packet;
import java.util.List;

/// `flood HOST -> HOST:PORT start`: 1000 UDP packets a second, with the link of the host that no
/// step starts anew looked at; ended by `was [never] answered` or `[never] arrived`
///
/// An answer is a datagram back, or an error: it tells that the packet got to where nobody listens.
record FloodStep(String from, Words.Endpoint to, Asks asks, boolean never) implements Step {

  private static final int PER_SECOND = 1000;

  enum Asks {
    START,
    /// Looked at where the flood comes from.
    ANSWERED,
    /// Looked at where it goes.
    ARRIVED
  }

  static Step parse(Words words) throws StepException {
    String from = words.host();
    words.literal("->");
    Words.Endpoint to = words.endpoint();
    String next = words.oneOf("start", "was", "never", "arrived");
    boolean never = next.equals("never") || next.equals("was") && words.maybe("never");
    if (next.equals("was")) words.literal("answered");
    if (next.equals("never")) words.literal("arrived");
    Asks asks =
        switch (next) {
          case "start" -> Asks.START;
          case "was" -> Asks.ANSWERED;
          default -> Asks.ARRIVED;
        };
    return new FloodStep(from, to, asks, never);
  }

  @Override
  public boolean needsPackets() {
    return true;
  }

  @Override
  public void run(Stage stage) throws LabException {
    LabHost sender = stage.lab().host(from);
    LabHost target = stage.lab().host(to.host());
    String name = from + " -> " + to;
    if (asks == Asks.START) {
      stage.startFlood(name, new Flood(sender.look(), target.look()));
      sender.flood(target, to.port(), PER_SECOND);
    } else {
      judge(stage, sender, target, stage.endFlood(name));
    }
  }

  /// Places in the captures of both to look back to.
  record Flood(int sinceSender, int sinceTarget) {}

  private void judge(Stage stage, LabHost sender, LabHost target, Flood since) throws LabException {
    long taken = sender.calm();
    List<Packet> seen =
        asks == Asks.ANSWERED
            ? sender.seen(target, since.sinceSender())
            : target.seen(sender, since.sinceTarget());
    String sign = "." + to.port() + ": UDP";
    long there = seen.stream().filter(packet -> packet.line().contains(sign)).count();
    long back =
        seen.stream()
            .filter(packet -> packet.from().equals(target.spec().address()))
            .filter(packet ->
                packet.kind() == Packet.Kind.ICMP || packet.line().contains("." + to.port() + " >"))
            .count();
    String text =
        asks == Asks.ANSWERED
            ? there + " packets sent, " + back + " answers"
            : taken + " packets taken by the kernel, " + there + " arrived";
    stage.note(text);
    if (asks == Asks.ANSWERED && there == 0) throw new LabException(text + "; expected a flood");
    boolean some = (asks == Asks.ANSWERED ? back : there) > 0;
    if (some == never) {
      throw new LabException(text + ", expected " + (never ? "none" : "some"));
    }
  }
}
