package dev.reeve.model.spd;

import dev.reeve.model.ipsec.Filter;
import dev.reeve.model.ipsec.IpsecRule;
import dev.reeve.model.ipsec.NetworkType;
import dev.reeve.model.net.IpAddress;
import dev.reeve.model.net.IpProtocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// Policies and packets from a seed, drawn from few values so that they overlap often.
final class RandomPolicy {

  static final IpAddress ME = IpAddress.parse("10.0.0.1");

  static final HostView VIEW =
      new HostView(
          List.of(IpAddress.parse("10.0.0.53"), IpAddress.parse("2001:db8::53")),
          List.of(),
          List.of(IpAddress.parse("10.0.0.67")),
          List.of(IpAddress.parse("10.0.0.254")),
          Map.of("web", List.of(IpAddress.parse("10.0.0.2"), IpAddress.parse("2001:db8::2"))),
          List.of(new HostView.Endpoint(IpAddress.parse("10.0.0.3"), 8443)),
          List.of(new HostView.Endpoint(IpAddress.parse("10.0.0.9"), 636)),
          List.of(IpAddress.parse("10.0.0.4")),
          List.of());

  private static final List<String> ADDRESSES =
      List.of(
          "me",
          "any",
          "10.0.0.2",
          "10.0.0.3",
          "10.0.0.0/24",
          "10.0.0.0/30",
          "10.0.0.0/8",
          "10.0.0.2-10.0.0.5",
          "2001:db8::2",
          "2001:db8::/32",
          "2001:db8::2-2001:db8::9",
          "name:web",
          "name:gone",
          "dns",
          "dhcp",
          "gateway",
          "wins");
  private static final List<String> PORTS = List.of("any", "any", "80", "53", "80-89", "85-94");
  private static final List<String> ACTIONS =
      List.of("permit", "block", "require", "pass-through", "request", "weak");

  private RandomPolicy() {}

  static Spd spd(Random random, int rules) {
    return SymbolicSpd.of(TestPolicy.domain(rules(random, rules))).resolve(VIEW);
  }

  static List<IpsecRule> rules(Random random, int count) {
    var rules = new ArrayList<IpsecRule>();
    for (int i = 1; i <= count; i++) {
      var filters = new ArrayList<Filter>();
      for (int f = random.nextInt(3); f >= 0; f--) filters.add(filter(random));
      NetworkType type =
          random.nextInt(5) == 0 ? pick(random, List.of(NetworkType.values())) : NetworkType.ALL;
      rules.add(TestPolicy.rule(i, TestPolicy.action(pick(random, ACTIONS)), filters, type));
    }
    return rules;
  }

  static Filter filter(Random random) {
    String protocol = pick(random, List.of("any", "tcp", "udp", "icmp"));
    boolean ports = protocol.equals("tcp") || protocol.equals("udp");
    return TestPolicy.filter(
        pick(random, ADDRESSES)
            + (ports ? "#" + pick(random, PORTS) : "")
            + (random.nextBoolean() ? " <> " : " > ")
            + pick(random, ADDRESSES)
            + (ports ? "#" + pick(random, PORTS) : "")
            + (protocol.equals("any") ? "" : " " + protocol));
  }

  static Packet packet(Random random) {
    boolean v6 = random.nextInt(4) == 0;
    IpAddress me = v6 ? IpAddress.parse("2001:db8::1") : ME;
    IpAddress peer =
        IpAddress.parse(
            v6
                ? "2001:db8::" + pick(random, List.of("2", "3", "9", "53"))
                : "10.0.0." + pick(random, List.of("2", "3", "4", "53", "67", "254")));
    IpProtocol protocol =
        pick(random, List.of(IpProtocol.TCP, IpProtocol.UDP, IpProtocol.ICMP, IpProtocol.ESP));
    int[] ports = {80, 53, 85, 500, 40_000};
    int local = protocol.hasPorts() ? ports[random.nextInt(ports.length)] : 0;
    int remote = protocol.hasPorts() ? ports[random.nextInt(ports.length)] : 0;
    Packet packet =
        random.nextBoolean()
            ? Packet.outbound(me, peer, protocol, local, remote)
            : Packet.inbound(peer, me, protocol, remote, local);
    return random.nextInt(3) == 0 ? packet.answered() : packet;
  }

  static <T> T pick(Random random, List<T> items) {
    return items.get(random.nextInt(items.size()));
  }
}
