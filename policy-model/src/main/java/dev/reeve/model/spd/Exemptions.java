package dev.reeve.model.spd;

import dev.reeve.model.ipsec.BootExemption;
import dev.reeve.model.net.IpAddress;
import dev.reeve.model.net.IpProtocol;
import dev.reeve.model.net.PortRange;
import dev.reeve.model.spd.Exemption.Direction;
import dev.reeve.model.spd.Exemption.Kind;
import java.util.ArrayList;
import java.util.List;

/// Which traffic of a host is exempt: what IPsec itself needs, what keeps the host from being cut
/// off, and what its exemption level adds, as Windows' NoDefaultExempt does: level 1 takes Kerberos
/// and RSVP away, level 2 multicast and broadcast, level 3 all four.
///
/// Source: Microsoft KB 810207.
final class Exemptions {

  private static final PortRange ANY = PortRange.ANY;
  private static final PortRange KERBEROS = PortRange.of(88);

  private final List<Exemption> list = new ArrayList<>();

  private Exemptions() {}

  static List<Exemption> of(int level, HostView host) {
    var exemptions = new Exemptions();
    exemptions.ipsec();
    exemptions.necessities(host);
    if (level == 0 || level == 2) {
      exemptions.kerberos();
      exemptions.both("RSVP", IpProtocol.RSVP, ANY, ANY, Kind.ALL);
    }
    if (level <= 1) exemptions.both("multicast", IpProtocol.ANY, ANY, ANY, Kind.MULTICAST);
    return exemptions.list;
  }

  /// Before a policy is applied: what was set, with the answers to it, and level 3.
  static List<Exemption> atBoot(List<BootExemption> set, HostView host) {
    var exemptions = new Exemptions();
    for (BootExemption one : set) {
      exemptions.boot(one, one.outbound(), Kind.ALL);
      exemptions.boot(one, !one.outbound(), Kind.ANSWERS);
    }
    exemptions.list.addAll(of(3, host));
    return exemptions.list;
  }

  private void boot(BootExemption set, boolean outbound, Kind kind) {
    PortRange local = set.outbound() ? set.sourcePorts() : set.destinationPorts();
    PortRange peer = set.outbound() ? set.destinationPorts() : set.sourcePorts();
    Direction direction = outbound ? Direction.OUTBOUND : Direction.INBOUND;
    list.add(
        new Exemption(
            "boot exemption " + set, direction, set.protocol(), List.of(), local, peer, kind));
  }

  private void ipsec() {
    both("IKE", IpProtocol.UDP, PortRange.of(500), ANY, Kind.ALL);
    both("IKE behind NAT", IpProtocol.UDP, PortRange.of(Exemption.NAT_TRAVERSAL), ANY, Kind.ALL);
    both("ESP", IpProtocol.ESP, ANY, ANY, Kind.ALL);
    both("AH", IpProtocol.AH, ANY, ANY, Kind.ALL);
  }

  private void necessities(HostView host) {
    both("neighbour discovery", IpProtocol.ICMPV6, ANY, ANY, Kind.NEIGHBOUR_DISCOVERY);
    for (IpProtocol protocol : List.of(IpProtocol.ICMP, IpProtocol.ICMPV6)) {
      list.add(
          new Exemption(
              "path MTU", Direction.INBOUND, protocol, List.of(), ANY, ANY, Kind.PATH_MTU));
    }
    // Answers to a broadcast or multicast question are none to conntrack; both ports are fixed.
    both("DHCP", IpProtocol.UDP, PortRange.of(68), PortRange.of(67), Kind.ALL);
    both("DHCPv6", IpProtocol.UDP, PortRange.of(546), PortRange.of(547), Kind.ALL);
    for (IpAddress server : sorted(host.dnsServers())) {
      asked("DNS server " + server, IpProtocol.UDP, server, 53);
      asked("DNS server " + server, IpProtocol.TCP, server, 53);
    }
    for (IpAddress server : sorted(host.ntpServers())) {
      asked("NTP server " + server, IpProtocol.UDP, server, 123);
    }
    host.policyServers().stream()
        .distinct()
        .sorted()
        .forEach(server ->
            asked("policy server " + server, IpProtocol.TCP, server.address(), server.port()));
    host.directories().stream()
        .distinct()
        .sorted()
        .forEach(server ->
            asked("directory server " + server, IpProtocol.TCP, server.address(), server.port()));
  }

  private void kerberos() {
    for (IpProtocol protocol : List.of(IpProtocol.TCP, IpProtocol.UDP)) {
      both("Kerberos", protocol, ANY, KERBEROS, Kind.ALL);
      both("Kerberos", protocol, KERBEROS, ANY, Kind.ALL);
    }
  }

  private static List<IpAddress> sorted(List<IpAddress> addresses) {
    return addresses.stream().distinct().sorted().toList();
  }

  /// What this host asks, and the answers to it alone.
  private void asked(String reason, IpProtocol protocol, IpAddress server, int port) {
    var peers = List.of(server);
    var ports = PortRange.of(port);
    list.add(new Exemption(reason, Direction.OUTBOUND, protocol, peers, ANY, ports, Kind.ALL));
    list.add(new Exemption(reason, Direction.INBOUND, protocol, peers, ANY, ports, Kind.ANSWERS));
  }

  private void both(
      String reason, IpProtocol protocol, PortRange localPorts, PortRange peerPorts, Kind kind) {
    for (Direction direction : List.of(Direction.OUTBOUND, Direction.INBOUND)) {
      list.add(new Exemption(reason, direction, protocol, List.of(), localPorts, peerPorts, kind));
    }
  }
}
