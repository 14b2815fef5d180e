package dev.reeve.engine.negotiate;

import dev.reeve.engine.nft.Gate.RuleKey;
import dev.reeve.engine.xfrm.XfrmPolicy;
import dev.reeve.engine.xfrm.XfrmPolicy.Action;
import dev.reeve.engine.xfrm.XfrmPolicy.Direction;
import dev.reeve.engine.xfrm.XfrmPolicy.Mode.Transport;
import dev.reeve.engine.xfrm.XfrmPolicy.Protocol;
import dev.reeve.engine.xfrm.XfrmSelector;
import dev.reeve.model.ipsec.Posture;
import dev.reeve.model.net.IpAddress;
import dev.reeve.model.net.IpFamily;
import dev.reeve.model.net.IpPrefix;
import dev.reeve.model.net.IpProtocol;
import dev.reeve.model.net.PortRange;
import dev.reeve.model.spd.Exemption;
import dev.reeve.model.spd.HostView;
import dev.reeve.model.spd.Selector;
import dev.reeve.model.spd.Spd;
import dev.reeve.model.spd.SpdAction;
import dev.reeve.model.spd.SpdAddress;
import dev.reeve.model.spd.SpdEntry;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// The kernel's policies for an SPD: what makes it protect packets and ask for associations. Only
/// what is negotiated, and what is permitted within that; the gate does the rest.
///
/// The local end is always one of the host's own addresses: what it forwards is not protected in
/// transport mode, and must not start a negotiation.
final class KernelPolicies {

  private static final List<IpPrefix> TO_MANY =
      Stream.of("224.0.0.0/4", "255.255.255.255/32", "ff00::/8").map(IpPrefix::parse).toList();

  private final Spd spd;
  private final Means means;
  private final HostView view;
  private final Map<RuleKey, Agreed> agreed;
  private final Map<XfrmPolicy.Key, XfrmPolicy> policies = new LinkedHashMap<>();

  /// How the packets of a rule are protected.
  record Agreed(Map<IpFamily, Long> reqids, Protocol protocol) {}

  private KernelPolicies(Spd spd, HostView view, Means means, Map<RuleKey, Agreed> agreed) {
    this.spd = spd;
    this.view = view;
    this.means = means;
    this.agreed = agreed;
  }

  /// @param agreed rules that are negotiated; entries of others give nothing
  static List<XfrmPolicy> of(Spd spd, HostView view, Means means, Map<RuleKey, Agreed> agreed) {
    if (agreed.isEmpty()) return List.of();
    var policies = new KernelPolicies(spd, view, means, agreed);
    spd.exemptions().forEach(policies::exempt);
    policies.neverToMany();
    policies.neverToItself();
    List<SpdEntry> entries = spd.entries();
    for (int i = 0; i < entries.size(); i++) {
      SpdEntry entry = entries.get(i);
      Agreed how = agreed.get(RuleKey.of(entry));
      if (how != null) policies.protect(entry, how);
      else if (entry.action() == SpdAction.Permit.PERMIT) policies.permit(entry, i);
    }
    return policies.policies.values().stream().sorted().toList();
  }

  /// Of two with one selector the first, more specific one decides, as it does in the SPD.
  private void add(Direction direction, XfrmSelector selector, long priority, Action action) {
    var policy = new XfrmPolicy(direction, selector, priority, action);
    policies.putIfAbsent(policy.key(), policy);
  }

  private void protect(SpdEntry entry, Agreed how) {
    if (!(entry.action() instanceof SpdAction.Negotiate(var posture, var _))) return;
    boolean requiredOut = posture != Posture.REQUEST;
    boolean requiredIn = posture == Posture.REQUIRE;
    long priority = Priorities.of(entry);
    each(
        entry.selector(),
        (direction, selector) -> {
          Long reqid = how.reqids().get(selector.source().family());
          if (reqid == null) return;
          boolean required = direction == Direction.OUT ? requiredOut : requiredIn;
          add(
              direction,
              selector,
              priority,
              new Action.Protect(how.protocol(), reqid, Transport.TRANSPORT, required));
        });
  }

  private void permit(SpdEntry entry, int index) {
    boolean within =
        spd.entries().subList(index + 1, spd.entries().size()).stream()
            .anyMatch(less ->
                agreed.containsKey(RuleKey.of(less)) && less.selector().overlaps(entry.selector()));
    if (!within) return;
    long priority = Priorities.of(entry);
    each(
        entry.selector(),
        (direction, selector) -> add(direction, selector, priority, Action.Allow.ALLOW));
  }

