package dev.reeve.engine.ike;

import dev.reeve.engine.vici.ViciClient;
import dev.reeve.engine.vici.ViciClient.ViciEvent;
import dev.reeve.engine.vici.ViciException;
import dev.reeve.engine.vici.ViciMessage;
import java.io.Closeable;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// An ear at charon's log. Charon keeps what it said until it is asked for, so it must be asked
/// every few seconds; whoever owns the engine does.
public final class IkeWatch implements Closeable {

  /// Under a flood the rest can wait for the next time.
  private static final int MOST_AT_ONCE = 20_000;

  private final InstantSource clock;
  private final PeerFailures failures = new PeerFailures();
  private @Nullable ViciClient client;

  public IkeWatch(InstantSource clock) {
    this.clock = clock;
  }

  public PeerFailures failures() {
    return failures;
  }

  /// Takes in what was said since. A charon that has gone is heard again once it is back.
  public void hear(Path socket) {
    try {
      ViciClient at = client;
      if (at == null || !at.isOpen()) {
        at = ViciClient.connect(socket);
        client = at;
        at.listen("log");
        failures.charonStarted();
      }
      for (int i = 0; i < MOST_AT_ONCE; i++) {
        Optional<ViciEvent> event = at.poll();
        if (event.isEmpty()) return;
        ViciMessage said = event.get().message();
        failures.hear(
            said.text("ikesa-name"),
            said.findNumber("ikesa-uniqueid").orElse(0L),
            said.text("msg"),
            clock.instant());
      }
    } catch (ViciException e) {
      close();
    }
  }

  @Override
  public void close() {
    ViciClient at = client;
    if (at != null) at.close();
    client = null;
  }
}
