package dev.reeve.engine.negotiate;

import dev.reeve.engine.ike.IkeState.ChildAssociation;
import dev.reeve.engine.ike.IkeState.IkeAssociation;
import dev.reeve.engine.xfrm.XfrmState;
import dev.reeve.model.net.IpAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// ESP that lacks the AH around it, in a main-mode association that this host began. IKE agrees on
/// the two apart, and of what the kernel asks for charon hears the ESP alone; so whoever began the
/// association asks for the AH.
///
/// @param children charon's numbers of the ESP, one or several
public record HalfPair(Ends ends, List<Long> children) {

  public HalfPair {
    children = List.copyOf(children);
  }

  /// @param reqid of the ESP
  public record Ends(IpAddress local, IpAddress remote, long reqid) {}

  /// @param reqids of ESP that needs AH around it
  public static List<HalfPair> of(List<IkeAssociation> associations, Set<Long> reqids) {
    var around = new HashSet<Ends>();
    var found = new LinkedHashMap<Ends, List<Long>>();
    for (IkeAssociation ike : associations) {
      for (ChildAssociation child : ike.children()) {
        Optional<Ends> ends = ends(ike, child);
        if (ends.isEmpty()) continue;
        around.add(ends.get());
        boolean ours = ike.initiator() && child.state().equals("INSTALLED");
        if (ours && reqids.contains(ends.get().reqid()))
          found.computeIfAbsent(ends.get(), _ -> new ArrayList<>()).add(child.id());
      }
    }
    return found.entrySet().stream()
        .filter(esp -> !around.contains(ah(esp.getKey())))
        .map(esp -> new HalfPair(esp.getKey(), esp.getValue()))
        .toList();
  }

  private static Optional<Ends> ends(IkeAssociation ike, ChildAssociation child) {
    Optional<IpAddress> local = IpAddress.find(ike.localHost());
    Optional<IpAddress> remote = IpAddress.find(ike.remoteHost());
    return local.isPresent() && remote.isPresent()
        ? child.reqid().map(reqid -> new Ends(local.get(), remote.get(), reqid))
        : Optional.empty();
  }

  private static Ends ah(Ends esp) {
    return new Ends(esp.local(), esp.remote(), XfrmState.around(esp.reqid()));
  }
}
