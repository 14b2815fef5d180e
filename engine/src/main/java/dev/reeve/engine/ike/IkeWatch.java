package dev.reeve.engine.ike;

import dev.reeve.engine.vici.ViciClient;
import dev.reeve.engine.vici.ViciClient.ViciEvent;
import dev.reeve.engine.vici.ViciException;
import dev.reeve.engine.vici.ViciMessage;
import java.io.Closeable;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// An ear at charon: its log, and what associations come. Charon keeps what it said until it is
/// asked for, so it must be asked again and again; whoever owns the engine does.
public final class IkeWatch implements Closeable {

  /// charon keeps what nobody has read. One that says more than this at once, or goes on for
  /// longer, is flooded: it is hung up on, so that it forgets the rest, and its log is not listened
  /// to for a while.
  private static final int MOST_AT_ONCE = 2000;

  private static final Duration LONGEST = Duration.ofMillis(250);
  private static final Duration DEAF = Duration.ofSeconds(10);

  /// It hands over what waits a piece at a time.
  private static final int PIECE = 100;

  private static final Duration NEXT_PIECE = Duration.ofMillis(10);

  private static final String CHILD = "child-updown";

  /// One has taken the place of another, and charon has written its policies anew.
  private static final String RENEWED = "child-rekey";

  /// An association has come or gone, or the peer is at another address or port.
  private static final List<String> MOVES = List.of(CHILD, "ike-updown", "ike-update");

  private final InstantSource clock;
  private final PeerFailures failures = new PeerFailures();
  private boolean associated;
  private boolean ended;
  private boolean moved;
  private @Nullable ViciClient client;
  private boolean hearsLog;
  private Instant deafUntil = Instant.MIN;

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

  /// Whether an association ended, or another took its place, since this was asked last.
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
        hearsLog = false;
        for (String event : MOVES) at.listen(event);
        at.listen(RENEWED);
        associated = true; // perhaps, while nobody listened
        moved = true;
        failures.charonStarted();
      }
      if (!hearsLog && !clock.instant().isBefore(deafUntil)) {
        at.listen("log");
        hearsLog = true;
      }
      long end = System.nanoTime() + LONGEST.toNanos();
      for (int i = 0; i < MOST_AT_ONCE && System.nanoTime() < end; i++) {
        Optional<ViciEvent> event = at.poll(i < PIECE ? Duration.ZERO : NEXT_PIECE);
        if (event.isEmpty()) return true;
        ViciMessage said = event.get().message();
        if (MOVES.contains(event.get().name())) {
          moved = true;
          if (event.get().name().equals(CHILD)) {
            boolean up = said.find("up").isPresent();
            associated |= up;
            ended |= !up;
          }
        } else if (event.get().name().equals(RENEWED)) {
          ended = true;
        } else {
          failures.hear(
              said.text("ikesa-name"),
              said.findNumber("ikesa-uniqueid").orElse(0L),
              said.text("msg"),
              clock.instant());
        }
      }
      close();
      deafUntil = clock.instant().plus(DEAF);
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
