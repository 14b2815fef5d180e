package dev.reeve.engine.negotiate;

import dev.reeve.engine.ike.IkeState.ChildAssociation;
import dev.reeve.engine.ike.IkeState.IkeAssociation;
import dev.reeve.model.net.IpAddress;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// With whom quick-mode associations stand, and under which request ids.
public record Standing(Map<IpAddress, Set<Long>> reqids) {

  public Standing {
    reqids = Map.copyOf(reqids);
  }

  public static Standing of(Collection<IkeAssociation> associations) {
    var reqids = new HashMap<IpAddress, Set<Long>>();
    for (IkeAssociation ike : associations) {
      IpAddress.find(ike.remoteHost())
          .ifPresent(peer -> {
            for (ChildAssociation child : ike.children()) {
              Set<Long> its = reqids.computeIfAbsent(peer, _ -> new HashSet<>());
              child.reqid().ifPresent(its::add);
            }
          });
    }
    return new Standing(reqids);
  }

  public boolean has(IpAddress peer, long reqid) {
    return reqids.getOrDefault(peer, Set.of()).contains(reqid);
  }

  /// Whether that peer has associations, and none under this request id: it answers, so that asking
  /// it for this one too is worth while.
  public boolean lacks(IpAddress peer, long reqid) {
    return reqids.containsKey(peer) && !has(peer, reqid);
  }
}
