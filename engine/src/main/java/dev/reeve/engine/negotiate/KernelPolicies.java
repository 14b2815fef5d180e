package dev.reeve.engine.negotiate;

import dev.reeve.engine.ike.IkeChild.Ends;
import dev.reeve.engine.nft.Gate.RuleKey;
import dev.reeve.engine.nft.Gate.Ways;
import dev.reeve.engine.xfrm.PortBlock;
import dev.reeve.engine.xfrm.XfrmPolicy;
import dev.reeve.engine.xfrm.XfrmPolicy.Action;
import dev.reeve.engine.xfrm.XfrmPolicy.Direction;
import dev.reeve.engine.xfrm.XfrmPolicy.Layers;
import dev.reeve.engine.xfrm.XfrmPolicy.Mode;
import dev.reeve.engine.xfrm.XfrmPolicy.Mode.Transport;
import dev.reeve.engine.xfrm.XfrmSelector;
import dev.reeve.model.ipsec.NetworkType;
import dev.reeve.model.ipsec.Posture;
import dev.reeve.model.net.IpAddress;
import dev.reeve.model.net.IpFamily;
import dev.reeve.model.net.IpPrefix;
import dev.reeve.model.spd.HostView;
import dev.reeve.model.spd.Selector;
import dev.reeve.model.spd.Spd;
import dev.reeve.model.spd.SpdAction;
import dev.reeve.model.spd.SpdAddress;
import dev.reeve.model.spd.SpdEntry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// The kernel's policies for an SPD: what makes it protect packets and ask for associations. Only
/// what is negotiated, and what is permitted within that; the gate does the rest. Where there is no
/// gate they do what they can of its part.
///
/// In transport mode the local end is always one of the host's own addresses: what it forwards is
/// not protected, and must not start a negotiation. A tunnel serves whom its filter names.
final class KernelPolicies {

  private final Means means;
  private final HostView view;
  private final Map<XfrmPolicy.Key, XfrmPolicy> policies;

  /// What an entry decides, also where an exemption stands before it.
  private final Set<XfrmPolicy.Key> decided = new HashSet<>();

  /// What holds within a tunnel too.
  private final Set<XfrmPolicy.Key> always;

  /// What decides by a tunnel rule, other than that something passes.
  private final Set<XfrmPolicy.Key> tunnels = new HashSet<>();

  /// How the packets of a rule are protected.
  record Agreed(Map<IpFamily, Long> reqids, Layers layers, Ways ways, Optional<Ends> ends) {}

  private KernelPolicies(HostView view, Means means, ExemptPolicies exempt) {
    this.view = view;
    this.means = means;
    this.policies = new LinkedHashMap<>(exempt.policies());
    this.always = exempt.always();
  }

  /// @param agreed rules that are negotiated; entries of others give nothing
  static List<XfrmPolicy> of(Spd spd, HostView view, Means means, Map<RuleKey, Agreed> agreed) {
    if (agreed.isEmpty()) return List.of();
    var policies = new KernelPolicies(view, means, ExemptPolicies.besideGate(spd, means));
    var less = new ArrayDeque<SpdEntry>(); // what is negotiated, and less specific
    for (SpdEntry entry : spd.entries()) {
      if (agreed.containsKey(RuleKey.of(entry))) less.add(entry);
    }
    for (SpdEntry entry : spd.entries()) {
      Agreed how = agreed.get(RuleKey.of(entry));
      if (how != null) {
        less.remove();
        policies.protect(entry, how);
      } else if (entry.action() == SpdAction.Permit.PERMIT) {
        policies.permit(entry, less);
      }
    }
    return policies.lifted().stream().sorted().toList();
  }

  /// Where there is no gate: what each packet meets in the SPD, and what must be secured is
  /// dropped, whoever sends it. Entries with "me" are about this host's own traffic, the others
  /// about what it forwards too.
  static List<XfrmPolicy> alone(Spd spd, HostView view, Means means) {
    if (spd.entries().isEmpty()) return List.of();
    var policies = new KernelPolicies(view, means, ExemptPolicies.alone(spd, means));
    for (SpdEntry entry : spd.entries()) {
      if (!Unsaid.leftOut(entry)) policies.decide(entry);
    }
    return policies.lifted().stream().sorted().toList();
  }

