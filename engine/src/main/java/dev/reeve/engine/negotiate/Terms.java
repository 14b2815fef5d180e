package dev.reeve.engine.negotiate;

import dev.reeve.engine.ike.IkeAuth;
import dev.reeve.engine.ike.IkeMainMode;
import dev.reeve.engine.xfrm.XfrmPolicy.Layers;
import dev.reeve.model.ipsec.QuickModeOffer;
import java.util.Comparator;
import java.util.List;

/// What a rule is negotiated with.
///
/// @param offers those that can be used, never empty
/// @param auths most preferred first, never empty: the first one is what this host starts with
record Terms(IkeMainMode mainMode, List<QuickModeOffer> offers, List<IkeAuth> auths) {

  Terms {
    offers = List.copyOf(offers);
    auths = List.copyOf(auths);
  }

  /// The offer whose keys live shortest. They all do: charon does not tell beforehand which one a
  /// peer will take.
  QuickModeOffer shortest() {
    return offers.stream().min(Comparator.comparing(QuickModeOffer::lifetime)).orElseThrow();
  }

  /// Likewise.
  long kilobytes() {
    return offers.stream().mapToLong(QuickModeOffer::kilobytes).min().orElseThrow();
  }

  Layers layers() {
    QuickModeOffer first = offers.getFirst();
    if (first.esp().isEmpty()) return Layers.AH;
    return first.ah().isPresent() ? Layers.ESP_IN_AH : Layers.ESP;
  }
}
