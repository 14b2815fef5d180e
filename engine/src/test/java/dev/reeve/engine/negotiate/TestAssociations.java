package dev.reeve.engine.negotiate;

import dev.reeve.engine.ike.IkeState.ChildAssociation;
import dev.reeve.engine.ike.IkeState.IkeAssociation;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Associations as charon tells of them.
final class TestAssociations {

  private TestAssociations() {}

  static IkeAssociation with(
      String peer, long id, boolean initiator, List<ChildAssociation> children) {
    return new IkeAssociation(
        id,
        "reeve-1",
        "ESTABLISHED",
        initiator,
        peer.contains(":") ? "fd00::1" : "10.0.0.1",
        peer,
        500,
        false,
        "",
        children);
  }

  static ChildAssociation child(long id, long reqid, String protocol, String state) {
    return new ChildAssociation(
        id,
        "c",
        Optional.of(reqid),
        state,
        protocol,
        "TRANSPORT",
        false,
        Set.of(1L, 2L),
        List.of(),
        List.of(),
        0,
        0);
  }
}