  private void decide(SpdEntry entry) {
    Selector selector = entry.selector();
    Action action = drops(entry.action()) ? Action.Block.BLOCK : Action.Allow.ALLOW;
    if (selector.networkType() != NetworkType.ALL) {
      each(selector, (direction, packets) -> add(entry, direction, packets, action));
      if (notForwarded(entry)) every(entry, EnumSet.of(Direction.FWD), action);
      return;
    }
    every(entry, directions(selector), action);
  }

  private void every(SpdEntry entry, Set<Direction> directions, Action action) {
    for (IpFamily family : IpFamily.values()) {
      inner(
          entry.selector(),
          family,
          packets -> directions.forEach(direction -> add(entry, direction, packets, action)));
    }
  }

  /// Of one for a network type: no address tells by which interface a forwarded packet comes.
  static boolean notForwarded(SpdEntry entry) {
    return drops(entry.action()) && directions(entry.selector()).contains(Direction.FWD);
  }

  private static boolean drops(SpdAction action) {
    return switch (action) {
      case SpdAction.Permit _ -> false;
      case SpdAction.Block _ -> true;
      case SpdAction.Negotiate(var posture, var usable) -> !usable || posture != Posture.REQUEST;
    };
  }

  private static Set<Direction> directions(Selector selector) {
    if (selector.source() == SpdAddress.Me.ME) return EnumSet.of(Direction.OUT);
    if (selector.destination() == SpdAddress.Me.ME) return EnumSet.of(Direction.IN);
    return EnumSet.allOf(Direction.class);
  }

  /// Exemptions stand before all that is negotiated, but end at a tunnel: its policies stand before
  /// them, and before those what decides some of its packets otherwise.
  private Collection<XfrmPolicy> lifted() {
    var through = new EnumMap<Direction, List<XfrmPolicy>>(Direction.class);
    for (XfrmPolicy policy : policies.values()) {
      if (tunnels.contains(policy.key())) {
        through.computeIfAbsent(policy.direction(), _ -> new ArrayList<>()).add(policy);
      }
    }
    if (through.isEmpty()) return policies.values();
    return policies.values().stream()
        .map(policy -> {
          boolean lifts =
              always.contains(policy.key())
                  || tunnels.contains(policy.key())
                  || policy.priority() >= Priorities.FIRST_ENTRY
                      && through.getOrDefault(policy.direction(), List.of()).stream()
                          .anyMatch(tunnel ->
                              policy.priority() <= tunnel.priority()
                                  && policy.selector().overlaps(tunnel.selector()));
          return lifts ? policy.withPriority(policy.priority() - Priorities.LIFT) : policy;
        })
        .toList();
  }

  /// Of two with one selector the first, more specific one decides, as it does in the SPD; before
  /// it an exemption, which ends at a tunnel.
  private void add(SpdEntry entry, Direction direction, XfrmSelector selector, Action action) {
    var policy = new XfrmPolicy(direction, selector, Priorities.of(entry), action);
    if (!decided.add(policy.key())) return;
    if (entry.tunnel() && action != Action.Allow.ALLOW && !always.contains(policy.key())) {
      policies.put(policy.key(), policy);
      tunnels.add(policy.key());
    } else {
      policies.putIfAbsent(policy.key(), policy);
    }
  }

  private void protect(SpdEntry entry, Agreed how) {
    if (how.ends().isPresent()) {
      tunnel(entry, how, how.ends().get());
      return;
    }
    if (!(entry.action() instanceof SpdAction.Negotiate(var posture, var _))) return;
    boolean requiredOut = posture != Posture.REQUEST;
    boolean requiredIn = posture == Posture.REQUIRE;
    each(
        entry.selector(),
        (direction, selector) -> {
          Long reqid = how.reqids().get(selector.source().family());
          if (reqid == null) return;
          boolean required = direction == Direction.OUT ? requiredOut : requiredIn;
          add(
              entry,
              direction,
              selector,
              new Action.Protect(how.layers(), reqid, Transport.TRANSPORT, required));
        });
  }

