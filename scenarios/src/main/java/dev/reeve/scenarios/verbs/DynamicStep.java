package dev.reeve.scenarios.verbs;

import dev.reeve.cli.lab.Command;
import dev.reeve.cli.lab.LabException;
import dev.reeve.cli.lab.LabHost;
import dev.reeve.cli.lab.Reach;
import dev.reeve.cli.lab.WireTap.Packet;
import dev.reeve.model.json.JsonMembers;
import dev.reeve.model.json.JsonText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `dynamic HOST does "WORDS"`: `reeve ipsec dynamic WORDS`, which works; `dynamic HOST shows PART
/// "TEXT" [within S]`: the text is in what it shows, or with `lacks` is not; `dynamic HOST matches
/// PART FILE [within S]`: so is every line of the file; `dynamic HOST knows HOST:PORT`: after a
/// connection, what it shows is what a capture at the host called has
record DynamicStep(String host, What what) implements Step {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final long PAUSE_NANOS = 500_000_000;
  private static final Pattern SPI = Pattern.compile("spi=0x([0-9a-f]{8})");

  sealed interface What {
    record Does(String words) implements What {}

    record Shows(String part, String text, Duration within) implements What {}

    record Lacks(String part, String text, Duration within) implements What {}

    record Matches(String part, String file, Duration within) implements What {}

    record Knows(Words.Endpoint to) implements What {}
  }

  static Step parse(Words words) throws StepException {
    String host = words.host();
    return new DynamicStep(
        host,
        switch (words.oneOf("does", "shows", "lacks", "matches", "knows")) {
          case "does" -> new What.Does(words.next("the words behind ipsec dynamic"));
          case "shows" -> new What.Shows(part(words), words.next("a text"), within(words));
          case "lacks" -> new What.Lacks(part(words), words.next("a text"), within(words));
          case "matches" -> new What.Matches(part(words), words.next("a file"), within(words));
          default -> new What.Knows(words.endpoint());
        });
  }

  private static String part(Words words) throws StepException {
    return words.next("a part");
  }

  private static Duration within(Words words) throws StepException {
    return words.maybeWithin().orElse(PATIENCE);
  }

  @Override
  public boolean needsPackets() {
    return true;
  }

  @Override
  public void run(Stage stage) throws LabException {
    LabHost at = stage.lab().host(host);
    switch (what) {
      case What.Does(var words) -> stage.note(dynamic(at, words.split(" ")).strip());
      case What.Shows(var part, var text, var within) ->
          show(at, part, within, shown -> missing(List.of(new Passage(text)), shown));
      case What.Lacks(var part, var text, var within) ->
          show(at, part, within, shown -> there(text, shown));
      case What.Matches(var part, var file, var within) -> {
        List<Passage> wanted = Passage.lines(stage.read(file));
        show(at, part, within, shown -> missing(wanted, shown));
      }
      case What.Knows(var to) -> knows(stage, at, to);
    }
  }

  private static String dynamic(LabHost at, String... words) throws LabException {
    var line = new ArrayList<>(List.of("ipsec", "dynamic"));
    line.addAll(Arrays.asList(words));
    line.addAll(List.of("--run", at.run().toString()));
    Command.Output output = at.reeve(line);
    if (!output.succeeded()) {
      throw new LabException(
          "ipsec dynamic "
              + String.join(" ", words)
              + " exits "
              + output.exit()
              + ": "
              + output.said());
    }
    return output.out();
  }

  /// What passes on a host whatever its policy says, as it is shown.
  static List<Exempt> exempt(LabHost at) throws LabException {
    String shown = dynamic(at, "show", "config", "--output", "json");
    var in = JsonMembers.of("$", JsonText.parse(shown));
    return in.strings("exempt").stream().map(Exempt::parse).toList();
  }

  /// @param trouble with what it shows
  private static void show(
      LabHost at, String part, Duration within, Function<String, Optional<String>> trouble)
      throws LabException {
    long end = System.nanoTime() + within.toNanos();
    while (true) {
      String shown = entries(at, part);
      Optional<String> found = trouble.apply(shown);
      if (found.isEmpty()) return;
      if (System.nanoTime() >= end)
        throw new LabException("show " + part + " " + found.get() + ": " + shown);
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  private static Optional<String> missing(List<Passage> wanted, String shown) {
    return Passage.missing(wanted, shown).map(passage -> "has no '" + passage.words() + "'");
  }

  private static Optional<String> there(String text, String shown) {
    return new Passage(text).isIn(shown) ? Optional.of("has '" + text + "'") : Optional.empty();
  }

  /// What it shows with each entry in one line: what is indented below one belongs to it.
  private static String entries(LabHost at, String part) throws LabException {
    return dynamic(at, "show", part).replaceAll("\\n {4,}", " ").replaceAll(" +", " ");
  }

  /// Every SPI on the wire is one that is shown, and the packets are counted.
  private void knows(Stage stage, LabHost at, Words.Endpoint to) throws LabException {
    LabHost called = stage.lab().host(to.host());
    Shown before = Shown.of(at);
    int since = called.look();
    Reach reach = at.connect(called.spec().address(), to.port(), PATIENCE);
    Set<String> wire = spis(called.seen(at, since));
    Shown after = Shown.of(at);
    stage.note(reach.toText() + "; on the wire " + wire + ", shown " + after);
    if (wire.isEmpty()) throw new LabException("nothing was secured: " + reach.toText());
    if (!after.spis().containsAll(wire)) {
      throw new LabException("on the wire are " + wire + ", shown are " + after.spis());
    }
    if (after.packets() <= before.packets()) {
      throw new LabException("packets were secured and none was counted: " + after);
    }
    if (!after.peers().contains(called.spec().address())) {
      throw new LabException("no main mode with " + called.spec().address() + ": " + after);
    }
  }

  private static Set<String> spis(List<Packet> packets) {
    var found = new HashSet<String>();
    for (Packet packet : packets) {
      Matcher spi = SPI.matcher(packet.line());
      if (packet.kind() == Packet.Kind.SECURED && spi.find()) found.add(spi.group(1));
    }
    return found;
  }

  /// @param peers of main modes
  /// @param packets protected, of all quick modes
  private record Shown(Set<String> spis, Set<String> peers, long packets) {

    static Shown of(LabHost at) throws LabException {
      var spis = new HashSet<String>();
      var peers = new HashSet<String>();
      var packets = new ArrayList<Long>();
      members(at, "qmsas")
          .objects(
              "qmsas",
              sa -> {
                spis.add(sa.string("spiIn"));
                spis.add(sa.string("spiOut"));
                packets.add(sa.number("packetsIn") + sa.number("packetsOut"));
                return sa.rest();
              });
      members(at, "mmsas")
          .objects(
              "mmsas",
              sa -> {
                peers.add(sa.string("remote"));
                return sa.rest();
              });
      return new Shown(spis, peers, packets.stream().mapToLong(Long::longValue).sum());
    }

    private static JsonMembers members(LabHost at, String part) throws LabException {
      return JsonMembers.of("$", JsonText.parse(dynamic(at, "show", part, "--output", "json")));
    }
  }
}
