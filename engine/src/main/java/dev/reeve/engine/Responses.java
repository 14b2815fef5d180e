package dev.reeve.engine;

import dev.reeve.engine.ike.IkeConnection;
import dev.reeve.engine.ike.IkeState.IkeAssociation;
import dev.reeve.engine.negotiate.Negotiations;
import dev.reeve.engine.negotiate.Standing;
import dev.reeve.engine.tool.ToolException;
import dev.reeve.engine.xfrm.Xfrm;
import dev.reeve.engine.xfrm.XfrmPolicy;
import dev.reeve.engine.xfrm.XfrmPolicy.Action;
import dev.reeve.engine.xfrm.XfrmPolicy.Direction;
import dev.reeve.engine.xfrm.XfrmPolicy.Layers;
import dev.reeve.engine.xfrm.XfrmSelector;
import dev.reeve.engine.xfrm.XfrmState;
import dev.reeve.model.net.IpAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// AH around the ESP of the default response. charon writes the kernel's policies for that ESP, of
/// one layer, and none for the AH, or it would replace them. Where both stand, both layers are
/// written in their place. The kernel tells policies apart by direction and selector, so charon
/// takes these for its own: it removes them with the ESP, and writes its own again when the ESP is
/// renewed.
final class Responses {

  private final Xfrm xfrm;

  Responses(Xfrm xfrm) {
    this.xfrm = xfrm;
  }

  /// @param associations of that charon
  void wrap(List<IkeAssociation> associations, Negotiations applied) {
    Set<Long> reqids = applied.responsesInAh();
    if (reqids.isEmpty()) return;
    try {
      List<XfrmPolicy> both =
          inAh(xfrm.policies(IkeConnection.RESPOND_PRIORITY), Standing.of(associations), reqids);
      if (!both.isEmpty()) xfrm.change(both, List.of());
    } catch (ToolException e) {
      // the peer drops what it gets in ESP alone; the next association tries again
    }
  }

  /// @param policies of charon
  /// @param reqids of ESP that needs AH around it
  static List<XfrmPolicy> inAh(List<XfrmPolicy> policies, Standing standing, Set<Long> reqids) {
    return policies.stream()
        .flatMap(policy ->
            policy.action() instanceof Action.Protect(var layers, var reqid, var mode, var required)
                    && layers == Layers.ESP
                    && reqids.contains(reqid)
                    && peer(policy)
                        .filter(p -> standing.has(p, XfrmState.around(reqid)))
                        .isPresent()
                ? Stream.of(
                    new XfrmPolicy(
                        policy.direction(),
                        policy.selector(),
                        policy.priority(),
                        new Action.Protect(Layers.ESP_IN_AH, reqid, mode, required)))
                : Stream.empty())
        .toList();
  }

  private static Optional<IpAddress> peer(XfrmPolicy policy) {
    XfrmSelector selector = policy.selector();
    var end = policy.direction() == Direction.OUT ? selector.destination() : selector.source();
    return end.length() == end.family().bits() ? Optional.of(end.network()) : Optional.empty();
  }
}
