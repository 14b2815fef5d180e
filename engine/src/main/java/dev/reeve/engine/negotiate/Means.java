package dev.reeve.engine.negotiate;

import dev.reeve.engine.ike.IkeCrl;
import dev.reeve.engine.ike.IkeIdentity;
import dev.reeve.engine.ike.IkeSecret;
import dev.reeve.engine.xfrm.OwnAddress;
import dev.reeve.model.bundle.PeerList;
import dev.reeve.model.bundle.Revocations;
import dev.reeve.model.ipsec.SealedSecret;
import dev.reeve.model.net.IpAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/// What a host has to negotiate with.
///
/// @param obstacle why it cannot negotiate at all; empty when it can
/// @param addresses its own, those that peers can reach
/// @param towards which of them packets to a peer have as their source; empty without a route
/// @param machine what Reeve's own CA issued to it
/// @param others certificates of other CAs
/// @param keys opens the pre-shared keys that were sealed for this host
/// @param peers who may associate with this host by its account; empty when nobody said so
/// @param revocations hosts of Reeve's own CA that count no more; empty when nobody said so
/// @param ended whether a CRL's time is over
public record Means(
    Optional<String> obstacle,
    List<OwnAddress> addresses,
    Function<IpAddress, Optional<IpAddress>> towards,
    Optional<IkeIdentity> machine,
    List<IkeIdentity> others,
    Function<SealedSecret, Optional<IkeSecret>> keys,
    Optional<Revocations> revocations,
    Optional<PeerList> peers,
    Predicate<IkeCrl> ended) {

  public Means {
    addresses = List.copyOf(addresses);
    others = List.copyOf(others);
  }

  /// Whether it is one of its own.
  boolean has(IpAddress address) {
    return addresses.stream().anyMatch(own -> own.address().equals(address));
  }

  /// A host that cannot negotiate.
  public static Means none(String obstacle) {
    return none(obstacle, List.of());
  }

  /// A host that cannot negotiate and has these addresses.
  public static Means none(String obstacle, List<OwnAddress> addresses) {
    return new Means(
        Optional.of(obstacle),
        addresses,
        _ -> Optional.empty(),
        Optional.empty(),
        List.of(),
        _ -> Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        _ -> false);
  }
}
