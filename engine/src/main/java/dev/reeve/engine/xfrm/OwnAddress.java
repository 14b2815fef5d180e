package dev.reeve.engine.xfrm;

import dev.reeve.model.ipsec.NetworkType;
import dev.reeve.model.net.IpAddress;

/// An address of this host that peers can reach.
///
/// @param network the kind of its interface; `ALL` when that is neither LAN nor remote
public record OwnAddress(IpAddress address, NetworkType network) implements Comparable<OwnAddress> {

  /// One on a LAN.
  public static OwnAddress onLan(IpAddress address) {
    return new OwnAddress(address, NetworkType.LAN);
  }

  @Override
  public int compareTo(OwnAddress other) {
    int result = address.compareTo(other.address);
    return result != 0 ? result : network.compareTo(other.network);
  }
}
