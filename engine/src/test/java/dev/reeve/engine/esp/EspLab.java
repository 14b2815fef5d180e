package dev.reeve.engine.esp;

import dev.reeve.engine.LinuxEngine;
import dev.reeve.engine.Negotiator;
import dev.reeve.engine.TestSpaces;
import dev.reeve.engine.ike.IkeIdentity;
import dev.reeve.engine.ike.IkeSecret;
import dev.reeve.engine.ike.OwnCharon;
import dev.reeve.engine.nft.Nft;
import dev.reeve.engine.xfrm.Xfrm;
import dev.reeve.model.bundle.PeerList;
import dev.reeve.model.bundle.Revocations;
import dev.reeve.model.ipsec.SealedSecret;
import dev.reeve.model.spd.HostPolicy;
import dev.reeve.model.spd.HostView;
import dev.reeve.model.status.ApplyOutcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Hosts a, b and c on one LAN, each with an engine and a charon of its own.
///
/// ```
/// a 10.68.0.1 fd68::1 ── b 10.68.0.2 fd68::2 ── c 10.68.0.3 fd68::3
/// ```
public final class EspLab implements AutoCloseable {

  private int marks;

  private final String prefix = TestSpaces.prefix("esp");
  private final Deque<AutoCloseable> cleanUp = new ArrayDeque<>();
  private final Path directory;

  /// For what takes milliseconds on a machine that does nothing else.
  static final Duration LONG = Duration.ofSeconds(60);

  final String lan;
  final Host a;
  final Host b;
  final Host c;

