package dev.reeve.engine.esp;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// A router that translates addresses, and hosts behind it, each with an engine and a charon:
///
/// ```
/// 10.NET.0.1 fdNET::1 ┐
///                     ├ 10.NET.0.9 fdNET::9 router 10.68.0.N fd68::N ── a, b and c
/// 10.NET.0.2 fdNET::2 ┘
/// ```
///
/// What they send has the router's address outside, as a home router does it, on IPv6 too, and what
/// is UDP never has the port that they gave it.
final class EspNat {

  final String v4;
  final String v6;
  final List<EspLab.Host> hosts;

  /// Outside.
  final Wire wire;

  private final String router;
  private final int net;

  /// @param name one letter, for namespaces
  /// @param number of the router on the LAN of the lab
  /// @param hosts their names
  EspNat(EspLab lab, String name, int net, int number, String... hosts) throws IOException {
    v4 = "10.68.0." + number;
    v6 = "fd68::" + number;
    router = lab.space(name);
    this.net = net;
    String inside = lab.lan(name + "l");
    link("out", lab.lan, "port-" + name, v4 + "/24", v6 + "/64");
    link("in", inside, "port", "10." + net + ".0.9/24", "fd" + net + "::9/64");
    in("sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1");
    rules(
        "postrouting",
        100,
        "oifname \"out\" meta l4proto udp masquerade to :20000-60000 random",
        "oifname \"out\" masquerade");
    wire = Wire.tap(lab.lan, "port-" + name, "10.68.0.3");
    lab.later(wire);
    var all = new ArrayList<EspLab.Host>();
    for (int i = 0; i < hosts.length; i++) {
      var host =
          lab.new Host(hosts[i], Pki.host("host-" + (i == 0 ? "a" : "c")), net, i + 1, inside);
      host.ip("route add default via 10." + net + ".0.9");
      host.ip("-6 route add default via fd" + net + "::9");
      all.add(host);
    }
    this.hosts = List.copyOf(all);
  }

  /// The address that hosts outside see.
  String own(int family) {
    return family == 4 ? v4 : v6;
  }

  private void link(String device, String lan, String port, String v4, String v6) {
    EspLab.run(
        "",
        "ip link add %s netns %s type veth peer name %s netns %s"
            .formatted(device, router, port, lan)
            .split(" "));
    EspLab.run("", ("ip -n " + lan + " link set " + port + " master br0 up").split(" "));
    ip("addr add " + v4 + " dev " + device);
    ip("addr add " + v6 + " dev " + device + " nodad");
    ip("link set " + device + " up");
  }

  /// Passes what arrives for the router on to the first of the hosts, as for a server.
  void publish() {
    EspLab.Host to = hosts.getFirst();
    rules(
        "prerouting",
        -100,
        "iifname \"out\" meta nfproto ipv4 dnat ip to " + to.v4,
        "iifname \"out\" meta l4proto { tcp, udp, esp } meta nfproto ipv6 dnat ip6 to " + to.v6);
  }

  /// How large the packets are that fit through, both ways, from now on.
  void mtu(int bytes) {
    String lock = " mtu lock " + bytes;
    ip("route replace 10.68.0.0/24 dev out" + lock);
    ip("-6 route replace fd68::/64 dev out metric 256" + lock);
    ip("route replace 10." + net + ".0.0/24 dev in" + lock);
    ip("-6 route replace fd" + net + "::/64 dev in metric 256" + lock);
  }

  /// Nothing that passed before is known any more: the next packets have other ports outside.
  void forget() {
    ip("link set out down");
    ip("link set out up");
    ip("addr add " + v6 + "/64 dev out nodad");
  }

  private void rules(String hook, int priority, String... rules) {
    String table =
        "table inet %1$s {\nchain address {\ntype nat hook %1$s priority %2$d\n%3$s\n}\n}\n"
            .formatted(hook, priority, String.join("\n", rules));
    EspLab.run(table, "ip", "netns", "exec", router, "nft", "-f", "-");
  }

  private void ip(String arguments) {
    EspLab.run("", ("ip -n " + router + " " + arguments).split(" "));
  }

  private void in(String command) {
    String unused = EspLab.run("", ("ip netns exec " + router + " " + command).split(" "));
  }
}
