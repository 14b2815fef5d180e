package dev.reeve.engine.negotiate;

import dev.reeve.engine.ike.IkeState.IkeAssociation;
import dev.reeve.engine.nft.NatDoors;
import dev.reeve.engine.nft.NatDoors.Door;
import dev.reeve.model.net.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/// Who is reached in UDP, through a NAT, and who of those that share an address of one is not.
///
/// In transport mode hosts behind one NAT have one address and one traffic selector. The kernel
/// protects what it sends to that address with the association that was made last, whoever it is
/// with. So only the host that came first speaks with this one; tunnels have addresses of their own
/// inside and share the outer one.
///
/// @param doors what the gate is to know of that
/// @param owners of addresses of NATs: the identity that may use it in transport mode, as it proved
///   itself
/// @param refused those that came later
public record NatPeers(NatDoors doors, Map<IpAddress, String> owners, List<Refused> refused) {

  public static final NatPeers NONE = new NatPeers(NatDoors.NONE, Map.of(), List.of());

  public NatPeers {
    owners = Map.copyOf(owners);
    refused = List.copyOf(refused);
  }

  /// @param association charon's number
  /// @param peer its identity
  public record Refused(long association, IpAddress address, String peer) {}

  /// @param associations all that charon has
  public static NatPeers of(List<IkeAssociation> associations) {
    var byAddress = new TreeMap<IpAddress, List<IkeAssociation>>();
    for (IkeAssociation one : associations) {
      if (!one.isOurs()) continue;
      if (one.children().stream().noneMatch(child -> child.encapsulated())) continue;
      IpAddress.find(one.remoteHost())
          .ifPresent(
              address -> byAddress.computeIfAbsent(address, _ -> new ArrayList<>()).add(one));
    }
    var doors = new TreeSet<Door>();
    var owners = new TreeMap<IpAddress, String>();
    var refused = new ArrayList<Refused>();
    byAddress.forEach((address, all) -> {
      List<IkeAssociation> inOrder =
          all.stream().sorted((a, b) -> Long.compare(a.id(), b.id())).toList();
      for (IkeAssociation one : inOrder) {
        boolean shares =
            one.remoteNat() && one.children().stream().anyMatch(c -> c.mode().equals("TRANSPORT"));
        if (shares) owners.putIfAbsent(address, one.remoteId());
        if (shares && !one.remoteId().equals(owners.get(address))) {
          refused.add(new Refused(one.id(), address, one.remoteId()));
        } else {
          doors.add(new Door(address, one.remotePort()));
        }
      }
    });
    return new NatPeers(new NatDoors(doors, new TreeSet<>(owners.keySet())), owners, refused);
  }

  /// Whether that association must end.
  public boolean refuses(IkeAssociation association) {
    return refused.stream().anyMatch(one -> one.association() == association.id());
  }
}
