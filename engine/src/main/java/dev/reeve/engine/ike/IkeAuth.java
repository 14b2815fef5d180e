package dev.reeve.engine.ike;

import dev.reeve.model.ipsec.SealedSecret;
import dev.reeve.model.net.IpAddress;
import dev.reeve.model.net.IpFamily;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// How both ends of a connection prove who they are.
public sealed interface IkeAuth {

  /// @param requestByName whether our request for a certificate names the CA
  /// @param revocation what a peer's certificate without a fresh CRL is worth
  record Certificate(IkeIdentity identity, boolean requestByName, Revocation revocation)
      implements IkeAuth {}

  /// @param id names the key between us and charon; tells nothing of it
  /// @param owners whose key it is, at most one in each family: they must be there, and be called
  ///   by their address; empty for everybody's
  record SharedKey(String id, IkeSecret key, Set<IpAddress> owners) implements IkeAuth {
    /// Starts the id of every one of ours.
    static final String PREFIX = "psk-";

    /// @param sealed the key as it travelled: what the id is made from
    public static SharedKey of(SealedSecret sealed, IkeSecret key, Set<IpAddress> owners) {
      return new SharedKey(
          PREFIX
              + (owners.isEmpty()
                  ? IkeNames.of(sealed.text())
                  : IkeNames.of(sealed.text(), new TreeSet<>(owners))),
          key,
          owners);
    }

    public SharedKey {
      owners = Set.copyOf(owners);
    }

    Optional<IpAddress> owner(IpFamily family) {
      return owners.stream().filter(owner -> owner.family() == family).findFirst();
    }
  }

  enum Revocation {
    /// Refused only when a CRL at hand names it.
    RELAXED,
    /// Refused without a fresh CRL.
    STRICT;

    String text() {
      return switch (this) {
        case RELAXED -> "relaxed";
        case STRICT -> "strict";
      };
    }
  }
}
