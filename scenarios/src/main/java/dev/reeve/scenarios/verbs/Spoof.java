package dev.reeve.scenarios.verbs;

import dev.reeve.cli.lab.Await;
import dev.reeve.cli.lab.LabException;
import dev.reeve.cli.lab.LabHost;
import dev.reeve.cli.lab.LabIke.Memory;
import dev.reeve.cli.lab.LabProcess;
import dev.reeve.cli.lab.WireTap;
import dev.reeve.cli.lab.WireTap.Packet;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// First messages of IKE, 1,000 a second, half of them over IPv6, each from another address that
/// nobody has, and what the charon that they are for makes of them. The addresses are in
/// 198.18.0.0/16 and fd98::/112; that host needs routes there, or it has no answer to send.
final class Spoof {

  static final int PER_SECOND = 1000;

  private static final int MOST = 1_000_000; // never reached
  private static final Duration PATIENCE = Duration.ofSeconds(120);

  /// So many are answered before the charon is weighed: by then it has what it keeps anyhow.
  private static final int FIRST = 3000;

  /// Answers that are a cookie: a notification of that type (RFC 7296 §2.6), the first payload of
  /// its message.
  private static final String COOKIES =
      "src host %s and udp src port 500 and ip[44] = 41 and ip[62:2] = 16390";

  private static final String COOKIES6 =
      "src host %s and ip6[6] = 17 and ip6[40:2] = 500 and ip6[64] = 41 and ip6[82:2] = 16390";

  private static final Pattern SENT = Pattern.compile("^sent (\\d+) in ([0-9.]+) s");

  private final LabHost target;
  private final List<Wave> waves;
  private final Memory before;

  private Spoof(LabHost target, List<Wave> waves, Memory before) {
    this.target = target;
    this.waves = waves;
    this.before = before;
  }

  /// Those of one IP version.
  private record Wave(String name, LabHost target, WireTap cookies, LabProcess sender) {

    static Wave start(Stage stage, LabHost from, LabHost target, boolean ipv6) throws LabException {
      String name = ipv6 ? "IPv6" : "IPv4";
      String to = target.address(ipv6);
      WireTap cookies = target.lookForClear((ipv6 ? COOKIES6 : COOKIES).formatted(to));
      List<String> command =
          List.of("perl", script().toString(), "spoof", to, "" + MOST, "" + PER_SECOND / 2);
      LabProcess sender =
          stage.lab().startPeer(from.name() + "-spoof-" + name, from.namespace().inside(command));
      return new Wave(name, target, cookies, sender);
    }

    long asked() throws LabException {
      if (!sender.alive()) throw new LabException("ike-flood ended: " + sender.printed());
      return target.count(cookies);
    }

    Part end() throws LabException {
      sender.stop();
      Matcher sent = sender.awaitLine(SENT, PATIENCE);
      return new Part(
          name,
          Long.parseLong(sent.group(1)),
          Double.parseDouble(sent.group(2)),
          target.count(cookies));
    }
  }

  /// @return when it is met with cookies
  static Spoof start(Stage stage, LabHost from, LabHost target) throws LabException {
    List<Wave> waves =
        List.of(Wave.start(stage, from, target, false), Wave.start(stage, from, target, true));
    Await.until(
        FIRST + " cookies of " + target.name(),
        PATIENCE,
        () -> {
          long asked = 0;
          for (Wave wave : waves) asked += wave.asked();
          return asked >= FIRST;
        });
    return new Spoof(target, waves, target.ikeMemory());
  }

  private static Path script() {
    return Path.of(Optional.ofNullable(System.getenv("REEVE_HOME")).orElse("."), "build/ike-flood")
        .toAbsolutePath()
        .normalize();
  }

  /// @param sent messages
  /// @param cookies that were asked for
  record Part(String name, long sent, double seconds, long cookies) {
    String toText() {
      return "%s: %,d messages sent, %,d cookies asked for".formatted(name, sent, cookies);
    }
  }

  /// @param others hosts that are there, of whom a cookie was asked
  /// @param grown how much charon, in kB, meanwhile
  record Met(List<Part> parts, Set<String> others, long grown) {

    long sent() {
      return parts.stream().mapToLong(Part::sent).sum();
    }

    long perSecond() {
      return Math.round(parts.stream().mapToDouble(part -> part.sent / part.seconds).sum());
    }

    String toText() {
      return "%s; %,d a second; cookies of %s among others; charon grew by %,d kB"
          .formatted(
              parts.stream().map(Part::toText).collect(Collectors.joining("; ")),
              perSecond(),
              others,
              grown);
    }
  }

  /// Ends it.
  Met end() throws LabException {
    Memory after = target.ikeMemory();
    var parts = new ArrayList<Part>();
    var others = new TreeSet<String>();
    for (Wave wave : waves) {
      parts.add(wave.end());
      for (Packet packet : target.kinds(wave.cookies))
        if (!packet.to().matches("(198\\.18\\.|fd98:).*")) others.add(packet.to());
    }
    if (after.process() != before.process()) throw new LabException("charon was started anew");
    return new Met(List.copyOf(parts), others, after.kilobytes() - before.kilobytes());
  }
}
