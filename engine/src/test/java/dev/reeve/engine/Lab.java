package dev.reeve.engine;

import dev.reeve.engine.nft.Nft;
import dev.reeve.engine.xfrm.Xfrm;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/// Three network namespaces: a peer and a host on one LAN, and a container behind the host.
///
/// ```
/// peer 10.66.0.2-4 fd66::2 ── lan ── 10.66.0.1 fd66::1 host 10.67.0.1 ── 10.67.0.2 container
/// ```
///
/// The host publishes the container's TCP port 80 as its own 8080 and masquerades what the
/// container sends, in a table that is not ours.
final class Lab implements AutoCloseable {

  static final String PUBLISHED =
      """
      table inet dock {
        chain pre {
          type nat hook prerouting priority -100; policy accept;
          iifname "lan" tcp dport 8080 dnat ip to 10.67.0.2:80
        }
        chain post {
          type nat hook postrouting priority 100; policy accept;
          oifname "lan" ip saddr 10.67.0.0/24 masquerade
        }
      }
      """;

  private final String prefix = TestSpaces.prefix("lab");
  private final Deque<AutoCloseable> cleanUp = new ArrayDeque<>();

  final Member host;
  final Member peer;
  final Member container;

  /// Why no lab can be set up here; empty when one can.
  static Optional<String> missing() {
    if (!System.getProperty("os.name").equals("Linux")) return Optional.of("this is not Linux");
    try {
      if (!run("", "id", "-u").strip().equals("0")) return Optional.of("not root");
    } catch (UncheckedIOException e) {
      return Optional.of("no id command");
    }
    for (String tool : List.of("ip", "nft")) {
      if (!Files.isExecutable(Path.of("/usr/sbin", tool))
          && !Files.isExecutable(Path.of("/sbin", tool))) {
        return Optional.of(tool + " is not installed");
      }
    }
    return Optional.empty();
  }

  Lab() {
    try {
      host = new Member("h");
      peer = new Member("p");
      container = new Member("c");
      ip("link add lan netns " + host.space + " type veth peer name lan netns " + peer.space);
      ip("link add dock netns " + host.space + " type veth peer name eth netns " + container.space);
      host.up("lan", "10.66.0.1/24", "fd66::1/64");
      host.up("dock", "10.67.0.1/24");
      peer.up("lan", "10.66.0.2/24", "10.66.0.3/24", "10.66.0.4/24", "fd66::2/64");
      container.up("eth", "10.67.0.2/24");
      container.ip("route add default via 10.67.0.1");
      host.run("", "sysctl", "-qw", "net.ipv4.ip_forward=1");
      host.run(PUBLISHED, "nft", "-f", "-");
      for (Member member : List.of(host, peer, container)) member.start();
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private static void ip(String arguments) {
    run("", ("ip " + arguments).split(" "));
  }

  static String run(String input, String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      try (var in = process.getOutputStream()) {
        in.write(input.getBytes(StandardCharsets.UTF_8));
      }
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IllegalStateException(String.join(" ", command) + ": " + output);
      }
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    while (!cleanUp.isEmpty()) {
      try {
        cleanUp.pop().close();
      } catch (Exception e) {
        System.err.println("left behind: " + e.getMessage());
      }
    }
  }

  /// One namespace and the [Probe] in it.
  final class Member {
    final String space;
    private Optional<Process> probe = Optional.empty();
    private Optional<BufferedReader> answers = Optional.empty();

    Member(String name) {
      space = prefix + name;
      Lab.ip("netns add " + space);
      cleanUp.push(() -> Lab.ip("netns del " + space));
      ip("link set lo up");
    }

    void ip(String arguments) {
      Lab.ip("-n " + space + " " + arguments);
    }

    void up(String device, String... addresses) {
      for (String address : addresses) {
        ip("addr add " + address + " dev " + device + (address.contains(":") ? " nodad" : ""));
      }
      ip("link set " + device + " up");
    }

    List<String> within(String... command) {
      var line = new ArrayList<>(List.of("ip", "netns", "exec", space));
      line.addAll(List.of(command));
      return line;
    }

    String run(String input, String... command) {
      return Lab.run(input, within(command).toArray(String[]::new));
    }

    Xfrm xfrm() {
      return new Xfrm(List.of("ip", "netns", "exec", space));
    }

    Nft nft() {
      return Nft.by(within("nft"));
    }

    void start() {
      String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
      try {
        Process process =
            new ProcessBuilder(
                    within(
                        java,
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Probe.class.getName()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        probe = Optional.of(process);
        answers = Optional.of(process.inputReader());
        cleanUp.push(() -> process.destroyForcibly().waitFor());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    String say(String command) {
      var out =
          new PrintStream(probe.orElseThrow().getOutputStream(), true, StandardCharsets.UTF_8);
      out.println(command);
      try {
        return String.valueOf(answers.orElseThrow().readLine());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    boolean can(String command) {
      return say(command).equals("ok");
    }

    /// @param passes what is expected: to be sure of a refusal takes as long as patience does
    boolean does(String command, boolean passes) {
      return passes ? can(command) : cannot(command);
    }

    boolean cannot(String command) {
      return !can("within 400 " + command);
    }

    long count(int port) {
      return Long.parseLong(say("count " + port));
    }
  }
}
