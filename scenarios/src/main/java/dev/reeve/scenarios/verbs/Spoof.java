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
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// First messages of IKE, 1,000 a second, each from another address that nobody has, and what the
/// charon that they are for makes of them. The addresses are in 198.18.0.0/16; that host needs a
/// route there, or it has no answer to send.
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

  private static final Pattern SENT = Pattern.compile("^sent (\\d+) in ([0-9.]+) s");

  private final LabHost target;
  private final WireTap cookies;
  private final LabProcess sender;
  private final Memory before;

  private Spoof(LabHost target, WireTap cookies, LabProcess sender, Memory before) {
    this.target = target;
    this.cookies = cookies;
    this.sender = sender;
    this.before = before;
  }

  /// @return when it is met with cookies
  static Spoof start(Stage stage, LabHost from, LabHost target) throws LabException {
    String address = target.spec().address();
    WireTap cookies = target.lookForClear(COOKIES.formatted(address));
    List<String> command =
        List.of("perl", script().toString(), "spoof", address, "" + MOST, "" + PER_SECOND);
    LabProcess sender =
        stage.lab().startPeer(from.name() + "-spoof", from.namespace().inside(command));
    Await.until(
        FIRST + " cookies of " + target.name(),
        PATIENCE,
        () -> {
          if (!sender.alive()) throw new LabException("ike-flood ended: " + sender.printed());
          return target.count(cookies) >= FIRST;
        });
    return new Spoof(target, cookies, sender, target.ikeMemory());
  }

  private static Path script() {
    return Path.of(Optional.ofNullable(System.getenv("REEVE_HOME")).orElse("."), "build/ike-flood")
        .toAbsolutePath()
        .normalize();
  }

  /// @param sent messages
  /// @param perSecond of those
  /// @param cookies that were asked for
  /// @param others of hosts that are there
  /// @param grown how much charon, in kB, meanwhile
  record Met(long sent, long perSecond, long cookies, Set<String> others, long grown) {
    String toText() {
      return ("%,d messages sent, %,d a second; %,d cookies asked for, of %s among others;"
              + " charon grew by %,d kB")
          .formatted(sent, perSecond, cookies, others, grown);
    }
  }

  /// Ends it.
  Met end() throws LabException {
    Memory after = target.ikeMemory();
    sender.stop();
    if (after.process() != before.process()) throw new LabException("charon was started anew");
    Matcher sent = sender.awaitLine(SENT, PATIENCE);
    long count = Long.parseLong(sent.group(1));
    long asked = target.count(cookies);
    Set<String> others = new TreeSet<>();
    for (Packet packet : target.kinds(cookies))
      if (!packet.to().startsWith("198.18.")) others.add(packet.to());
    return new Met(
        count,
        Math.round(count / Double.parseDouble(sent.group(2))),
        asked,
        others,
        after.kilobytes() - before.kilobytes());
  }
}
