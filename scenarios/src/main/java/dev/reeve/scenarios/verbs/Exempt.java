package dev.reeve.scenarios.verbs;

import dev.reeve.cli.lab.WireTap.Packet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A line of what `ipsec dynamic show config` lists as exempt, and whether a packet that left the
/// host is meant by it. What the line does not tell apart, such as answers, is meant.
///
/// @param peers empty for any
/// @param localPort, peerPort 0 for any
record Exempt(
    String line,
    boolean outbound,
    Optional<String> protocol,
    List<String> peers,
    int localPort,
    int peerPort) {

  /// `IKE: outbound udp to 10.0.0.1 10.0.0.2, local port 500, peer port 500`
  private static final Pattern FORM =
      Pattern.compile(
          ".*?: (?<way>outbound|inbound)(?: (?<protocol>(?!to |from )[a-z0-9-]+))?"
              + "(?: (?:to|from)(?<peers>(?: [0-9a-f.:]+)+))?"
              + "(?:, local port (?<local>[0-9]+))?(?:, peer port (?<peer>[0-9]+))?"
              + "(?<kind>, answers only|, types 133-137|, to multicast and broadcast addresses"
              + "|, too big, of this host's flows only)?"
              + "(?:; rule .*)?");

  private static final Map<String, Pattern> SIGNS =
      Map.of(
          "tcp", Pattern.compile(": Flags \\["),
          "icmp", Pattern.compile("^IP .*: ICMP"),
          "icmpv6", Pattern.compile("^IP6 .*: ICMP6, (router|neighbor|redirect)"));

  static Exempt parse(String line) {
    Matcher matcher = FORM.matcher(line);
    if (!matcher.matches()) throw new IllegalArgumentException("not understood: " + line);
    return new Exempt(
        line,
        matcher.group("way").equals("outbound"),
        Optional.ofNullable(matcher.group("protocol")),
        Stream.ofNullable(matcher.group("peers"))
            .flatMap(p -> Stream.of(p.strip().split(" ")))
            .toList(),
        number(matcher.group("local")),
        number(matcher.group("peer")));
  }

  private static int number(@org.jspecify.annotations.Nullable String text) {
    return text == null ? 0 : Integer.parseInt(text);
  }

  /// @param packet that left this host
  boolean covers(Packet packet) {
    return outbound
        && (peers.isEmpty() || peers.contains(packet.to()))
        && (localPort == 0 || localPort == packet.fromPort())
        && (peerPort == 0 || peerPort == packet.toPort())
        && protocol.map(p -> is(p, packet)).orElse(true);
  }

  /// tcpdump has words of its own for what it knows within UDP.
  private static boolean is(String protocol, Packet packet) {
    Pattern sign = SIGNS.get(protocol);
    if (sign != null) return sign.matcher(packet.line()).find();
    if (protocol.equals("udp")) {
      return packet.fromPort() != 0
          && SIGNS.values().stream().noneMatch(other -> other.matcher(packet.line()).find());
    }
    return packet.kind() == Packet.Kind.SECURED;
  }

  @Override
  public String toString() {
    return line;
  }
}
