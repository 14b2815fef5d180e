package dev.reeve.engine.ike;

import dev.reeve.model.ipsec.SealedSecret;

/// How both ends of a connection prove who they are.
public sealed interface IkeAuth {

  /// @param requestByName whether our request for a certificate names the CA
  /// @param revocation what a peer's certificate without a fresh CRL is worth
  record Certificate(IkeIdentity identity, boolean requestByName, Revocation revocation)
      implements IkeAuth {}

  /// @param id names the key between us and charon; tells nothing of it
  record SharedKey(String id, IkeSecret key) implements IkeAuth {
    /// Starts the id of every one of ours.
    static final String PREFIX = "psk-";

    /// @param sealed the key as it travelled: what the id is made from
    public static SharedKey of(SealedSecret sealed, IkeSecret key) {
      return new SharedKey(PREFIX + IkeNames.of(sealed.text()), key);
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
