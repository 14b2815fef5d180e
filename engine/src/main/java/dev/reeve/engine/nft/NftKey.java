package dev.reeve.engine.nft;

import dev.reeve.engine.nft.NftMatch.End;
import dev.reeve.model.net.IpAddress;
import dev.reeve.model.net.IpFamily;
import dev.reeve.model.net.IpPrefix;

/// One part of what is looked up in an [NftMap].
public sealed interface NftKey {

  /// @param bits how many leading bits count, 1..32 or 1..128
  record Address(End end, IpFamily family, int bits) implements NftKey {}

  enum Protocol implements NftKey {
    PROTOCOL
  }

  /// Of TCP or UDP; stands behind the protocol.
  record Port(End end) implements NftKey {}

  /// The data type of this part in a map's declaration.
  default String type() {
    return switch (this) {
      case Address address -> address.family() == IpFamily.IPV4 ? "ipv4_addr" : "ipv6_addr";
      case Protocol _ -> "inet_proto";
      case Port _ -> "inet_service";
    };
  }

  default String toText() {
    return switch (this) {
      case Address(var end, var family, var bits) ->
          (family == IpFamily.IPV4 ? "ip " : "ip6 ")
              + end.address()
              + (bits == family.bits() ? "" : " & " + mask(family, bits));
      case Protocol _ -> "meta l4proto";
      case Port(var end) -> "th " + end.port();
    };
  }

  /// `255.255.255.0` for 24 bits of IPv4.
  static IpAddress mask(IpFamily family, int bits) {
    IpAddress ones = family == IpFamily.IPV4 ? IpAddress.v4(-1) : IpAddress.v6(-1, -1);
    return IpPrefix.containing(ones, bits).network();
  }
}
