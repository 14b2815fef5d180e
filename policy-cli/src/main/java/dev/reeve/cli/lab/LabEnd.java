package dev.reeve.cli.lab;

import java.time.Duration;
import java.util.List;

/// Where a connection begins or ends: a host of a lab, or the container behind one.
public sealed interface LabEnd permits LabHost, LabContainer {

  String name();

  /// The one whose link its packets pass.
  LabHost host();

  String address(boolean ipv6);

  /// The address that the others see.
  default String seenAs(boolean ipv6) {
    return address(ipv6);
  }

  /// A TCP connection from here.
  Reach connect(String address, int port, Duration limit) throws LabException;

  /// Looks at its host's link from now on, and stays.
  ///
  /// @return the place in the capture to look back to
  int look() throws LabException;

  /// What that link has carried between here and another end since a [#look]; of hosts behind the
  /// NAT all look the same. Of a container that is also whatever is secured between the two hosts:
  /// it may be within.
  default List<WireTap.Packet> seen(LabEnd other, boolean ipv6, int since) throws LabException {
    return host().seen(this, other, ipv6, since);
  }
}
