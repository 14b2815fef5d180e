package dev.reeve.model.spd;

import dev.reeve.model.ipsec.Posture;

/// What happens to a packet that an entry matches. RFC 4301 calls them BYPASS, DISCARD and PROTECT.
public sealed interface SpdAction {

  enum Permit implements SpdAction {
    PERMIT
  }

  enum Block implements SpdAction {
    BLOCK
  }

  /// @param usable false when no offer or no proposal of the rule is strong enough for this host:
  ///   then nothing can be negotiated and the traffic is dropped, whatever the posture
  record Negotiate(Posture posture, boolean usable) implements SpdAction {}
}
