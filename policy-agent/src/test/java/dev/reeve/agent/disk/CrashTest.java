package dev.reeve.agent.disk;

import static dev.reeve.agent.TestBundles.EPOCH;
import static dev.reeve.agent.TestBundles.HOST;
import static dev.reeve.agent.TestBundles.NOON;
import static dev.reeve.agent.TestBundles.content;
import static dev.reeve.agent.TestBundles.manifest;
import static dev.reeve.agent.TestBundles.objects;
import static dev.reeve.agent.TestBundles.policyBytes;
import static dev.reeve.agent.TestBundles.seal;
import static dev.reeve.agent.TestBundles.seals;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.agent.disk.BundleCache.Loaded;
import dev.reeve.model.bundle.Admission.Accepted;
import dev.reeve.model.bundle.BundleGate;
import dev.reeve.model.bundle.GateState;
import dev.reeve.model.bundle.Manifest;
import dev.reeve.model.bundle.Part;
import dev.reeve.model.bundle.VerifiedBundle;
import dev.reeve.model.bundle.VerifiedManifest;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A process that writes bundles is killed at random moments. The cache must always be readable,
/// and never older than what it said was kept.
class CrashTest {

  private static final int KILLS = 50;

  /// Writes one bundle after the other and says so; goes on from what it finds.
  static final class Writer {
    private Writer() {}

    public static void main(String[] arguments) throws IOException {
      BundleCache cache = StateDirectory.open(Path.of(arguments[0])).bundles();
      var gate = new BundleGate(seals());
      Loaded loaded = cache.load(HOST, EPOCH, Instant.EPOCH, gate);
      if (!loaded.problems().isEmpty()) throw new IOException(loaded.problems().toString());
      GateState state = loaded.state();
      Kept kept = loaded.kept();
      while (true) {
        long number = state.floor().number() + 1;
        byte[] policy = policyBytes("policy " + number);
        Part part = number % 4 == 0 ? Part.Unknown.UNKNOWN : content(policy);
        Manifest manifest = manifest(number, part);
        var open = (Accepted<VerifiedManifest>) gate.open(seal(manifest), state, NOON);
        var all = objects(policy);
        var bundle =
            (Accepted<VerifiedBundle>)
                gate.complete(open.value(), d -> Optional.ofNullable(all.get(d)));
        state = state.after(manifest);
        kept = kept.after(bundle.value());
        if (number % 3 == 0) kept = kept.withCurrentConfirmed();
        cache.keep(kept, state, "\"" + number + "\"");
        System.out.println(number);
        System.out.flush();
      }
    }
  }

  @Test
  void kill_9_at_random_moments_loses_nothing_that_was_kept(@TempDir Path directory)
      throws Exception {
    var random = new Random(7);
    long before = 0;
    for (int kill = 0; kill < KILLS; kill++) {
      long acknowledged = writeAndKill(directory, random.nextInt(25_000), before);
      Loaded loaded =
          StateDirectory.open(directory)
              .bundles()
              .load(HOST, EPOCH, Instant.EPOCH, new BundleGate(seals()));
      assertThat(loaded.problems()).as("kill %d", kill).isEmpty();
      long floor = loaded.state().floor().number();
      assertThat(floor).isGreaterThanOrEqualTo(acknowledged);
      assertThat(loaded.kept().current().orElseThrow().manifest().version().number())
          .isEqualTo(floor);
      assertThat(loaded.kept().domainPolicy().orElseThrow().name())
          .isEqualTo("policy " + (floor % 4 == 0 ? floor - 1 : floor));
      before = floor;
    }
    assertThat(before).isGreaterThan(KILLS);
  }

  /// @return the last version the process said it had kept
  private static long writeAndKill(Path directory, int microseconds, long before) throws Exception {
    Process writer =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                "-cp",
                System.getProperty("java.class.path"),
                Writer.class.getName(),
                directory.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader out = writer.inputReader()) {
      String line = out.readLine();
      assertThat(line).as("the writer starts").isNotNull();
      TimeUnit.MICROSECONDS.sleep(microseconds); // where the kill falls is the test's input
      // By its handle: the process object would close the pipe before it is read.
      assertThat(writer.toHandle().destroyForcibly()).isTrue();
      long last = Long.parseLong(line);
      for (line = out.readLine(); line != null; line = out.readLine()) {
        if (line.matches("[0-9]+")) last = Math.max(last, whole(line, last));
      }
      assertThat(last).isGreaterThan(before);
      return last;
    } finally {
      writer.destroyForcibly().waitFor();
    }
  }

  /// The last line may have been cut off by the kill.
  private static long whole(String line, long last) {
    long number = Long.parseLong(line);
    return number == last + 1 ? number : last;
  }
}