  EspLab() throws IOException {
    directory = Files.createTempDirectory("esp");
    try {
      lan = lan("l");
      a = new Host("a", Pki.host("host-a"), 68, 1, lan);
      b = new Host("b", Pki.host("host-b"), 68, 2, lan);
      c = new Host("c", Pki.host("host-c"), 68, 3, lan);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  List<Host> hosts() {
    return List.of(a, b, c);
  }

  /// @return the namespace of a new LAN
  String lan(String name) {
    String space = space(name);
    run("", "ip", "-n", space, "link", "add", "br0", "type", "bridge");
    run("", "ip", "-n", space, "link", "set", "br0", "up");
    return space;
  }

  /// Closes it with the lab.
  void later(AutoCloseable one) {
    cleanUp.push(one);
  }

  String space(String name) {
    String space = prefix + name;
    run("", "ip", "netns", "add", space);
    cleanUp.push(() -> run("", "ip", "netns", "del", space));
    run("", "ip", "-n", space, "link", "set", "lo", "up");
    return space;
  }

  /// A point-to-point link of a and b, of the hardware type of PPP:
  ///
  /// ```
  /// a 10.69.0.1 fd69::1 ── ppp0 ── b 10.69.0.2 fd69::2
  /// ```
  ///
  /// @return its wire
  Wire dialUp() throws IOException {
    var relay =
        new ProcessBuilder("perl", "-e", RELAY, "/run/netns/" + a.space, "/run/netns/" + b.space)
            .redirectErrorStream(true)
            .start();
    cleanUp.push(() -> relay.destroyForcibly().waitFor());
    String said = String.valueOf(relay.inputReader().readLine());
    if (!said.equals("ready")) throw new IllegalStateException("relay: " + said);
    for (Host host : List.of(a, b)) {
      int own = host == a ? 1 : 2;
      host.ip("addr add 10.69.0." + own + "/24 dev ppp0");
      host.ip("addr add fd69::" + own + "/64 dev ppp0 nodad");
      host.ip("link set ppp0 up");
    }
    Wire wire = Wire.tap(b.space, "ppp0", "10.68.0.3");
    cleanUp.push(wire);
    return wire;
  }

  /// TUNSETIFF with IFF_TUN and IFF_NO_PI, then TUNSETLINK to ARPHRD_PPP, in each namespace.
  private static final String RELAY =
      """
      use strict;
      my @link;
      for my $space (@ARGV) {
        open(my $at, '<', $space) or die "$space: $!";
        syscall(308, fileno($at), 0x40000000) == 0 or die "setns: $!";
        open(my $tun, '+<', '/dev/net/tun') or die "tun: $!";
        my $request = pack('a16 s x22', 'ppp0', 0x1001);
        ioctl($tun, 0x400454ca, $request) or die "TUNSETIFF: $!";
        ioctl($tun, 0x400454cd, 512) or die "TUNSETLINK: $!";
        push @link, $tun;
      }
      $| = 1;
      print "ready\n";
      while (1) {
        my $wait = '';
        vec($wait, fileno($_), 1) = 1 for @link;
        select($wait, undef, undef, undef);
        for my $i (0, 1) {
          next unless vec($wait, fileno($link[$i]), 1);
          sysread($link[$i], my $packet, 65536);
          syswrite($link[1 - $i], $packet);
        }
      }
      """;

  /// A host without policy behind `gateway`, which forwards for it:
  ///
  /// ```
  /// 10.68.N.2 fd68:N::2 ── 10.68.N.1 fd68:N::1 gateway
  /// ```
  Behind behind(Host gateway, int net) throws IOException {
    var behind = new Behind(gateway, net);
    for (Host host : hosts()) {
      if (host == gateway) continue;
      host.ip("route add 10.68." + net + ".0/24 via " + gateway.v4);
      host.ip("-6 route add fd68:" + net + "::/64 via " + gateway.v6);
    }
    return behind;
  }

  final class Behind {
    final String v4;
    final String v6;
    private final String space;
    private final Talk talk;

    Behind(Host gateway, int net) throws IOException {
      space = gateway.space + "i";
      v4 = "10.68." + net + ".2";
      v6 = "fd68:" + net + "::2";
      run("", "ip", "netns", "add", space);
      cleanUp.push(() -> run("", "ip", "netns", "del", space));
      String link = "ip link add eth0 netns %s type veth peer name lan netns %s";
      run("", link.formatted(space, gateway.space).split(" "));
      gateway.ip("addr add 10.68." + net + ".1/24 dev lan");
      gateway.ip("addr add fd68:" + net + "::1/64 dev lan nodad");
      gateway.ip("link set lan up");
      gateway.in("sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1");
      String ip = "ip -n " + space + " ";
      run("", (ip + "addr add " + v4 + "/24 dev eth0").split(" "));
      run("", (ip + "addr add " + v6 + "/64 dev eth0 nodad").split(" "));
      run("", (ip + "link set eth0 up").split(" "));
      run("", (ip + "link set lo up").split(" "));
      run("", (ip + "route add default via 10.68." + net + ".1").split(" "));
      run("", (ip + "-6 route add default via fd68:" + net + "::1").split(" "));
      talk = Talk.in(space);
      cleanUp.push(talk);
      talk.expect("listen 80");
      talk.expect("serve 9000");
    }

    String say(String command) {
      return talk.say(command);
    }

    void forgetWays() {
      EspLab.forgetWays(space);
    }

    boolean cannot(String command) {
      return talk.cannot(command);
    }

    boolean reaches(String from, String to, int port) {
      return talk.reaches(from, to, port);
    }

    boolean cannotReach(String from, String to, int port) {
      return talk.cannotReach(from, to, port);
    }
  }

  /// What was learned of how narrow ways are.
  private static void forgetWays(String space) {
    run("", "ip", "-n", space, "route", "flush", "cache");
    run("", "ip", "-n", space, "-6", "route", "flush", "cache");
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

  final class Host {
    final String name;
    final String space;
    final String v4;
    final String v6;
    final OwnCharon charon;
    final LinuxEngine engine;
    final Wire wire;
    IkeIdentity identity;
    List<IkeIdentity> others = List.of();
    Optional<Revocations> revocations = Optional.empty();
    Optional<PeerList> peers = Optional.empty();
    byte[] secret = "a secret".getBytes(StandardCharsets.UTF_8);

    /// Of policies that hold several; the one above for all else.
    Map<SealedSecret, byte[]> secrets = Map.of();

    private final Talk talk;

    /// @param net 10.NET.0.0/24 and fdNET::/64
    Host(String name, IkeIdentity identity, int net, int number, String lan) throws IOException {
      this.name = name;
      space = space(name);
      v4 = "10." + net + ".0." + number;
      v6 = "fd" + net + "::" + number;
      this.identity = identity;
      run(
          "",
          ("ip link add eth0 netns "
                  + space
                  + " type veth peer name port-"
                  + name
                  + " netns "
                  + lan)
              .split(" "));
      run("", ("ip -n " + lan + " link set port-" + name + " master br0 up").split(" "));
      ip("addr add " + v4 + "/24 dev eth0");
      ip("addr add " + v6 + "/64 dev eth0 nodad");
      ip("link set eth0 up");
      List<String> within = List.of("ip", "netns", "exec", space);
      charon = new OwnCharon(directory.resolve(name), within);
      cleanUp.push(charon);
      engine =
          new LinuxEngine(
              Nft.by(within("nft")), new Negotiator(new Xfrm(within), charon, this::credentials));
      talk = Talk.in(space);
      cleanUp.push(talk);
      wire = Wire.tap(lan, "port-" + name, "10.68.0.3");
      cleanUp.push(wire);
      for (int port : new int[] {22, 80, 81, 88}) talk.expect("listen " + port);
      talk.expect("echo 7000");
      talk.expect("serve 9000");
    }

    Negotiator.Credentials credentials() {
      return new Negotiator.Credentials(
          Optional.of(identity),
          others,
          (SealedSecret sealed) -> Optional.of(new IkeSecret(secrets.getOrDefault(sealed, secret))),
          revocations,
          peers);
    }

    /// Its address.
    String own(int family) {
      return family == 4 ? v4 : v6;
    }

    List<String> within(String... command) {
      var line = new ArrayList<>(List.of("ip", "netns", "exec", space));
      line.addAll(List.of(command));
      return line;
    }

    String in(String command) {
      return run("", within(command.split(" ")).toArray(String[]::new));
    }

    void ip(String arguments) {
      run("", ("ip -n " + space + " " + arguments).split(" "));
    }

    void forgetWays() {
      EspLab.forgetWays(space);
    }

    String say(String command) {
      return talk.say(command);
    }

    ApplyOutcome apply(HostPolicy policy) throws Exception {
      return apply(policy, HostView.NONE);
    }

    ApplyOutcome apply(HostPolicy policy, HostView view) throws Exception {
      ApplyOutcome outcome = engine.apply(policy, view);
      if (outcome instanceof ApplyOutcome.Failed failed) {
        throw new IllegalStateException(
            name + ": " + failed.failedStep() + ": " + failed.detail() + "\n" + log());
      }
      return outcome;
    }

    /// The one that charon writes now.
    Path logFile() {
      return directory.resolve(name).resolve("log");
    }

    String log() {
      try {
        Path log = logFile();
        return Files.exists(log) ? Files.readString(log) : "";
      } catch (IOException e) {
        return e.toString();
      }
    }

    /// Of its associations with keys.
    Set<String> spis() {
      return Pattern.compile("spi (0xc[0-9a-f]{7})")
          .matcher(in("ip xfrm state"))
          .results()
          .map(MatchResult::group)
          .collect(Collectors.toCollection(TreeSet::new));
    }

    /// A TCP connection that is answered.
    boolean reaches(Host other, int port) {
      return reaches(other, 4, port);
    }

    boolean reaches(Host other, int family, int port) {
      return reaches(own(family), other.own(family), port);
    }

    boolean can(String command) {
      return talk.can(command);
    }

    boolean cannot(String command) {
      return talk.cannot(command);
    }

    boolean reaches(String from, String to, int port) {
      return talk.reaches(from, to, port);
    }

    boolean cannotReach(Host other, int port) {
      return cannotReach(other, 4, port);
    }

    boolean cannotReach(Host other, int family, int port) {
      return cannotReach(own(family), other.own(family), port);
    }

    boolean cannotReach(String from, String to, int port) {
      return talk.cannotReach(from, to, port);
    }

    /// What the wire has carried to this host until now; host c, which has no policy, sends a mark.
    Wire settled() {
      String mark = "." + (20000 + marks++);
      wire.await(v4 + mark, () -> c.say("send " + v4 + " " + mark.substring(1) + " 1"));
      return wire;
    }

    long count(int port) {
      return Long.parseLong(say("count " + port));
    }
  }
}
