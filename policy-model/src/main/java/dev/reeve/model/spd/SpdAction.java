package dev.reeve.model.spd;

import dev.reeve.model.ipsec.Posture;

/// What happens to a packet that an entry matches. RFC 4301 calls them BYPASS, DISCARD and PROTECT.
public sealed interface SpdAction {

  enum Permit implements SpdAction {
    PERMIT;

    @Override
    public String toString() {
      return "permit";
    }
  }

  enum Block implements SpdAction {
    BLOCK;

    @Override
    public String toString() {
      return "block";
    }
  }

  /// @param usable false when no offer or no proposal of the rule is strong enough for this host:
  ///   then nothing can be negotiated and the traffic is dropped, whatever the posture
  record Negotiate(Posture posture, boolean usable) implements SpdAction {
    @Override
    public String toString() {
      return posture + (usable ? "" : " (unusable: dropped)");
    }
  }

  /// Greater is stricter: of two equally specific entries the stricter one wins.
  default int strictness() {
    return switch (this) {
      case Permit _ -> 0;
      case Negotiate(var posture, var usable) ->
          !usable
              ? 4
              : switch (posture) {
                case REQUEST -> 1;
                case REQUIRE_PASS_THROUGH -> 2;
                case REQUIRE -> 3;
              };
      case Block _ -> 5;
    };
  }
}
