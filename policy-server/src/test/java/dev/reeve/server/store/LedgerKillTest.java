package dev.reeve.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.model.bundle.HostId;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/// `kill -9` of the process that writes the ledger, fifty times at random points: half of them in
/// each of two ledgers side by side, for most of the time goes into starting processes.
class LedgerKillTest {

  private static final int LEDGERS = 2;
  private static final int KILLS = 25;
  private static final HostId HOST = StoreContract.someHost();

  @TempDir Path directory;

  @Test
  void no_acknowledged_version_is_lost() throws Exception {
    try (var threads = Executors.newFixedThreadPool(LEDGERS)) {
      var running = new ArrayList<Future<?>>();
      for (int i = 0; i < LEDGERS; i++) {
        Path own = Files.createDirectory(directory.resolve("ledger-" + i));
        var random = new Random(20261122 + i);
        running.add(threads.submit(() -> killAgainAndAgain(own, random)));
      }
      for (Future<?> each : running) each.get();
    }
  }

  private static Void killAgainAndAgain(Path directory, Random random) throws Exception {
    Path file = directory.resolve("ledger");
    var source = new JdbcDataSource();
    source.setUrl(Database.h2Url(file));
    Database.migrate(source);
    ChildJvm child = ChildJvm.prepare(LedgerProcess.class, directory, arguments(file, 1, 3));
    long next = 4;
    for (int kill = 1; kill <= KILLS; kill++) {
      List<Long> acknowledged =
          writeAndKill(child.start(arguments(file, next, Long.MAX_VALUE)), random);

      long newest = newest(source);

      // at most one more: written, and killed before it was acknowledged
      long last = acknowledged.getLast();
      assertThat(newest).as("after kill %d", kill).isBetween(last, last + 1);
      next = newest + 1;
    }
    assertThat(next).isGreaterThan(2 * KILLS);
    return null;
  }

  private static List<String> arguments(Path file, long from, long last) {
    return List.of(file.toString(), HOST.text(), Long.toString(from), Long.toString(last));
  }

  private static List<Long> writeAndKill(Process process, Random random)
      throws IOException, InterruptedException {
    int enough = 1 + random.nextInt(20);
    int spin = random.nextInt(200_000); // to somewhere within the next write
    var acknowledged = new ArrayList<Long>();
    try (var lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (var line = read(lines); line.isPresent(); line = read(lines)) {
        acknowledged.add(Long.parseLong(line.get().substring("acknowledged ".length())));
        if (acknowledged.size() == enough) {
          for (int i = 0; i < spin; i++) Thread.onSpinWait();
          // By its handle: Process.destroyForcibly would close the pipe and lose what is in it.
          assertThat(process.toHandle().destroyForcibly()).isTrue();
        }
      }
    } finally {
      boolean unused = process.toHandle().destroyForcibly();
    }
    assertThat(process.waitFor()).as("killed, not ended").isEqualTo(128 + 9);
    return acknowledged;
  }

  private static Optional<String> read(BufferedReader lines) throws IOException {
    return Optional.ofNullable(lines.readLine());
  }

  /// Opens the file anew, as the next process will.
  private static long newest(JdbcDataSource source) {
    return new JdbcLedger(JdbcClient.create(source)).latest(HOST).orElseThrow().version().number();
  }
}
