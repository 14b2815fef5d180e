package dev.reeve.scenarios.verbs;

import dev.reeve.cli.lab.LabException;
import dev.reeve.cli.lab.LabHost;
import dev.reeve.cli.lab.WireTap.Packet;
import java.util.List;
import java.util.Set;

/// `flood HOST -> HOST:PORT start`: 1000 UDP packets a second, with the links of both looked at;
/// ended by `was [never] answered` or `[never] arrived`; `flood HOST -> HOST:PORT start counted`:
/// counted by the program at the port, and looked for in clear; ended by `was secured` or `was in
/// clear`; `start counted unseen`: counted alone; ended by `was [never] taken`; `of at least COUNT`
/// behind what is counted says how many packets have to be sent
///
/// An answer is a datagram back, or an error: it tells that the packet got to where nobody listens.
record FloodStep(String from, Words.Endpoint to, Asks asks, boolean never, Words.Count least)
    implements Step {

  private static final int PER_SECOND = 1000;

  /// Of those outside of kill windows, so many of a hundred have to arrive.
  private static final int SHARE = 99;

  private static final Words.Count SOME = new Words.Count(1, 1);

  enum Asks {
    START,
    START_COUNTED,
    START_UNSEEN,
    /// Looked at where the flood comes from.
    ANSWERED,
    /// In clear, on the link of where it goes.
    ARRIVED,
    /// By the program that it is for.
    TAKEN,
    SECURED,
    /// Some of it.
    CLEAR
  }

  static Step parse(Words words) throws StepException {
    String from = words.host();
    words.literal("->");
    Words.Endpoint to = words.endpoint();
    String next = words.oneOf("start", "was", "never", "arrived");
    if (next.equals("start")) {
      boolean counted = words.maybe("counted");
      Asks start = counted ? Asks.START_COUNTED : Asks.START;
      if (counted && words.maybe("unseen")) start = Asks.START_UNSEEN;
      return new FloodStep(from, to, start, false, SOME);
    }
    if (next.equals("arrived")) return new FloodStep(from, to, Asks.ARRIVED, false, SOME);
    if (next.equals("never")) {
      words.literal("arrived");
      return new FloodStep(from, to, Asks.ARRIVED, true, SOME);
    }
    if (words.maybe("secured")) {
      return new FloodStep(from, to, Asks.SECURED, false, least(words));
    }
    if (words.maybe("in")) {
      words.literal("clear");
      return new FloodStep(from, to, Asks.CLEAR, false, SOME);
    }
    boolean never = words.maybe("never");
    Asks asks = words.oneOf("answered", "taken").equals("taken") ? Asks.TAKEN : Asks.ANSWERED;
    Words.Count least = asks == Asks.TAKEN ? least(words) : SOME;
    return new FloodStep(from, to, asks, never, least);
  }

  private static Words.Count least(Words words) throws StepException {
    if (!words.maybe("of")) return SOME;
    words.literal("at");
    words.literal("least");
    return words.count("how many packets");
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
    switch (asks) {
      case START -> stage.startFlood(name, Flood.start(sender, target, to.port(), PER_SECOND));
      case START_COUNTED ->
          stage.startFlood(name, Flood.counted(sender, target, to.port(), PER_SECOND));
      case START_UNSEEN ->
          stage.startFlood(name, Flood.unseen(sender, target, to.port(), PER_SECOND));
      case SECURED -> secured(stage, stage.endFlood(name));
      case CLEAR -> clear(stage, stage.endFlood(name));
      case TAKEN -> taken(stage, stage.endFlood(name));
      case ANSWERED, ARRIVED -> judge(stage, stage.endFlood(name));
    }
  }

  private void secured(Stage stage, Flood flood) throws LabException {
    Flood.Count count = flood.count();
    stage.note(count.toText());
    requireSent(stage, count);
    Set<Packet> clear = flood.clear();
    if (!clear.isEmpty()) {
      throw new LabException(
          "packets in clear, the first: " + clear.iterator().next().line() + "; " + count.toText());
    }
    if (!count.mostCount()) {
      throw new LabException(count.toText() + ", expected windows of less than half of them");
    }
    if (count.arrived() * 100 < count.counted() * SHARE) {
      throw new LabException(count.toText() + ", expected " + SHARE + " % at least");
    }
  }

  /// A flood that the machine had no time to send is none.
  private void requireSent(Stage stage, Flood.Count count) throws LabException {
    if (count.total() < stage.count(least) || least != SOME && count.perSecond() < PER_SECOND / 2) {
      throw new LabException(
          "%s; expected %,d at least, and %,d a second"
              .formatted(count.toText(), stage.count(least), PER_SECOND / 2));
    }
  }

  private static void clear(Stage stage, Flood flood) throws LabException {
    Flood.Count count = flood.count();
    Set<Packet> clear = flood.clear();
    stage.note(count.toText() + "; in clear: " + clear);
    if (clear.isEmpty()) throw new LabException("no packet was in clear; expected some");
  }

  private void taken(Stage stage, Flood flood) throws LabException {
    Flood.Count count = flood.count();
    long got = flood.caught(1, count.total()).count();
    String text = "%,d packets sent, %,d taken".formatted(count.total(), got);
    stage.note(text);
    requireSent(stage, count);
    if (got > 0 == never) {
      throw new LabException(text + ", expected " + (never ? "none" : "some"));
    }
  }

  private void judge(Stage stage, Flood flood) throws LabException {
    long taken = flood.sender().calm().taken();
    List<Packet> seen = asks == Asks.ANSWERED ? flood.seenAtSender() : flood.seenAtTarget();
    String sign = "." + to.port() + ": UDP";
    long there = seen.stream().filter(packet -> packet.line().contains(sign)).count();
    long back =
        seen.stream()
            .filter(packet -> packet.from().equals(flood.target().spec().address()))
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
