package dev.reeve.cli.lab;

import java.util.List;

/// A container behind a host of a lab: a network of its own, reached by what the host publishes or
/// through a tunnel.
public record LabContainer(String name, LabHost host, Probe probe) implements LabEnd {

  static LabContainer behind(LabHost host, Lab lab, String name) throws LabException {
    List<String> gateway = List.of(address(host, false, 1) + "/24", address(host, true, 1) + "/64");
    List<String> own = List.of(address(host, false, 2) + "/24", address(host, true, 2) + "/64");
    Namespace inside = lab.network().behind(host.namespace(), name, gateway, own);
    return new LabContainer(name, host, lab.probe(inside));
  }

  /// In 172.30.11.0/24 and fd30:11::/64 behind 10.77.10.11.
  private static String address(LabHost host, boolean ipv6, int number) {
    String at = host.spec().address();
    String net = at.substring(at.lastIndexOf('.') + 1);
    return ipv6 ? "fd30:" + net + "::" + number : "172.30." + net + "." + number;
  }

  @Override
  public String address(boolean ipv6) {
    return address(host, ipv6, 2);
  }

  @Override
  public int look() throws LabException {
    return host.look();
  }

  /// As container engines do: the host translates the destination, in a table that is not ours.
  void publish(int hostPort, int containerPort) throws LabException {
    probe.listen(containerPort, name);
    host.namespace()
        .nft(
            """
            table inet published {
              chain prerouting {
                type nat hook prerouting priority dstnat; policy accept;
                iifname "eth0" tcp dport %1$d dnat ip to %2$s:%4$d
                iifname "eth0" tcp dport %1$d dnat ip6 to [%3$s]:%4$d
              }
            }
            """
                .formatted(hostPort, address(false), address(true), containerPort));
  }
}
