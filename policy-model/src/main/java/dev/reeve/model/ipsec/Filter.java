package dev.reeve.model.ipsec;

import dev.reeve.model.net.IpProtocol;
import dev.reeve.model.net.PortRange;

/// Which packets: from `source` to `destination`, and the other way round as well when `mirrored`.
///
/// @param description may be empty
public record Filter(
    AddressSpec source,
    AddressSpec destination,
    IpProtocol protocol,
    PortRange sourcePorts,
    PortRange destinationPorts,
    boolean mirrored,
    String description) {

  public Filter {
    if (!protocol.hasPorts() && !(sourcePorts.isAny() && destinationPorts.isAny())) {
      throw new IllegalArgumentException(
          "ports with protocol " + protocol + "; only TCP and UDP have them");
    }
  }

  /// The same filter for the answers.
  public Filter reversed() {
    return new Filter(
        destination, source, protocol, destinationPorts, sourcePorts, mirrored, description);
  }

  @Override
  public String toString() {
    return source
        + ports(sourcePorts)
        + (mirrored ? " <-> " : " -> ")
        + destination
        + ports(destinationPorts)
        + (protocol.isAny() ? "" : " " + protocol);
  }

  private static String ports(PortRange ports) {
    return ports.isAny() ? "" : " port " + ports;
  }
}
