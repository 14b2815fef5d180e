package dev.reeve.model.spd;

import dev.reeve.model.ipsec.AddressSpec;
import dev.reeve.model.ipsec.Filter;
import dev.reeve.model.ipsec.NetworkType;
import dev.reeve.model.net.AddressRange;
import dev.reeve.model.net.IpAddress;
import dev.reeve.model.net.IpFamily;
import dev.reeve.model.net.PortRange;

/// How specific a filter is: greater is more specific and wins.
///
/// Compared field by field, as Windows describes it (addresses first, then protocol, then ports).
/// Microsoft never published the exact weights; these are ours and documented in docs/adr. A weight
/// depends on the filter alone: a name or a server role always means single addresses, so every
/// host has the same order.
///
/// @param addressBits fixed bits of both addresses together, 0..256; IPv4 prefix lengths count
///   fourfold, `me` and a single address 128, a range as the longest prefix that could hold as many
///   addresses
/// @param narrowerAddress fixed bits of the more specific of the two, 0..128
/// @param protocol 1 when the protocol is given
/// @param ports how many of the two ports are given, 0..2
/// @param portBits fixed bits of both ports together, 0..32
/// @param networkType 1 when bound to LAN or remote
public record Weight(
    int addressBits, int narrowerAddress, int protocol, int ports, int portBits, int networkType)
    implements Comparable<Weight> {

  /// Both directions of a mirrored filter weigh the same.
  public static Weight of(Filter filter, NetworkType networkType) {
    int source = bits(filter.source());
    int destination = bits(filter.destination());
    return new Weight(
        source + destination,
        Math.max(source, destination),
        filter.protocol().isAny() ? 0 : 1,
        (filter.sourcePorts().isAny() ? 0 : 1) + (filter.destinationPorts().isAny() ? 0 : 1),
        bits(filter.sourcePorts()) + bits(filter.destinationPorts()),
        networkType == NetworkType.ALL ? 0 : 1);
  }

  private static int bits(AddressSpec address) {
    return switch (address) {
      case AddressSpec.Any _ -> 0;
      case AddressSpec.Me _, AddressSpec.Name _, AddressSpec.Servers _ -> 128;
      case AddressSpec.Subnet(var prefix) -> scaled(prefix.family(), prefix.length());
      case AddressSpec.Range(var range) -> scaled(range.family(), bits(range));
    };
  }

  private static int scaled(IpFamily family, int bits) {
    return family == IpFamily.IPV4 ? 4 * bits : bits;
  }

  private static int bits(AddressRange range) {
    IpAddress first = range.first();
    IpAddress last = range.last();
    long low = last.low() - first.low();
    long borrow = Long.compareUnsigned(last.low(), first.low()) < 0 ? 1 : 0;
    long high = last.high() - first.high() - borrow;
    int free = high != 0 ? 128 - Long.numberOfLeadingZeros(high) : significant(low);
    return range.family().bits() - free;
  }

  private static int bits(PortRange ports) {
    return 16 - significant(ports.last() - ports.first());
  }

  /// Bits that are needed to count from 0 to `value`.
  private static int significant(long value) {
    return 64 - Long.numberOfLeadingZeros(value);
  }

  @Override
  public int compareTo(Weight other) {
    int result = Integer.compare(addressBits, other.addressBits);
    if (result == 0) result = Integer.compare(narrowerAddress, other.narrowerAddress);
    if (result == 0) result = Integer.compare(protocol, other.protocol);
    if (result == 0) result = Integer.compare(ports, other.ports);
    if (result == 0) result = Integer.compare(portBits, other.portBits);
    return result != 0 ? result : Integer.compare(networkType, other.networkType);
  }

  /// The fields in the order in which they are compared: `256.128.1.1.16.0`.
  @Override
  public String toString() {
    return addressBits
        + "."
        + narrowerAddress
        + "."
        + protocol
        + "."
        + ports
        + "."
        + portBits
        + "."
        + networkType;
  }
}