  private interface Use {
    void of(Direction direction, XfrmSelector selector);
  }

  private void each(Selector selector, Use use) {
    for (IpAddress own : local(selector.source())) {
      for (IpPrefix peer : Sides.remote(selector.destination(), own.family())) {
        ports(IpPrefix.of(own), peer, selector, s -> use.of(Direction.OUT, s));
      }
    }
    for (IpAddress own : local(selector.destination())) {
      for (IpPrefix peer : Sides.remote(selector.source(), own.family())) {
        ports(peer, IpPrefix.of(own), selector, s -> use.of(Direction.IN, s));
      }
    }
  }

  private List<IpAddress> local(SpdAddress end) {
    return Sides.local(end, means.addresses(), view.privateAddresses());
  }

  private static void ports(
      IpPrefix from, IpPrefix to, Selector selector, Consumer<XfrmSelector> use) {
    for (Optional<Integer> source : Sides.ports(selector.sourcePorts())) {
      for (Optional<Integer> destination : Sides.ports(selector.destinationPorts())) {
        use.accept(new XfrmSelector(from, to, selector.protocol().number(), source, destination));
      }
    }
  }

  /// The gate tells answers from other packets; the kernel's policies need not.
  private void exempt(Exemption exemption) {
    if (exemption.protocol().equals(IpProtocol.ESP) || exemption.protocol().equals(IpProtocol.AH)) {
      return; // protected packets are not looked up again
    }
    boolean out = exemption.direction() == Exemption.Direction.OUTBOUND;
    for (IpFamily family : IpFamily.values()) {
      IpPrefix all = XfrmSelector.all(family);
      for (IpPrefix peer : peers(exemption, family)) {
        PortRange local = exemption.localPorts();
        PortRange remote = exemption.peerPorts();
        for (Optional<Integer> first : first(exemption, out ? local : remote)) {
          Optional<Integer> second = Sides.ports(out ? remote : local).getFirst();
          add(
              out ? Direction.OUT : Direction.IN,
              new XfrmSelector(
                  exemption.kind() == Exemption.Kind.MULTICAST || out ? all : peer,
                  exemption.kind() == Exemption.Kind.MULTICAST || out ? peer : all,
                  exemption.protocol().number(),
                  first,
                  second),
              Priorities.EXEMPT,
              Action.Allow.ALLOW);
        }
      }
    }
  }

  /// For neighbour discovery, the types.
  private static List<Optional<Integer>> first(Exemption exemption, PortRange ports) {
    return exemption.kind() == Exemption.Kind.NEIGHBOUR_DISCOVERY
        ? Sides.ports(new PortRange(133, 137))
        : Sides.ports(ports);
  }

  private static List<IpPrefix> peers(Exemption exemption, IpFamily family) {
    if (exemption.kind() == Exemption.Kind.NEIGHBOUR_DISCOVERY && family == IpFamily.IPV4) {
      return List.of();
    }
    Stream<IpPrefix> peers =
        exemption.kind() == Exemption.Kind.MULTICAST
            ? TO_MANY.stream()
            : exemption.peers().isEmpty()
                ? Stream.of(XfrmSelector.all(family))
                : exemption.peers().stream().map(IpPrefix::of);
    return peers.filter(peer -> peer.family() == family).toList();
  }

  /// What a host sends to itself stays on its loopback interface, which IPv6 does not exempt.
  private void neverToItself() {
    for (IpAddress own : means.addresses()) {
      IpPrefix all = XfrmSelector.all(own.family());
      IpPrefix one = IpPrefix.of(own);
      var to = new XfrmSelector(all, one, 0, Optional.empty(), Optional.empty());
      var from = new XfrmSelector(one, all, 0, Optional.empty(), Optional.empty());
      add(Direction.OUT, to, Priorities.EXEMPT + 1, Action.Allow.ALLOW);
      add(Direction.IN, from, Priorities.EXEMPT + 1, Action.Allow.ALLOW);
    }
  }

  /// Multicast is never negotiated: where it is not exempt the gate drops it, and no peer is asked.
  private void neverToMany() {
    for (IpPrefix many : TO_MANY) {
      add(
          Direction.OUT,
          new XfrmSelector(
              XfrmSelector.all(many.family()), many, 0, Optional.empty(), Optional.empty()),
          Priorities.EXEMPT + 1,
          Action.Allow.ALLOW);
    }
  }
}
