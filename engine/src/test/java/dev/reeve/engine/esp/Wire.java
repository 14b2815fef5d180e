package dev.reeve.engine.esp;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/// What tcpdump sees on an interface of a namespace, told apart.
final class Wire implements AutoCloseable {

  private final Process tcpdump;
  private final List<String> lines = new ArrayList<>();
  private final CountDownLatch listening = new CountDownLatch(1);

  private final String ignored;

  private Wire(Process tcpdump, String ignored) {
    this.tcpdump = tcpdump;
    this.ignored = ignored;
  }

  /// @param ignored what is in lines that do not count
  static Wire tap(String space, String device, String ignored) {
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
                  "ip or ip6")
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
        if (line.startsWith("listening on")) listening.countDown();
        else if (line.startsWith("IP")) add(line);
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
  void await(String marker) {
    for (int i = 0; i < 500; i++) {
      synchronized (this) {
        if (lines.stream().anyMatch(line -> line.contains(marker))) {
          lines.removeIf(line -> line.contains(marker));
          return;
        }
      }
      try {
        Thread.sleep(10);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
    throw new IllegalStateException("tcpdump saw nothing of " + marker);
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

  private static final Pattern REST =
      Pattern.compile(": (esp|ah|udp|tcp|ip-proto-\\d+|frag \\([1-9].*)$");

  private static Kind kind(String line) {
    if (REST.matcher(line).find()) return Kind.REST;
    if (line.contains("ESP(") || line.contains(": AH(") || line.contains("UDP-encap: ESP")) {
      return Kind.SECURED;
    }
    if (line.contains("isakmp") || line.contains("isakmp-nat-keep-alive")) return Kind.IKE;
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
