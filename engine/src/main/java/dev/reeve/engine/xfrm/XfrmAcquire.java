package dev.reeve.engine.xfrm;

import dev.reeve.engine.xfrm.XfrmPolicy.Action;
import dev.reeve.engine.xfrm.XfrmPolicy.Direction;
import dev.reeve.engine.xfrm.XfrmPolicy.Layers;
import dev.reeve.engine.xfrm.XfrmPolicy.Mode;
import dev.reeve.model.net.IpAddress;
import dev.reeve.model.net.IpPrefix;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What the kernel asks charon for when a packet matches a policy and there is no association to
/// protect it with.
///
/// @param policy outbound, that protects
/// @param source, destination of the packet; in tunnel mode the tunnel's ends
public record XfrmAcquire(XfrmPolicy policy, IpAddress source, IpAddress destination) {

  /// What would replace associations that were lost. Those in UDP are left to the host behind the
  /// NAT: only it can begin.
  public static Set<XfrmAcquire> of(Collection<XfrmState> lost, List<XfrmPolicy> policies) {
    Map<Long, List<XfrmPolicy>> byReqid =
        policies.stream()
            .filter(policy -> policy.direction() == Direction.OUT)
            .filter(policy -> policy.action() instanceof Action.Protect)
            .collect(Collectors.groupingBy(XfrmAcquire::reqid));
    return lost.stream()
        .filter(state -> !state.isLarval() && !state.inUdp())
        .flatMap(state ->
            byReqid.getOrDefault(state.reqid(), List.of()).stream()
                .filter(policy -> wouldAsk(policy, state.source(), state.destination()))
                .limit(1)
                .map(policy -> new XfrmAcquire(policy, state.source(), state.destination())))
        .collect(Collectors.toSet());
  }

  /// What asks for the AH around ESP with that request id.
  public static Optional<XfrmAcquire> around(
      long reqid, IpAddress source, IpAddress destination, List<XfrmPolicy> policies) {
    return policies.stream()
        .filter(policy -> policy.direction() == Direction.OUT && reqid(policy) == reqid)
        .filter(policy -> wouldAsk(policy, source, destination))
        .flatMap(policy ->
            policy.action() instanceof Action.Protect(var _, var _, var mode, var required)
                ? Stream.of(
                    new XfrmPolicy(
                        policy.direction(),
                        policy.selector(),
                        policy.priority(),
                        new Action.Protect(Layers.AH, XfrmState.around(reqid), mode, required)))
                : Stream.empty())
        .findFirst()
        .map(policy -> new XfrmAcquire(policy, source, destination));
  }

  public long reqid() {
    return reqid(policy);
  }

  private static long reqid(XfrmPolicy policy) {
    return policy.action() instanceof Action.Protect protect ? protect.reqid() : 0;
  }

  /// No association that comes in: its source is no address of a policy that goes out.
  private static boolean wouldAsk(XfrmPolicy policy, IpAddress source, IpAddress destination) {
    if (!(policy.action() instanceof Action.Protect protect)) return false;
    return switch (protect.mode()) {
      case Mode.Tunnel(var from, var to) -> from.equals(source) && to.equals(destination);
      case Mode.Transport _ ->
          policy.selector().source().contains(source)
              && policy.selector().destination().contains(destination);
    };
  }

  /// Of the packet: without one, the first that the policy is for.
  XfrmSelector selector() {
    XfrmSelector all = policy.selector();
    if (policy.action() instanceof Action.Protect(_, _, Mode.Tunnel _, _)) return all;
    return new XfrmSelector(
        IpPrefix.of(source),
        IpPrefix.of(destination),
        all.protocol(),
        all.sourcePort().map(block -> PortBlock.of(block.first())),
        all.destinationPort().map(block -> PortBlock.of(block.first())));
  }
}
