package dev.reeve.engine.plan;

import dev.reeve.engine.ike.IkeAuth;
import dev.reeve.engine.ike.IkeConnection;
import dev.reeve.engine.ike.IkeCrl;
import dev.reeve.engine.ike.IkeState.IkeAssociation;
import dev.reeve.engine.nft.NftTable;
import dev.reeve.engine.xfrm.XfrmAcquire;
import dev.reeve.engine.xfrm.XfrmPolicy;
import dev.reeve.engine.xfrm.XfrmState;
import dev.reeve.model.net.IpAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.security.auth.x500.X500Principal;

/// The steps from what is held to what should be.
public final class EnginePlan {

  private EnginePlan() {}

  /// Make before break: the gate first, which lets nothing pass that must not, whatever the rest
  /// holds meanwhile; then what is new, then what is gone. A gate that is no longer wanted goes
  /// last.
  ///
  /// @param installed as read back, never as remembered
  /// @return in the order to be done; empty when there is nothing to do
  public static List<EngineStep> between(Installed installed, Wanted wanted) {
    var steps = new ArrayList<EngineStep>();
    Optional<NftTable> gate = wanted.gate().table();
    if (gate.isPresent() && !gateDifferences(installed.gate(), gate).isEmpty()) {
      steps.add(new EngineStep.LoadGate(gate.get()));
    }
    List<IkeConnection> connections = wanted.negotiations().connections();
    if (!connections.isEmpty() && !installed.dropsFirstPackets()) {
      steps.add(new EngineStep.DropFirstPackets());
    }
    boolean anew = installed.unfinished().forgotten() || mustForget(installed, wanted);
    if (anew) steps.add(new EngineStep.ForgetCredentials());
    // Before the connections: a peer that is refused must not get in between. Who is refused now
    // goes at once, whatever becomes of the other steps.
    wanted.checks().crls().stream()
        .filter(crl -> !connections.isEmpty() && (anew || !installed.ike().crls().contains(crl)))
        .map(EngineStep.LoadCrl::new)
        .forEach(steps::add);
    steps.addAll(endPeers(installed, wanted));
    for (IkeConnection connection : connections) {
      if (anew || !installed.ike().holds(connection)) {
        steps.add(new EngineStep.LoadConnection(connection));
      }
    }
    var policies = policies(installed.policies(), wanted.negotiations().policies());
    if (!policies.updates().isEmpty() || !policies.deletions().isEmpty()) steps.add(policies);
    Set<String> names = connections.stream().map(IkeConnection::name).collect(Collectors.toSet());
    installed.ike().connections().keySet().stream()
        .filter(name -> !names.contains(name))
        .sorted()
        .map(EngineStep.UnloadConnection::new)
        .forEach(steps::add);
    Set<String> forgotten = unused(installed, connections);
    if (!forgotten.isEmpty()) steps.add(new EngineStep.ForgetSecrets(forgotten));
    steps.addAll(endUnfit(installed, wanted));
    Set<XfrmState> stale = stale(installed, !steps.isEmpty());
    if (!stale.isEmpty()) steps.add(new EngineStep.RemoveStale(stale));
    Set<XfrmAcquire> lost = lost(stale, installed, wanted);
    if (!lost.isEmpty()) steps.add(new EngineStep.CallPeers(lost));
    if (gate.isEmpty() && installed.gate().isPresent()) steps.add(new EngineStep.RemoveGate());
    return steps;
  }

  /// What must end of what was agreed. Once more after all steps: until they were done, this host
  /// answered peers under the terms before, and no plan knew of that.
  public static List<EngineStep> endings(Installed installed, Wanted wanted) {
    return Stream.concat(endPeers(installed, wanted).stream(), endUnfit(installed, wanted).stream())
        .toList();
  }

  private static List<EngineStep> endPeers(Installed installed, Wanted wanted) {
    Set<Long> refused = refused(installed, wanted);
    return refused.isEmpty() ? List.of() : List.of(new EngineStep.EndPeers(refused));
  }

  private static List<EngineStep> endUnfit(Installed installed, Wanted wanted) {
    Set<Long> unfit = unfit(installed.ike().associations(), wanted.negotiations().allReqids());
    return unfit.isEmpty() ? List.of() : List.of(new EngineStep.EndAssociations(unfit));
  }

  private static EngineStep.ChangePolicies policies(
      List<XfrmPolicy> installed, List<XfrmPolicy> wanted) {
    Map<XfrmPolicy.Key, XfrmPolicy> held = byKey(installed);
    Map<XfrmPolicy.Key, XfrmPolicy> kept = byKey(wanted);
    return new EngineStep.ChangePolicies(
        wanted.stream().filter(policy -> !policy.equals(held.get(policy.key()))).toList(),
        installed.stream().filter(policy -> !kept.containsKey(policy.key())).sorted().toList());
  }

