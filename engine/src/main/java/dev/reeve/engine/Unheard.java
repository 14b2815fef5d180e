package dev.reeve.engine;

import dev.reeve.engine.ike.IkeState.IkeAssociation;
import dev.reeve.engine.negotiate.Standing;
import dev.reeve.engine.tool.ToolException;
import dev.reeve.engine.xfrm.Xfrm;
import dev.reeve.engine.xfrm.XfrmAcquire;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Requests for associations that charon may have ignored. Under rules for any peer it negotiates
/// with a peer once at a time, and what the kernel asks for meanwhile, for another rule, is lost:
/// the kernel asks again after `xfrm_acq_expires`, 25 s.
///
/// Source: strongSwan 5.9.8, `trap_manager.c`, "connection attempt pending".
final class Unheard {

  private static final Duration LONGEST = Duration.ofSeconds(60);

  private final Xfrm xfrm;
  private final InstantSource clock;
  private final Map<XfrmAcquire, Instant> called = new HashMap<>(); // until when it matters

  Unheard(Xfrm xfrm, InstantSource clock) {
    this.xfrm = xfrm;
    this.clock = clock;
  }

  void call(Set<XfrmAcquire> lost) {
    Instant until = clock.instant().plus(LONGEST);
    for (XfrmAcquire one : lost) {
      ask(one);
      called.put(one, until);
    }
  }

  /// Once an association has come, charon listens to what else there is for the same peer: calls
  /// are made again, and the kernel is let ask for what its packets wait for. A peer that never
  /// answers is let alone; the AH around ESP is asked for by [Pairs].
  ///
  /// @param associations all of that charon
  void askAgain(List<IkeAssociation> associations) throws ToolException {
    var standing = Standing.of(associations);
    Instant now = clock.instant();
    called
        .entrySet()
        .removeIf(call ->
            now.isAfter(call.getValue())
                || standing.has(call.getKey().destination(), call.getKey().reqid()));
    for (XfrmAcquire one : called.keySet())
      if (standing.lacks(one.destination(), one.reqid())) ask(one);
    xfrm.delete(
        xfrm.states().stream()
            .filter(state -> state.isLarval() && !state.isAround())
            .filter(state -> standing.lacks(state.destination(), state.reqid()))
            .collect(Collectors.toSet()));
  }

  private void ask(XfrmAcquire one) {
    try {
      xfrm.acquire(one);
    } catch (ToolException e) {
      // the next packet to that peer asks by itself
    }
  }
}
