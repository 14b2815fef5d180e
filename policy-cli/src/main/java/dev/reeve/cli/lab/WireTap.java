package dev.reeve.cli.lab;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What tcpdump sees on a link, in order; all of it, or what a filter lets it.
public final class WireTap implements AutoCloseable {

  private static final Duration START = Duration.ofSeconds(30);
  private static final Duration TELLS = Duration.ofSeconds(60);
  private static final Pattern COUNTS_UP = Pattern.compile(",(seq|icv)=0x[0-9a-f]+");
  private static final Pattern REST =
      Pattern.compile(": (esp|ah|udp|tcp|ip-proto-\\d+|frag \\([1-9].*)$");
  private static final Pattern LOST = Pattern.compile("(\\d+) packets? dropped by kernel");

  private final Process tcpdump;
  private final List<Packet> packets = new ArrayList<>();
  private final Map<String, Packet> known = new HashMap<>();
  private final BlockingQueue<Long> lost = new LinkedBlockingQueue<>();
  private boolean listening;

  private WireTap(Process tcpdump) {
    this.tcpdump = tcpdump;
  }

  /// @param filter in tcpdump's words
  static WireTap open(Namespace namespace, String link, String filter) throws LabException {
    // Heads alone: the kernel's ring then holds a flood's packets while tcpdump does not run.
    var command =
        List.of(
            "tcpdump",
            "-nn",
            "-l",
            "-t",
            "-i",
            link,
            "-s",
            "192",
            "-B",
            "16384",
            "--immediate-mode",
            filter);
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
    else if (line.startsWith("IP")) {
      packets.add(known.computeIfAbsent(folded(line), Packet::parse));
    } else lost(line).ifPresent(lost::add);
  }

  /// How many packets the kernel had no room for, out of the line in which tcpdump says it.
  static OptionalLong lost(String line) {
    Matcher matcher = LOST.matcher(line);
    return matcher.find()
        ? OptionalLong.of(Long.parseLong(matcher.group(1)))
        : OptionalLong.empty();
  }

  /// Without the numbers that a flood's packets differ by: millions of them are then a few lines.
  private static String folded(String line) {
    return COUNTS_UP.matcher(line).replaceAll("");
  }

  private synchronized boolean listens() {
    return listening;
  }

  /// How many packets it has told of; a place to look back to.
  synchronized int place() {
    return packets.size();
  }

  /// Waits until it has told of a packet with this text: all before it are then known.
  ///
  /// @param since a place before it
  void awaitMark(String mark, int since) throws LabException {
    Await.until("tcpdump to see " + mark, TELLS, () -> has(mark, since));
  }

  /// A capture with holes proves nothing.
  ///
  /// @throws LabException that the kernel had no room for some packets since the start
  void requireWhole() throws LabException {
    Command.must("kill", "-USR1", Long.toString(tcpdump.pid()));
    Long now;
    try {
      now = lost.poll(TELLS.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted");
    }
    if (now == null) throw new LabException("tcpdump does not tell what it lost");
    requireNone(now);
  }

  static void requireNone(long lost) throws LabException {
    if (lost > 0) throw new LabException(lost + " packets passed unseen by tcpdump");
  }

  private synchronized boolean has(String mark, int since) {
    return packets.subList(since, packets.size()).stream().anyMatch(p -> p.line().contains(mark));
  }

  /// Packets between two addresses, in either direction.
  synchronized List<Packet> between(String one, String other, int since) {
    return packets.subList(since, packets.size()).stream()
        .filter(packet ->
            packet.from().equals(one) && packet.to().equals(other)
                || packet.from().equals(other) && packet.to().equals(one))
        .toList();
  }

  /// How many it has told of that are not from there.
  synchronized long countBeside(String address) {
    return packets.stream().filter(packet -> !packet.from().equals(address)).count();
  }

  /// Each kind of packets once, in the order of the first.
  synchronized Set<Packet> kinds() {
    return new LinkedHashSet<>(packets);
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

  /// A line of tcpdump, without what counts up.
  ///
  /// @param from, to addresses without ports
  public record Packet(String from, String to, Kind kind, String line) {

    public enum Kind {
      CLEAR,
      SECURED,
      IKE,
      /// Never negotiated: errors, echoes, neighbours.
      ICMP,
      /// A later part of what was taken apart: what it is its first part says.
      REST
    }

    public static Packet parse(String line) {
      String[] words = line.split(" ", 5);
      String to = words.length > 3 ? words[3].substring(0, words[3].length() - 1) : "";
      String from = words.length > 1 ? words[1] : "";
      return new Packet(address(from), address(to), kind(line), line);
    }

    private static Kind kind(String line) {
      if (REST.matcher(line).find()) return Kind.REST;
      if (line.contains(" ESP(") || line.contains(" AH(")) { // in UDP too
        return Kind.SECURED;
      }
      if (line.contains(": ICMP")) return Kind.ICMP;
      return line.contains("isakmp") ? Kind.IKE : Kind.CLEAR;
    }

    /// 0 when it has none.
    public int fromPort() {
      return port(line.split(" ", 3)[1]);
    }

    /// 0 when it has none.
    public int toPort() {
      String to = line.split(" ", 5)[3];
      return port(to.substring(0, to.length() - 1));
    }

    private static int port(String end) {
      String address = address(end);
      return address.equals(end) ? 0 : Integer.parseInt(end.substring(address.length() + 1));
    }

    /// tcpdump puts a port behind an address and a dot.
    private static String address(String end) {
      boolean ipv6 = end.indexOf(':') >= 0;
      int dots = (int) end.chars().filter(c -> c == '.').count();
      return dots == (ipv6 ? 1 : 4) ? end.substring(0, end.lastIndexOf('.')) : end;
    }
  }
}
