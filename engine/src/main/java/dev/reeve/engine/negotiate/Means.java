package dev.reeve.engine.negotiate;

import dev.reeve.engine.ike.IkeIdentity;
import dev.reeve.engine.ike.IkeSecret;
import dev.reeve.model.ipsec.SealedSecret;
import dev.reeve.model.net.IpAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// What a host has to negotiate with.
///
/// @param obstacle why it cannot negotiate at all; empty when it can
/// @param addresses its own, those that peers can reach
/// @param machine what Reeve's own CA issued to it
/// @param others certificates of other CAs
/// @param keys opens the pre-shared keys that were sealed for this host
public record Means(
    Optional<String> obstacle,
    List<IpAddress> addresses,
    Optional<IkeIdentity> machine,
    List<IkeIdentity> others,
    Function<SealedSecret, Optional<IkeSecret>> keys) {

  public Means {
    addresses = List.copyOf(addresses);
    others = List.copyOf(others);
  }

  /// A host that cannot negotiate.
  public static Means none(String obstacle) {
    return new Means(
        Optional.of(obstacle), List.of(), Optional.empty(), List.of(), _ -> Optional.empty());
  }
}
