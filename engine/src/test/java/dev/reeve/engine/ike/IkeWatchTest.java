package dev.reeve.engine.ike;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.engine.Await;
import dev.reeve.engine.vici.FakeCharon;
import dev.reeve.engine.vici.ViciException;
import dev.reeve.engine.vici.ViciMessage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A charon that says more than anybody can hear is not listened to for a while, and then again.
class IkeWatchTest {

  private static final Duration LIMIT = Duration.ofSeconds(30);

  @TempDir Path directory;

  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-11-30T12:00:00Z"));
  private final IkeWatch watch = new IkeWatch(now::get);
  private FakeCharon charon;

  @BeforeEach
  void open() throws IOException {
    charon = new FakeCharon(directory.resolve("vici"), Map.of());
  }

  @AfterEach
  void close() throws IOException {
    watch.close();
    charon.close();
  }

  private void hear() {
    watch.hear(directory.resolve("vici"));
  }

  private static ViciMessage said(String sentence) {
    return ViciMessage.of(
        m -> m.put("ikesa-name", "reeve-1").put("ikesa-uniqueid", "1").put("msg", sentence));
  }

  /// As long as somebody listens.
  private void flood() {
    try {
      while (true) charon.says("log", said("received packet: from 198.18.0.1[500]"));
    } catch (IOException | ViciException e) {
      // he has hung up
    }
  }

  private void awaitListener(boolean log) throws Exception {
    Await.until(
        "a listener",
        LIMIT,
        () -> {
          hear();
          return charon.listened().contains("ike-update")
              && charon.listened().contains("log") == log;
        });
  }

  @Test
  void a_flood_is_hung_up_on_and_the_log_is_heard_again_later() throws Exception {
    awaitListener(true);
    Thread flooding = Thread.ofVirtual().start(this::flood);
    awaitListener(false);
    flooding.join();

    charon.says("child-updown", ViciMessage.of(m -> m.put("up", "yes")));
    boolean before = watch.takeAssociated();
    assertThat(before).as("perhaps, while nobody listened").isTrue();
    Await.until(
        "an association",
        LIMIT,
        () -> {
          hear();
          return watch.takeAssociated();
        });

    now.set(now.get().plusSeconds(10));
    awaitListener(true);
    charon.says("log", said("received packet: from 10.0.0.2[500] to 10.0.0.1[500] (9)"));
    charon.says("log", said("received AUTHENTICATION_FAILED notify error"));
    Await.until(
        "why a peer was refused",
        LIMIT,
        () -> {
          hear();
          return !watch.failures().all(now.get()).isEmpty();
        });
  }
}
