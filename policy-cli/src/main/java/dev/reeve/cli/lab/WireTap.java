package dev.reeve.cli.lab;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// What tcpdump sees on a host's only link, in order.
public final class WireTap implements AutoCloseable {

  private static final Duration START = Duration.ofSeconds(30);
  private static final Duration TELLS = Duration.ofSeconds(15);

  private final Process tcpdump;
  private final List<String> lines = new ArrayList<>();
  private boolean listening;

  private WireTap(Process tcpdump) {
    this.tcpdump = tcpdump;
  }

  static WireTap open(Namespace namespace) throws LabException {
    var command =
        List.of("tcpdump", "-nn", "-l", "-t", "-i", "eth0", "--immediate-mode", "ip or ip6");
    try {
      var tap =
          new WireTap(
              new ProcessBuilder(namespace.inside(command)).redirectErrorStream(true).start());
      // A platform thread: reading a pipe holds on to the thread it runs on.
      Thread.ofPlatform().daemon().start(tap::read);
      Await.until("tcpdump in " + namespace.name(), START, tap::listens);
      return tap;
    } catch (IOException e) {
      throw new LabException("cannot start tcpdump", e);
    }
  }

  private void read() {
    try (var out =
        new BufferedReader(
            new InputStreamReader(tcpdump.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = out.readLine(); line != null; line = out.readLine()) take(line);
    } catch (IOException _) {
      // It was ended.
    }
  }

  private synchronized void take(String line) {
    if (line.startsWith("listening on")) listening = true;
    else if (line.startsWith("IP")) lines.add(line);
  }

  private synchronized boolean listens() {
    return listening;
  }

  /// How many packets it has told of; a place to look back to.
  synchronized int place() {
    return lines.size();
  }

  /// Waits until it has told of a packet with this text: all before it are then known.
  void awaitMark(String mark) throws LabException {
    Await.until("tcpdump to see " + mark, TELLS, () -> has(mark));
  }

  private synchronized boolean has(String mark) {
    return lines.stream().anyMatch(line -> line.contains(mark));
  }

  /// Packets between two addresses, in either direction.
  synchronized List<Packet> between(String one, String other, int since) {
    return lines.subList(since, lines.size()).stream()
        .map(Packet::parse)
        .filter(packet ->
            packet.from().equals(one) && packet.to().equals(other)
                || packet.from().equals(other) && packet.to().equals(one))
        .toList();
  }

  @Override
  public void close() {
    tcpdump.destroy();
    try {
      var unused = tcpdump.waitFor(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// A line of tcpdump.
  ///
  /// @param from, to addresses without ports
  public record Packet(String from, String to, Kind kind, String line) {

    public enum Kind {
      CLEAR,
      SECURED,
      IKE,
      /// Never negotiated: errors, echoes, neighbours.
      ICMP
    }

    static Packet parse(String line) {
      String[] words = line.split(" ", 5);
      String to = words.length > 3 ? words[3].substring(0, words[3].length() - 1) : "";
      String from = words.length > 1 ? words[1] : "";
      return new Packet(address(from), address(to), kind(line), line);
    }

    private static Kind kind(String line) {
      if (line.contains(": ESP(") || line.contains(": AH(") || line.contains("UDP-encap: ESP")) {
        return Kind.SECURED;
      }
      if (line.contains(": ICMP")) return Kind.ICMP;
      return line.contains("isakmp") ? Kind.IKE : Kind.CLEAR;
    }

    /// tcpdump puts a port behind an address and a dot.
    private static String address(String end) {
      boolean ipv6 = end.indexOf(':') >= 0;
      int dots = (int) end.chars().filter(c -> c == '.').count();
      return dots == (ipv6 ? 1 : 4) ? end.substring(0, end.lastIndexOf('.')) : end;
    }
  }
}
