package dev.reeve.engine.host;

import dev.reeve.model.net.IpAddress;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.stream.Stream;

/// Addresses of names and interfaces, from the system.
final class SystemAddresses {

  private SystemAddresses() {}

  static List<IpAddress> ofName(String name) {
    try {
      return Stream.of(InetAddress.getAllByName(name)).map(SystemAddresses::address).toList();
    } catch (UnknownHostException e) {
      return List.of();
    }
  }

  static List<IpAddress> ofInterface(String name) {
    try {
      NetworkInterface device = NetworkInterface.getByName(name);
      return device == null
          ? List.of()
          : device.inetAddresses().map(SystemAddresses::address).toList();
    } catch (SocketException e) {
      return List.of();
    }
  }

  private static IpAddress address(InetAddress address) {
    return IpAddress.ofBytes(address.getAddress());
  }
}
