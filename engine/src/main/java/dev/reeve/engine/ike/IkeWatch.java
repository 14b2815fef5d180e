package dev.reeve.engine.ike;

import dev.reeve.engine.vici.ViciClient;
import dev.reeve.engine.vici.ViciClient.ViciEvent;
import dev.reeve.engine.vici.ViciException;
import dev.reeve.engine.vici.ViciMessage;
import java.io.Closeable;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// An ear at charon: its log, and what associations come. Charon keeps what it said until it is
/// asked for, so it must be asked every few seconds; whoever owns the engine does.
public final class IkeWatch implements Closeable {

  /// Under a flood the rest can wait for the next time.
  private static final int MOST_AT_ONCE = 20_000;

  private static final String CHILD = "child-updown";

  /// An association has come or gone, or the peer is at another address or port.
  private static final List<String> MOVES = List.of(CHILD, "ike-updown", "ike-update");

  private final InstantSource clock;
  private final PeerFailures failures = new PeerFailures();
  private boolean associated;
  private boolean ended;
  private boolean moved;
  private @Nullable ViciClient client;

  public IkeWatch(InstantSource clock) {
    this.clock = clock;
  }

  public PeerFailures failures() {
    return failures;
  }

  /// Whether an association came since this was asked last.
  public boolean takeAssociated() {
    boolean came = associated;
    associated = false;
    return came;
  }

  /// Whether an association ended since this was asked last.
  public boolean takeEnded() {
    boolean did = ended;
    ended = false;
    return did;
  }

  /// Whether peers came, went or moved since this was asked last.
  public boolean takeMoved() {
    boolean did = moved;
    moved = false;
    return did;
  }

  /// Takes in what was said since. A charon that was started anew meanwhile is listened to at once,
  /// one that has gone once it is back.
  public void hear(Path socket) {
    boolean known = client != null;
    if (!listened(socket) && known) listened(socket);
  }

  /// @return false when charon has gone
  private boolean listened(Path socket) {
    try {
      ViciClient at = client;
      if (at == null || !at.isOpen()) {
        at = ViciClient.connect(socket);
        client = at;
        at.listen("log");
        for (String event : MOVES) at.listen(event);
        associated = true; // perhaps, while nobody listened
        moved = true;
        failures.charonStarted();
      }
      for (int i = 0; i < MOST_AT_ONCE; i++) {
        Optional<ViciEvent> event = at.poll();
        if (event.isEmpty()) return true;
        ViciMessage said = event.get().message();
        if (MOVES.contains(event.get().name())) {
          moved = true;
          if (event.get().name().equals(CHILD)) {
            boolean up = said.find("up").isPresent();
            associated |= up;
            ended |= !up;
          }
        } else {
          failures.hear(
              said.text("ikesa-name"),
              said.findNumber("ikesa-uniqueid").orElse(0L),
              said.text("msg"),
              clock.instant());
        }
      }
      return true;
    } catch (ViciException e) {
      close();
      return false;
    }
  }

  @Override
  public void close() {
    ViciClient at = client;
    if (at != null) at.close();
    client = null;
  }
}
