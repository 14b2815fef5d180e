package dev.reeve.model.spd;

/// How specific a selector is: greater is more specific and wins.
///
/// Compared field by field, as Windows describes it (addresses first, then protocol, then ports).
/// Microsoft never published the exact weights; these are ours and documented in docs/adr.
///
/// @param addressBits fixed bits of both addresses together, 0..256; IPv4 prefix lengths count
///   fourfold, `me` and a single address 128, a range as the shortest prefix that could hold as
///   many addresses
/// @param narrowerAddress fixed bits of the more specific of the two, 0..128
/// @param protocol 1 when the protocol is given
/// @param ports how many of the two ports are given, 0..2
/// @param portBits fixed bits of both ports together, 0..32
/// @param networkType 1 when bound to LAN or remote
public record Weight(
    int addressBits, int narrowerAddress, int protocol, int ports, int portBits, int networkType)
    implements Comparable<Weight> {

  @Override
  public int compareTo(Weight other) {
    int result = Integer.compare(addressBits, other.addressBits);
    if (result == 0) result = Integer.compare(narrowerAddress, other.narrowerAddress);
    if (result == 0) result = Integer.compare(protocol, other.protocol);
    if (result == 0) result = Integer.compare(ports, other.ports);
    if (result == 0) result = Integer.compare(portBits, other.portBits);
    return result != 0 ? result : Integer.compare(networkType, other.networkType);
  }
}
