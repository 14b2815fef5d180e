package dev.reeve.model.ipsec;

import java.util.List;

/// What a rule does with the traffic that its filter list matches.
public sealed interface FilterAction {

  /// As the administrator called it; may be empty.
  String name();

  record Permit(String name) implements FilterAction {}

  record Block(String name) implements FilterAction {}

  /// @param offers most preferred first, never empty
  /// @param acceptUnsecuredInbound inbound pass-through: a first clear packet is accepted, the
  ///   answer must be secured
  /// @param allowFallbackToClear with peers that do not answer IKE
  record Negotiate(
      String name,
      List<QuickModeOffer> offers,
      boolean acceptUnsecuredInbound,
      boolean allowFallbackToClear)
      implements FilterAction {
    public Negotiate {
      offers = List.copyOf(offers);
      if (offers.isEmpty()) throw new IllegalArgumentException("negotiate needs an offer");
    }

    public Posture posture() {
      if (allowFallbackToClear) return Posture.REQUEST;
      return acceptUnsecuredInbound ? Posture.REQUIRE_PASS_THROUGH : Posture.REQUIRE;
    }
  }
}
