package dev.reeve.cli.lab;

/// A container behind a host of a lab: a network of its own, reached by what the host publishes.
///
/// @param host the namespace of the host
record LabContainer(String name, Namespace host, Probe probe) {

  private static final String ADDRESS = "172.30.0.2";

  static LabContainer behind(LabHost host, Lab lab, String name) throws LabException {
    Namespace inside =
        lab.network().behind(host.namespace(), name, "172.30.0.1/24", ADDRESS + "/24");
    return new LabContainer(name, host.namespace(), lab.probe(inside));
  }

  /// As container engines do: the host translates the destination, in a table that is not ours.
  void publish(int hostPort, int containerPort) throws LabException {
    probe.listen(containerPort, name);
    host.nft(
        """
        table ip published {
          chain prerouting {
            type nat hook prerouting priority dstnat; policy accept;
            iifname "eth0" tcp dport %d dnat to %s:%d
          }
        }
        """
            .formatted(hostPort, ADDRESS, containerPort));
  }
}
