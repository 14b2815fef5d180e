package dev.reeve.engine.ike;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What a charon holds, as it says itself.
///
/// @param connections ours, by name, each with the names of its children in their order
/// @param secrets pre-shared keys, by id
/// @param crls one of each authority at most: charon replaces the older
public record IkeState(
    Map<String, List<String>> connections,
    Set<String> secrets,
    List<IkeAssociation> associations,
    Set<IkeCrl> crls) {

  public static final IkeState NONE = new IkeState(Map.of(), Set.of(), List.of(), Set.of());

  public IkeState {
    connections = Map.copyOf(connections);
    secrets = Set.copyOf(secrets);
    associations = List.copyOf(associations);
    crls = Set.copyOf(crls);
  }

  /// Whether that connection is loaded as it should be.
  public boolean holds(IkeConnection wanted) {
    List<String> children = connections.get(wanted.name());
    return wanted.children().stream().map(IkeChild::name).toList().equals(children);
  }

  /// A main-mode association and its quick-mode ones.
  ///
  /// @param id charon's own number
  /// @param initiator whether this host began it
  /// @param remoteNat whether a NAT stands before the peer
  public record IkeAssociation(
      long id,
      String connection,
      String state,
      boolean initiator,
      String localHost,
      String remoteHost,
      int remotePort,
      boolean remoteNat,
      String remoteId,
      List<ChildAssociation> children) {

    public IkeAssociation {
      children = List.copyOf(children);
    }

    /// Whether a connection of ours made it.
    public boolean isOurs() {
      return connection.startsWith(IkeConnection.PREFIX);
    }
  }

  /// @param encapsulated in UDP
  /// @param spis of both directions
  public record ChildAssociation(
      long id,
      String name,
      Optional<Long> reqid,
      String state,
      String protocol,
      String mode,
      boolean encapsulated,
      Set<Long> spis,
      List<String> local,
      List<String> remote,
      long bytesIn,
      long bytesOut) {

    public ChildAssociation {
      spis = Set.copyOf(spis);
      local = List.copyOf(local);
      remote = List.copyOf(remote);
    }
  }
}
