package dev.reeve.engine.negotiate;

import dev.reeve.engine.ike.IkeState.ChildAssociation;
import dev.reeve.engine.ike.IkeState.IkeAssociation;
import dev.reeve.engine.xfrm.XfrmState;
import dev.reeve.model.net.IpAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// ESP that lacks the AH around it, in a main-mode association that this host began. IKE agrees on
/// the two apart, and of what the kernel asks for charon hears the ESP alone; so whoever began the
/// association asks for the AH.
///
/// @param child charon's number of the ESP
/// @param reqid of the ESP
public record HalfPair(long child, long reqid, IpAddress local, IpAddress remote) {

  private record Peer(String local, String remote, long reqid) {}

  /// @param reqids of ESP that needs AH around it
  public static List<HalfPair> of(List<IkeAssociation> associations, Set<Long> reqids) {
    var around = new HashSet<Peer>();
    for (IkeAssociation ike : associations) {
      for (ChildAssociation child : ike.children()) {
        child.reqid().ifPresent(reqid -> around.add(peer(ike, reqid)));
      }
    }
    return associations.stream()
        .filter(IkeAssociation::initiator)
        .flatMap(ike ->
            ike.children().stream()
                .filter(child -> child.state().equals("INSTALLED"))
                .filter(child -> child.reqid().filter(reqids::contains).isPresent())
                .filter(child ->
                    !around.contains(peer(ike, XfrmState.around(child.reqid().orElseThrow()))))
                .flatMap(child -> half(ike, child)))
        .toList();
  }

  private static Peer peer(IkeAssociation ike, long reqid) {
    return new Peer(ike.localHost(), ike.remoteHost(), reqid);
  }

  private static Stream<HalfPair> half(IkeAssociation ike, ChildAssociation child) {
    return IpAddress.find(ike.localHost()).stream()
        .flatMap(local ->
            IpAddress.find(ike.remoteHost()).stream()
                .map(remote ->
                    new HalfPair(child.id(), child.reqid().orElseThrow(), local, remote)));
  }
}