  private static Map<XfrmPolicy.Key, XfrmPolicy> byKey(List<XfrmPolicy> policies) {
    return policies.stream()
        .collect(Collectors.toMap(XfrmPolicy::key, Function.identity(), (first, _) -> first));
  }

  private static Set<String> unused(Installed installed, List<IkeConnection> connections) {
    var unused = new HashSet<>(installed.ike().secrets());
    for (IkeConnection connection : connections) {
      if (connection.auth() instanceof IkeAuth.SharedKey(var id, var _, var _)) unused.remove(id);
    }
    return unused;
  }

  /// Quick-mode associations of ours under terms that nothing is negotiated with any more.
  ///
  /// @return charon's numbers of them
  public static Set<Long> unfit(List<IkeAssociation> associations, Set<Long> reqids) {
    return associations.stream()
        .flatMap(ike -> ike.children().stream())
        .filter(child -> child.reqid().filter(XfrmState::isOurs).isPresent())
        .filter(child -> !reqids.contains(child.reqid().orElseThrow()))
        .map(child -> child.id())
        .collect(Collectors.toSet());
  }

  /// charon goes by any CRL that it has; it forgets one only for a newer one of the same authority,
  /// or with everything else.
  private static boolean mustForget(Installed installed, Wanted wanted) {
    Set<Optional<X500Principal>> authorities =
        wanted.checks().crls().stream().map(IkeCrl::authority).collect(Collectors.toSet());
    return installed.ike().crls().stream().anyMatch(crl -> !authorities.contains(crl.authority()));
  }

  private static Set<Long> refused(Installed installed, Wanted wanted) {
    return associations(installed)
        .filter(IkeAssociation::isOurs)
        .filter(ike -> refuses(ike, installed, wanted))
        .map(IkeAssociation::id)
        .collect(Collectors.toSet());
  }

  private static boolean refuses(IkeAssociation ike, Installed installed, Wanted wanted) {
    List<IkeConnection> connections = wanted.negotiations().connections();
    return wanted.nat().refuses(ike)
        || wanted.checks().refuses(ike, connections)
        || installed.unfinished().mayBeOlder(ike)
            && wanted
                .checks()
                .mustProveAnew(
                    ike, connections, installed.unfinished().proven(installed.ike().crls()));
  }

  private static Stream<IkeAssociation> associations(Installed installed) {
    return installed.ike().associations().stream();
  }

  /// @param changed a peer that did not answer before may do so now: requests are made anew
  private static Set<XfrmState> stale(Installed installed, boolean changed) {
    var known = new HashSet<Long>();
    associations(installed)
        .flatMap(ike -> ike.children().stream())
        .forEach(child -> known.addAll(child.spis()));
    return installed.states().stream()
        .filter(state -> state.isLarval() ? changed : !known.contains(state.spi()))
        .collect(Collectors.toSet());
  }

  /// Not where something stands already: what is stale there was replaced meanwhile.
  private static Set<XfrmAcquire> lost(Set<XfrmState> stale, Installed installed, Wanted wanted) {
    Set<IpAddress> associated =
        associations(installed)
            .flatMap(ike -> IpAddress.find(ike.remoteHost()).stream())
            .collect(Collectors.toSet());
    List<XfrmState> lost =
        stale.stream().filter(state -> !associated.contains(state.destination())).toList();
    return XfrmAcquire.of(lost, wanted.negotiations().policies());
  }

  /// What is not as wanted, in words.
  public static List<String> differences(Installed installed, Wanted wanted) {
    var differences = new ArrayList<>(gateDifferences(installed.gate(), wanted.gate().table()));
    var policies = policies(installed.policies(), wanted.negotiations().policies());
    policies.updates().forEach(policy -> differences.add("XFRM policy is missing: " + policy));
    policies
        .deletions()
        .forEach(policy -> differences.add("XFRM policy is there, expected none: " + policy));
    for (IkeConnection connection : wanted.negotiations().connections()) {
      if (!installed.ike().holds(connection)) {
        differences.add("charon does not hold connection " + connection.name());
      }
    }
    if (!wanted.negotiations().connections().isEmpty()) {
      wanted.checks().crls().stream()
          .filter(crl -> !installed.ike().crls().contains(crl))
          .forEach(crl -> differences.add("charon does not hold " + crl));
    }
    return differences;
  }

  private static List<String> gateDifferences(
      Optional<NftTable> installed, Optional<NftTable> wanted) {
    if (wanted.isEmpty()) {
      return installed.isEmpty() ? List.of() : List.of("table inet reeve is there, expected none");
    }
    return installed
        .map(held -> wanted.get().differencesIn(held))
        .orElse(List.of("table inet reeve is missing"));
  }
}
