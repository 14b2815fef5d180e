package dev.reeve.model.spd;

import dev.reeve.model.net.IpAddress;
import dev.reeve.model.net.IpFamily;
import java.util.List;
import java.util.Map;

/// What a host knows of itself that its policy speaks of by role or name.
///
/// @param names DNS names that filters use, and what they resolve to now
/// @param policyServers where this host gets its policy; their paths are exempt
/// @param directories LDAP servers that this host's own clients ask; exempt likewise
/// @param ntpServers time sources, exempt likewise: certificates need a clock
/// @param privateAddresses own addresses that are not "me": those of the interfaces that the
///   setting `mePrivate` names
public record HostView(
    List<IpAddress> dnsServers,
    List<IpAddress> winsServers,
    List<IpAddress> dhcpServers,
    List<IpAddress> gateways,
    Map<String, List<IpAddress>> names,
    List<Endpoint> policyServers,
    List<Endpoint> directories,
    List<IpAddress> ntpServers,
    List<IpAddress> privateAddresses) {

  public static final HostView NONE =
      new HostView(
          List.of(), List.of(), List.of(), List.of(), Map.of(), List.of(), List.of(), List.of());

  /// Of a host that knows no directory.
  public HostView(
      List<IpAddress> dnsServers,
      List<IpAddress> winsServers,
      List<IpAddress> dhcpServers,
      List<IpAddress> gateways,
      Map<String, List<IpAddress>> names,
      List<Endpoint> policyServers,
      List<IpAddress> ntpServers,
      List<IpAddress> privateAddresses) {
    this(
        dnsServers,
        winsServers,
        dhcpServers,
        gateways,
        names,
        policyServers,
        List.of(),
        ntpServers,
        privateAddresses);
  }

  public HostView {
    dnsServers = List.copyOf(dnsServers);
    winsServers = List.copyOf(winsServers);
    dhcpServers = List.copyOf(dhcpServers);
    gateways = List.copyOf(gateways);
    names = Map.copyOf(names);
    policyServers = List.copyOf(policyServers);
    directories = List.copyOf(directories);
    ntpServers = List.copyOf(ntpServers);
    privateAddresses = List.copyOf(privateAddresses);
  }

  /// A TCP service.
  ///
  /// @param port 1 to 65535
  public record Endpoint(IpAddress address, int port) implements Comparable<Endpoint> {

    public Endpoint {
      if (!isPort(port)) throw new IllegalArgumentException("no port of a service: " + port);
    }

    public static boolean isPort(int number) {
      return number > 0 && number <= 0xffff;
    }

    @Override
    public int compareTo(Endpoint other) {
      int result = address.compareTo(other.address);
      return result != 0 ? result : Integer.compare(port, other.port);
    }

    @Override
    public String toString() {
      return address.family() == IpFamily.IPV6 ? "[" + address + "]:" + port : address + ":" + port;
    }
  }
}
