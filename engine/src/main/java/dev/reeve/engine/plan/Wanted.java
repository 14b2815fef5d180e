package dev.reeve.engine.plan;

import dev.reeve.engine.ike.IkeState.IkeAssociation;
import dev.reeve.engine.negotiate.Means;
import dev.reeve.engine.negotiate.NatPeers;
import dev.reeve.engine.negotiate.Negotiations;
import dev.reeve.engine.negotiate.PeerChecks;
import dev.reeve.engine.nft.Gate;
import dev.reeve.engine.nft.Gate.Protection;
import dev.reeve.engine.nft.Gate.RuleKey;
import dev.reeve.engine.nft.NatDoors;
import dev.reeve.engine.xfrm.XfrmPolicy;
import dev.reeve.model.net.IpAddress;
import dev.reeve.model.spd.HostPolicy;
import dev.reeve.model.spd.HostView;
import dev.reeve.model.spd.Spd;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

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
    return of(policy, spd, view, means, associations, Optional.empty());
  }

  /// @param last of the same policy and view: its gate is the same too, most often
  public static Wanted of(
      HostPolicy policy,
      Spd spd,
      HostView view,
      Means means,
      List<IkeAssociation> associations,
      Optional<Wanted> last) {
    Negotiations negotiations = Negotiations.of(policy, spd, view, means);
    PeerChecks checks = PeerChecks.of(policy, means);
    NatPeers nat = NatPeers.of(associations);
    List<IpAddress> verified = checks.verified(associations, negotiations.connections());
    var terms = GateTerms.of(policy, negotiations, checks, verified, nat);
    Gate.Rendered gate =
        last.filter(before -> before.gateTerms(policy).equals(terms))
            .map(Wanted::gate)
            .orElseGet(() -> terms.render(spd, view, policy));
    return new Wanted(gate, negotiations, checks, verified, nat);
  }

  private GateTerms gateTerms(HostPolicy policy) {
    return GateTerms.of(policy, negotiations, checks, verified, nat);
  }

  /// What the gate depends on beside policy and view.
  private record GateTerms(
      Map<RuleKey, Protection> protections,
      Set<RuleKey> mapped,
      List<IpAddress> verified,
      Optional<NatDoors> doors) {

    static GateTerms of(
        HostPolicy policy,
        Negotiations negotiations,
        PeerChecks checks,
        List<IpAddress> verified,
        NatPeers nat) {
      return new GateTerms(
          negotiations.protections(),
          checks.mapped(policy, negotiations),
          verified,
          negotiations.connections().isEmpty() ? Optional.empty() : Optional.of(nat.doors()));
    }

    Gate.Rendered render(Spd spd, HostView view, HostPolicy policy) {
      int diagnostics = policy.settings().ipsecDiagnostics();
      return Gate.render(spd, view, protections, mapped, verified, doors, diagnostics);
    }
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

  /// Whether there is nothing that drops a packet.
  public boolean isOpen() {
    return gate.table().isEmpty()
        && negotiations.policies().stream()
            .noneMatch(policy -> policy.action() == XfrmPolicy.Action.Block.BLOCK);
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
