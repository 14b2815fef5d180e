package dev.reeve.engine.plan;

import dev.reeve.engine.ike.IkeChild;
import dev.reeve.engine.ike.IkeState;
import dev.reeve.engine.nft.NftTable;
import dev.reeve.engine.xfrm.XfrmPolicy;
import dev.reeve.engine.xfrm.XfrmState;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What the kernel and charon hold of ours, as read back.
///
/// @param states associations of the kernel, read before charon was asked for its own
/// @param unfinished what nobody can read back
public record Installed(
    Optional<NftTable> gate,
    List<XfrmPolicy> policies,
    Set<XfrmState> states,
    boolean dropsFirstPackets,
    IkeState ike,
    Unfinished unfinished) {

  public static final Installed NOTHING =
      new Installed(Optional.empty(), List.of(), Set.of(), false, IkeState.NONE);

  /// With nothing unfinished.
  public Installed(
      Optional<NftTable> gate,
      List<XfrmPolicy> policies,
      Set<XfrmState> states,
      boolean dropsFirstPackets,
      IkeState ike) {
    this(gate, policies, states, dropsFirstPackets, ike, Unfinished.NOTHING);
  }

  public Installed {
    policies = List.copyOf(policies);
    states = Set.copyOf(states);
  }

  /// As if every step had been done.
  public static Installed asDone(Wanted wanted) {
    var connections = new HashMap<String, List<String>>();
    wanted
        .negotiations()
        .connections()
        .forEach(connection ->
            connections.put(
                connection.name(), connection.children().stream().map(IkeChild::name).toList()));
    return new Installed(
        wanted.gate().table(),
        wanted.negotiations().policies(),
        Set.of(),
        true,
        new IkeState(connections, Set.of(), List.of(), Set.copyOf(wanted.checks().crls())));
  }

  /// Where nothing is negotiated.
  public static Installed of(Optional<NftTable> gate, List<XfrmPolicy> policies) {
    return new Installed(gate, policies, Set.of(), false, IkeState.NONE);
  }
}