  /// What comes in is for this host or for others that it serves.
  private void tunnel(SpdEntry entry, Agreed how, Ends ends) {
    if (!(entry.action() instanceof SpdAction.Negotiate(var posture, var _))) return;
    boolean out = how.ways() == Ways.OUT;
    boolean required = out ? posture != Posture.REQUEST : posture == Posture.REQUIRE;
    var mode =
        out
            ? new Mode.Tunnel(ends.local(), ends.remote())
            : new Mode.Tunnel(ends.remote(), ends.local());
    for (var agreement : how.reqids().entrySet()) {
      var action = new Action.Protect(how.layers(), agreement.getValue(), mode, required);
      inner(
          entry.selector(),
          agreement.getKey(),
          selector -> {
            for (Direction direction :
                out ? List.of(Direction.OUT) : List.of(Direction.IN, Direction.FWD)) {
              add(entry, direction, selector, action);
            }
          });
    }
  }

  private void inner(Selector selector, IpFamily family, Consumer<XfrmSelector> use) {
    for (IpPrefix from : Sides.inner(selector, selector.source(), family, means, view)) {
      for (IpPrefix to : Sides.inner(selector, selector.destination(), family, means, view)) {
        ports(from, to, selector, use);
      }
    }
  }

  private void permit(SpdEntry entry, Collection<SpdEntry> less) {
    if (less.stream().anyMatch(other -> mayMeet(other.selector(), entry.selector()))) {
      each(
          entry.selector(),
          (direction, selector) -> add(entry, direction, selector, Action.Allow.ALLOW));
    }
    if (less.stream().anyMatch(SpdEntry::tunnel)) {
      for (IpFamily family : IpFamily.values()) {
        inner(
            entry.selector(),
            family,
            selector -> {
              for (Direction direction : Direction.values()) {
                add(entry, direction, selector, Action.Allow.ALLOW);
              }
            });
      }
    }
  }

  /// As [Selector#overlaps], but "me" and an address that is given may be one.
  private static boolean mayMeet(Selector a, Selector b) {
    boolean toItself = isMe(a.source(), b.source()) && isMe(a.destination(), b.destination());
    return !toItself && given(a, b).overlaps(given(b, a));
  }

  private static boolean isMe(SpdAddress a, SpdAddress b) {
    return a == SpdAddress.Me.ME || b == SpdAddress.Me.ME;
  }

  private static Selector given(Selector selector, Selector other) {
    return new Selector(
        given(selector.source(), other.source()),
        given(selector.destination(), other.destination()),
        selector.protocol(),
        selector.sourcePorts(),
        selector.destinationPorts(),
        selector.networkType());
  }

  private static SpdAddress given(SpdAddress end, SpdAddress other) {
    return end == SpdAddress.Me.ME && other != SpdAddress.Me.ME ? SpdAddress.Any.ANY : end;
  }

  private interface Use {
    void of(Direction direction, XfrmSelector selector);
  }

  private void each(Selector selector, Use use) {
    for (IpAddress own : local(selector, selector.source())) {
      for (IpPrefix peer : Sides.remote(selector.destination(), own.family())) {
        ports(IpPrefix.of(own), peer, selector, s -> use.of(Direction.OUT, s));
      }
    }
    for (IpAddress own : local(selector, selector.destination())) {
      for (IpPrefix peer : Sides.remote(selector.source(), own.family())) {
        ports(peer, IpPrefix.of(own), selector, s -> use.of(Direction.IN, s));
      }
    }
  }

  private List<IpAddress> local(Selector selector, SpdAddress end) {
    return Sides.local(end, selector.networkType(), means.addresses(), view.privateAddresses());
  }

  private static void ports(
      IpPrefix from, IpPrefix to, Selector selector, Consumer<XfrmSelector> use) {
    for (Optional<PortBlock> source : Sides.ports(selector.sourcePorts())) {
      for (Optional<PortBlock> destination : Sides.ports(selector.destinationPorts())) {
        use.accept(new XfrmSelector(from, to, selector.protocol().number(), source, destination));
      }
    }
  }
}
