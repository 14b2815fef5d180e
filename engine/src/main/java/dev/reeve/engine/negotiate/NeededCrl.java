package dev.reeve.engine.negotiate;

import dev.reeve.engine.ike.IkeCrl;
import dev.reeve.engine.ike.IkeIdentity;
import dev.reeve.model.bundle.Revocations;
import dev.reeve.model.ipsec.HostSettings;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.security.auth.x500.X500Principal;

/// A CRL that peers of this host are checked against at the level in force, and what it has of it.
///
/// @param authority whose
/// @param held what this host was sent; empty when it was sent none
public record NeededCrl(X500Principal authority, Optional<IkeCrl> held) {

  /// At level 1 those of the peers' issuers, at level 2 of all that stand above; at 0 none.
  ///
  /// @param identities what peers have the like of
  public static List<NeededCrl> of(
      HostSettings settings, Optional<Revocations> revocations, List<IkeIdentity> identities) {
    Crls crls = Crls.of(settings, revocations);
    Stream<X500Principal> needed =
        switch (crls.level()) {
          case 0 -> Stream.empty();
          case 1 -> identities.stream().map(one -> one.issuer().getSubjectX500Principal());
          default -> identities.stream().flatMap(one -> Crls.authorities(one).stream());
        };
    return needed
        .distinct()
        .map(authority -> new NeededCrl(authority, find(crls, authority)))
        .toList();
  }

  private static Optional<IkeCrl> find(Crls crls, X500Principal authority) {
    return crls.known().stream()
        .filter(crl -> crl.authority().equals(Optional.of(authority)))
        .findFirst();
  }
}
