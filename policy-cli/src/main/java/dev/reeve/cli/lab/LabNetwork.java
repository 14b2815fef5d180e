package dev.reeve.cli.lab;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// One Ethernet made of network namespaces: a switch, and hosts that are plugged into it. The
/// machine's own namespace gets no link, address or rule.
final class LabNetwork {

  private static final String SWITCH = "switch";
  static final String NAT = "nat";

  /// Without a range a second host's port 500 becomes any below 512: tcpdump takes what comes from
  /// 53, 67 and others for no IKE.
  private static final String MASQUERADE =
      """
      table inet nat {
        chain out {
          type nat hook postrouting priority 100; policy accept;
          oifname "eth0" meta l4proto udp masquerade to :20000-60000
          oifname "eth0" masquerade
        }
      }
      """;

  private final String prefix;
  private final Map<String, Namespace> namespaces = new LinkedHashMap<>();

  /// @param prefix starts every namespace's name
  LabNetwork(String prefix) {
    this.prefix = prefix;
  }

  /// What is there of a network whose process is gone.
  static LabNetwork left(String prefix) {
    var network = new LabNetwork(prefix);
    try {
      for (String name : network.names()) {
        network.namespaces.put(name.substring(prefix.length()), new Namespace(name));
      }
    } catch (LabException _) {
      // No `ip`, no namespaces.
    }
    return network;
  }

  void addSwitch() throws LabException {
    Namespace lan = namespace(SWITCH);
    ip(lan, "link", "add", "br0", "type", "bridge");
    ip(lan, "link", "set", "br0", "up");
  }

  private Namespace namespace(String name) throws LabException {
    var namespace = new Namespace(prefix + name);
    namespaces.put(name, namespace);
    Command.must("ip", "netns", "add", namespace.name());
    ip(namespace, "link", "set", "lo", "up");
    return namespace;
  }

  /// A host on the switch, or behind the NAT on it.
  Namespace plugIn(HostSpec spec) throws LabException {
    Namespace host = namespace(spec.name());
    Namespace lan = spec.behindNat() ? nat() : lan();
    String port = port(spec.name());
    wire(host, "eth0", lan, port);
    ip(lan, "link", "set", port, "master", "br0", "up");
    up(host, "eth0", spec.addresses());
    if (spec.behindNat()) goBy(host, HostSpec.NAT_INSIDE);
    return host;
  }

  /// A router on the switch that masquerades, and a switch of its own. Made when it is first asked
  /// for.
  private Namespace nat() throws LabException {
    Namespace made = namespaces.get(NAT);
    if (made != null) return made;
    Namespace router = namespace(NAT);
    wire(router, "eth0", lan(), port(NAT));
    ip(lan(), "link", "set", port(NAT), "master", "br0", "up");
    up(router, "eth0", HostSpec.NAT_OUTSIDE);
    ip(router, "link", "add", "br0", "type", "bridge");
    up(router, "br0", HostSpec.NAT_INSIDE);
    forward(router);
    router.nft(MASQUERADE);
    return router;
  }

  private static void forward(Namespace router) throws LabException {
    router.must("sysctl", "-q", "-w", "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1");
  }

  private static void goBy(Namespace host, List<String> gateway) throws LabException {
    for (String address : gateway)
      ip(host, "route", "add", "default", "via", HostSpec.bare(address));
  }

  Optional<Namespace> findNat() {
    return Optional.ofNullable(namespaces.get(NAT));
  }

  /// Looks at a host's link from the switch: at the host itself, what comes out of a tunnel is seen
  /// once more, in clear.
  ///
  /// @param filter in tcpdump's words
  WireTap tap(HostSpec spec, String filter) throws LabException {
    return WireTap.open(spec.behindNat() ? nat() : lan(), port(spec.name()), filter);
  }

  /// A container that only `host` reaches, as container engines wire them.
  Namespace behind(Namespace host, String name, List<String> hostAddresses, List<String> addresses)
      throws LabException {
    Namespace container = namespace(name);
    wire(container, "eth0", host, "cont0");
    up(host, "cont0", hostAddresses);
    up(container, "eth0", addresses);
    goBy(container, hostAddresses);
    forward(host);
    return container;
  }

  private static void wire(Namespace one, String link, Namespace other, String peer)
      throws LabException {
    Command.must(
        "ip",
        "link",
        "add",
        link,
        "netns",
        one.name(),
        "type",
        "veth", //
        "peer",
        "name",
        peer,
        "netns",
        other.name());
  }

  private static void up(Namespace namespace, String link, List<String> addresses)
      throws LabException {
    for (String address : addresses) {
      var words = new ArrayList<>(List.of("addr", "add", address, "dev", link));
      if (address.indexOf(':') >= 0) words.add("nodad");
      ip(namespace, words.toArray(String[]::new));
    }
    ip(namespace, "link", "set", link, "up");
  }

  /// Pulls a host's plug out of the switch.
  void cut(String name) throws LabException {
    ip(lan(), "link", "set", port(name), "down");
  }

  void mend(String name) throws LabException {
    ip(lan(), "link", "set", port(name), "up");
  }

  private Namespace lan() throws LabException {
    Namespace lan = namespaces.get(SWITCH);
    if (lan == null) throw new LabException("this network has no switch");
    return lan;
  }

  private static String port(String name) {
    return "p-" + name; // 15 characters at most
  }

  /// Processes that still run in one of the namespaces.
  Set<Long> processes() {
    var found = new HashSet<Long>();
    for (Namespace namespace : namespaces.values()) {
      try {
        Command.must("ip", "netns", "pids", namespace.name())
            .lines()
            .forEach(pid -> found.add(Long.parseLong(pid.strip())));
      } catch (LabException _) {
        // It is gone, and its processes with it.
      }
    }
    return found;
  }

  /// Removes everything; what cannot be removed shows in [#leftovers].
  void remove() {
    for (Namespace namespace : namespaces.values()) {
      try {
        Command.must("ip", "netns", "del", namespace.name());
      } catch (LabException _) {
        // Never made, or gone; leftovers() looks.
      }
    }
  }

  /// Namespaces that are still there.
  List<String> leftovers() {
    try {
      return names().stream().map(name -> "network namespace " + name).toList();
    } catch (LabException e) {
      return List.of("perhaps network namespaces: " + e.getMessage());
    }
  }

  private List<String> names() throws LabException {
    return Command.must("ip", "netns", "list")
        .lines()
        .map(line -> line.split(" ")[0])
        .filter(name -> name.startsWith(prefix))
        .toList();
  }

  private static void ip(Namespace namespace, String... words) throws LabException {
    var command = new ArrayList<>(List.of("ip", "-n", namespace.name()));
    command.addAll(List.of(words));
    Command.must(command, "");
  }
}
