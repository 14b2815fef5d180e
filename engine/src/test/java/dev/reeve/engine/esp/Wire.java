package dev.reeve.engine.esp;

import dev.reeve.engine.Await;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What tcpdump sees on an interface of a namespace, told apart.
final class Wire implements AutoCloseable {

  private static final Pattern REST =
      Pattern.compile(": (esp|ah|udp|tcp|ip-proto-\\d+|frag \\([1-9].*)$");

  /// A NAT's or a host's word that nobody listens there, about a packet of IKE.
  private static final Pattern NO_IKE =
      Pattern.compile(": ICMP6?,? .* udp port (500|4500)( unreachable)?, length");

  private static final Pattern LOST = Pattern.compile("(\\d+) packets? dropped by kernel");

  /// KiB of the kernel, and bytes of a packet that are kept: room for more than 50,000 packets that
  /// come while tcpdump has no processor. Whole ones would be 500 in as much.
  private static final String BUFFER = "16384";

  private static final String HEAD = "256";

  private final Process tcpdump;
  private final List<String> lines = new ArrayList<>();
  private final BlockingQueue<Long> counts = new LinkedBlockingQueue<>();
  private final CountDownLatch listening = new CountDownLatch(1);
  private final String ignored;
  private long lost;

  private Wire(Process tcpdump, String ignored) {
    this.tcpdump = tcpdump;
    this.ignored = ignored;
  }

  /// @param ignored what is in lines that do not count
  static Wire tap(String space, String device, String ignored) {
    return tap(space, device, ignored, "ip or ip6");
  }

  /// @param filter of tcpdump, for what there is to see
  static Wire tap(String space, String device, String ignored, String filter) {
    try {
      Process tcpdump =
          new ProcessBuilder(
                  "ip",
                  "netns",
                  "exec",
                  space,
                  "tcpdump",
                  "-nn",
                  "-l",
                  "-t",
                  "-i",
                  device,
                  "--immediate-mode",
                  "-B",
                  BUFFER,
                  "-s",
                  HEAD,
                  filter)
              .redirectErrorStream(true)
              .start();
      var wire = new Wire(tcpdump, ignored);
      Thread.ofPlatform().daemon().start(wire::read);
      if (!wire.listening.await(20, TimeUnit.SECONDS)) {
        throw new IllegalStateException("tcpdump does not listen: " + wire.lines);
      }
      return wire;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void read() {
    try (BufferedReader out = tcpdump.inputReader(StandardCharsets.UTF_8)) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        Matcher dropped = LOST.matcher(line);
        if (line.startsWith("listening on")) listening.countDown();
        else if (line.startsWith("IP")) add(line);
        else if (dropped.find()) counts.add(Long.parseLong(dropped.group(1)));
      }
    } catch (IOException e) {
      // it was ended
    }
  }

  private synchronized void add(String line) {
    lines.add(line);
  }

  synchronized void clear() {
    lines.clear();
  }

  /// Waits until tcpdump has told of a packet with this in its line: all before it are then known.
  ///
  /// @param again sends such a packet; called until one is seen
  /// @throws IllegalStateException that the kernel had no room for some of them
  void await(String marker, Runnable again) {
    int[] looks = {0};
    try {
      Await.until(
          "tcpdump to see " + marker,
          EspLab.LONG,
          () -> {
            if (looks[0]++ % 50 == 0) again.run();
            return has(marker);
          });
      long before = lost;
      lost = lostByNow();
      if (lost > before)
        throw new IllegalStateException((lost - before) + " packets passed unseen by tcpdump");
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /// How many packets the kernel had no room for, since the start.
  private long lostByNow() throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-USR1", Long.toString(tcpdump.pid())).start().waitFor();
    Long told = counts.poll(20, TimeUnit.SECONDS);
    if (told == null) throw new IllegalStateException("tcpdump does not tell what it lost");
    return told;
  }

  private synchronized boolean has(String marker) {
    return lines.stream().anyMatch(line -> line.contains(marker));
  }

  enum Kind {
    IKE,
    SECURED,
    CLEAR,
    /// Neighbour and router discovery, multicast listeners.
    LINK,
    /// A later part of what was taken apart: what it is its first part says.
    REST
  }

  private static Kind kind(String line) {
    if (REST.matcher(line).find()) return Kind.REST;
    if (line.contains("ESP(") || line.contains(" AH(") || line.contains("UDP-encap: ESP")) {
      return Kind.SECURED;
    }
    if (line.contains("isakmp") || NO_IKE.matcher(line).find()) return Kind.IKE;
    if (line.contains("ICMP6, neighbor")
        || line.contains("ICMP6, router")
        || line.contains("multicast listener")) {
      return Kind.LINK;
    }
    return Kind.CLEAR;
  }

  /// Lines seen so far, of that kind.
  synchronized List<String> seen(Kind kind) {
    return lines.stream().filter(line -> !line.contains(ignored) && kind(line) == kind).toList();
  }

  /// Lines seen so far that speak of an address that begins like that: not within what is secured.
  synchronized List<String> naming(String address) {
    return lines.stream().filter(line -> line.contains(" " + address)).toList();
  }

  int count(Kind kind) {
    return seen(kind).size();
  }

  @Override
  public void close() {
    tcpdump.destroy();
  }
}
