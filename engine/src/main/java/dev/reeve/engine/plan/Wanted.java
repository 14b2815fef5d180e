package dev.reeve.engine.plan;

import dev.reeve.engine.ike.IkeState.IkeAssociation;
import dev.reeve.engine.negotiate.Means;
import dev.reeve.engine.negotiate.NatPeers;
import dev.reeve.engine.negotiate.Negotiations;
import dev.reeve.engine.negotiate.PeerChecks;
import dev.reeve.engine.nft.Gate;
import dev.reeve.model.net.IpAddress;
import dev.reeve.model.spd.HostPolicy;
import dev.reeve.model.spd.HostView;
import dev.reeve.model.spd.Spd;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What the kernel and charon should hold.
///
/// @param checks which peers are refused beside that
/// @param verified addresses of peers that may associate by their account
/// @param nat who is spoken with through NATs
public record Wanted(
    Gate.Rendered gate,
    Negotiations negotiations,
    PeerChecks checks,
    List<IpAddress> verified,
    NatPeers nat) {

  public Wanted {
    verified = List.copyOf(verified);
  }

  /// The one compile step: nothing after it looks at a policy.
  public static Wanted of(HostPolicy policy, Spd spd, HostView view, Means means) {
    return of(policy, spd, view, means, List.of());
  }

  /// @param associations those that stand: the gate lets pass by account whom they prove
  public static Wanted of(
      HostPolicy policy, Spd spd, HostView view, Means means, List<IkeAssociation> associations) {
    Negotiations negotiations = Negotiations.of(policy, spd, view, means);
    PeerChecks checks = PeerChecks.of(policy, means);
    NatPeers nat = NatPeers.of(associations);
    List<IpAddress> verified = checks.verified(associations, negotiations.connections());
    return new Wanted(
        Gate.render(
            spd,
            view,
            negotiations.protections(),
            checks.mapped(policy, negotiations),
            verified,
            negotiations.connections().isEmpty() ? Optional.empty() : Optional.of(nat.doors()),
            policy.settings().ipsecDiagnostics()),
        negotiations,
        checks,
        verified,
        nat);
  }

  /// Where there is no gate.
  ///
  /// @param means with an obstacle
  public static Wanted withoutGate(HostPolicy policy, Spd spd, HostView view, Means means) {
    return new Wanted(
        new Gate.Rendered(Optional.empty(), Map.of(), Map.of()),
        Negotiations.withoutGate(policy, spd, view, means),
        PeerChecks.NONE,
        List.of(),
        NatPeers.NONE);
  }

  /// For people and golden files: what each part is told.
  public String toText() {
    var text = new StringBuilder();
    gate.table().ifPresent(table -> text.append(table.toText()));
    negotiations.policies().forEach(policy -> text.append(policy.toUpdate()).append('\n'));
    negotiations.connections().forEach(connection -> text.append(connection.toVici()).append('\n'));
    return text.toString();
  }
}
