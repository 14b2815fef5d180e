package dev.reeve.engine;

import dev.reeve.engine.ike.Charon;
import dev.reeve.engine.ike.IkeChild;
import dev.reeve.engine.ike.IkeChild.Role;
import dev.reeve.engine.ike.IkeConnection;
import dev.reeve.engine.ike.IkeException;
import dev.reeve.engine.ike.IkeState.IkeAssociation;
import dev.reeve.engine.negotiate.HalfPair;
import dev.reeve.engine.negotiate.Negotiations;
import dev.reeve.engine.tool.ToolException;
import dev.reeve.engine.xfrm.Xfrm;
import dev.reeve.engine.xfrm.XfrmAcquire;
import dev.reeve.engine.xfrm.XfrmState;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Asks for the AH around ESP where this host began. A pair stands whole or not at all: ESP that a
/// peer does not put AH around is ended, and the next packet begins anew.
final class Pairs {

  /// The first time charon may not be done with the ESP yet, and hear nothing.
  private static final Duration SOON = Duration.ofSeconds(1);

  private static final Duration AGAIN = Duration.ofSeconds(4);
  private static final int MOST_ASKED = 4;

  private final Xfrm xfrm;
  private final InstantSource clock;
  private Map<HalfPair.Ends, Asked> waiting = Map.of();

  private record Asked(int times, Instant next) {}

  Pairs(Xfrm xfrm, InstantSource clock) {
    this.xfrm = xfrm;
    this.clock = clock;
  }

  /// Whether some lack their other half, as far as this was told.
  boolean isWaiting() {
    return !waiting.isEmpty();
  }

  /// @param associations of that charon
  void complete(Charon charon, List<IkeAssociation> associations, Negotiations applied)
      throws IkeException {
    var now = clock.instant();
    var still = new HashMap<HalfPair.Ends, Asked>();
    for (HalfPair half : HalfPair.of(associations, applied.inAh())) {
      Asked before = waiting.getOrDefault(half.ends(), new Asked(0, now));
      if (now.isBefore(before.next())) {
        still.put(half.ends(), before);
      } else if (before.times() < MOST_ASKED) {
        ask(charon, half.ends(), applied);
        still.put(
            half.ends(),
            new Asked(before.times() + 1, now.plus(before.times() == 0 ? SOON : AGAIN)));
      } else {
        for (long child : half.children()) charon.endChild(child);
      }
    }
    waiting = Map.copyOf(still);
  }

  /// Where the connection names the peer, charon takes a request of the kernel for one that goes on
  /// for as long as that association lives: it compares the label, which such a request has not
  /// (strongSwan 5.9.8, `trap_manager.c`, `complete`). There it is told itself; where the peer may
  /// be any it cannot be.
  private void ask(Charon charon, HalfPair.Ends esp, Negotiations applied) throws IkeException {
    for (IkeConnection connection : applied.connections()) {
      if (connection.remote().filter(esp.remote()::equals).isEmpty()) continue;
      for (IkeChild child : connection.children()) {
        if (child.role() != Role.START || child.reqid() != XfrmState.around(esp.reqid())) continue;
        charon.begin(connection.name(), child.name());
        return;
      }
    }
    Optional<XfrmAcquire> asked =
        XfrmAcquire.around(esp.reqid(), esp.local(), esp.remote(), applied.policies());
    try {
      if (asked.isPresent()) xfrm.acquire(asked.get());
    } catch (ToolException e) {
      // it is asked again
    }
  }
}
