package dev.reeve.engine.negotiate;

import dev.reeve.engine.xfrm.PortBlock;
import dev.reeve.engine.xfrm.XfrmPolicy;
import dev.reeve.engine.xfrm.XfrmPolicy.Action;
import dev.reeve.engine.xfrm.XfrmPolicy.Direction;
import dev.reeve.engine.xfrm.XfrmSelector;
import dev.reeve.model.net.IpAddress;
import dev.reeve.model.net.IpFamily;
import dev.reeve.model.net.IpPrefix;
import dev.reeve.model.net.IpProtocol;
import dev.reeve.model.net.PortRange;
import dev.reeve.model.spd.Exemption;
import dev.reeve.model.spd.Spd;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The kernel's policies for what no entry of an SPD decides: exemptions, and what a host sends to
/// itself or to many.
final class ExemptPolicies {

  private static final List<IpPrefix> TO_MANY =
      Stream.of("224.0.0.0/4", "255.255.255.255/32", "ff00::/8").map(IpPrefix::parse).toList();

  private static final IpAddress LOOPBACK = IpAddress.parse("::1");

  private final Map<XfrmPolicy.Key, XfrmPolicy> policies = new LinkedHashMap<>();
  private final Set<XfrmPolicy.Key> always = new HashSet<>();

  private ExemptPolicies(Spd spd) {
    spd.exemptions().forEach(this::exempt);
  }

  static ExemptPolicies besideGate(Spd spd, Means means) {
    var exempt = new ExemptPolicies(spd);
    exempt.neverToMany();
    means.addresses().forEach(own -> exempt.neverToItself(own.address()));
    return exempt;
  }

  /// Where there is no gate, which knows the loopback interface.
  static ExemptPolicies alone(Spd spd, Means means) {
    var exempt = new ExemptPolicies(spd);
    means.addresses().forEach(own -> exempt.neverToItself(own.address()));
    exempt.neverToItself(LOOPBACK);
    return exempt;
  }

  Map<XfrmPolicy.Key, XfrmPolicy> policies() {
    return Collections.unmodifiableMap(policies);
  }

  /// Those that hold within a tunnel too.
  Set<XfrmPolicy.Key> always() {
    return Collections.unmodifiableSet(always);
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
        for (Optional<PortBlock> first : first(exemption, out ? local : remote)) {
          Optional<PortBlock> second =
              exemption.kind() == Exemption.Kind.PATH_MTU && family == IpFamily.IPV4
                  ? Optional.of(PortBlock.of(4)) // the code
                  : Sides.ports(out ? remote : local).getFirst();
          var policy =
              new XfrmPolicy(
                  out ? Direction.OUT : Direction.IN,
                  new XfrmSelector(
                      exemption.kind() == Exemption.Kind.MULTICAST || out ? all : peer,
                      exemption.kind() == Exemption.Kind.MULTICAST || out ? peer : all,
                      exemption.protocol().number(),
                      first,
                      second),
                  Priorities.EXEMPT,
                  Action.Allow.ALLOW);
          policies.putIfAbsent(policy.key(), policy);
          if (isNecessary(exemption)) always.add(policy.key());
        }
      }
    }
  }

  /// Around a tunnel too.
  private static boolean isNecessary(Exemption exemption) {
    return exemption.kind() == Exemption.Kind.NEIGHBOUR_DISCOVERY
        || exemption.kind() == Exemption.Kind.PATH_MTU;
  }

  /// Of ICMP, the types.
  private static List<Optional<PortBlock>> first(Exemption exemption, PortRange ports) {
    return switch (exemption.kind()) {
      case NEIGHBOUR_DISCOVERY ->
          IntStream.rangeClosed(133, 137).mapToObj(PortBlock::of).map(Optional::of).toList();
      case PATH_MTU ->
          List.of(Optional.of(PortBlock.of(exemption.protocol().equals(IpProtocol.ICMP) ? 3 : 2)));
      case ALL, ANSWERS, MULTICAST -> Sides.ports(ports);
    };
  }

  private static List<IpPrefix> peers(Exemption exemption, IpFamily family) {
    IpProtocol other = family == IpFamily.IPV4 ? IpProtocol.ICMPV6 : IpProtocol.ICMP;
    if (exemption.protocol().equals(other)) return List.of();
    Stream<IpPrefix> peers =
        exemption.kind() == Exemption.Kind.MULTICAST
            ? TO_MANY.stream()
            : exemption.peers().isEmpty()
                ? Stream.of(XfrmSelector.all(family))
                : exemption.peers().stream().map(IpPrefix::of);
    return peers.filter(peer -> peer.family() == family).toList();
  }

  /// What a host sends to itself stays on its loopback interface, which IPv6 does not exempt.
  private void neverToItself(IpAddress own) {
    IpPrefix all = XfrmSelector.all(own.family());
    IpPrefix one = IpPrefix.of(own);
    var to = new XfrmSelector(all, one, 0, Optional.empty(), Optional.empty());
    var from = new XfrmSelector(one, all, 0, Optional.empty(), Optional.empty());
    always(Direction.OUT, to);
    always(Direction.IN, from);
  }

  /// Multicast is never negotiated: where it is not exempt the gate drops it, and no peer is asked.
  private void neverToMany() {
    for (IpPrefix many : TO_MANY) {
      always(
          Direction.OUT,
          new XfrmSelector(
              XfrmSelector.all(many.family()), many, 0, Optional.empty(), Optional.empty()));
    }
  }

  private void always(Direction direction, XfrmSelector selector) {
    var policy = new XfrmPolicy(direction, selector, Priorities.EXEMPT + 1, Action.Allow.ALLOW);
    policies.putIfAbsent(policy.key(), policy);
    always.add(policy.key());
  }
}
