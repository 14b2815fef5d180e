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

  /// The process there that calls and answers.
  Probe probe() throws LabException;

  /// A TCP connection from here.
  default Reach connect(String address, int port, Duration limit) throws LabException {
    return probe().connect(address, port, limit);
  }

  /// One UDP packet from here, and what comes back.
  ///
  /// @param from the port to send from; 0 for any
  default Reach datagram(String address, int port, Duration limit, int from) throws LabException {
    return probe().datagram(address, port, limit, from, 1, false);
  }

  /// A UDP packet of a size, and an answer as large.
  ///
  /// @param from likewise
  /// @param whole it must not be taken apart on its way
  default Reach datagram(
      String address, int port, Duration limit, int from, int bytes, boolean whole)
      throws LabException {
    return probe().datagram(address, port, limit, from, bytes, whole);
  }

  /// So many bytes to a TCP port that echoes, and back.
  default Reach exchange(String address, int port, Duration limit, int bytes) throws LabException {
    return probe().exchange(address, port, limit, bytes);
  }

  /// Answers on a UDP port with this end's name, as large as what came.
  default void answer(int port) throws LabException {
    probe().answer(port, name());
  }

  /// Says again what a TCP connection to that port brings.
  default void echo(int port) throws LabException {
    probe().echo(port);
  }

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
