package dev.reeve.engine.negotiate;

import dev.reeve.engine.nft.Gate.Ways;
import dev.reeve.engine.xfrm.XfrmPolicy.Layers;
import dev.reeve.model.net.IpFamily;
import java.util.List;
import java.util.Map;

/// Whether a rule can be negotiated on this host.
public sealed interface Negotiation {

  /// @param reqids of its associations, without those of an AH that stands around ESP
  /// @param ways which of its packets they protect
  /// @param notes what an administrator should know of it
  record Possible(Map<IpFamily, Long> reqids, Layers layers, Ways ways, List<String> notes)
      implements Negotiation {
    public Possible {
      reqids = Map.copyOf(reqids);
      notes = List.copyOf(notes);
    }
  }

  /// @param reason for people
  record Impossible(String reason) implements Negotiation {}
}
