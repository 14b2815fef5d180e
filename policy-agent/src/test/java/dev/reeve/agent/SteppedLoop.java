package dev.reeve.agent;

import static dev.reeve.agent.TestBundles.EPOCH;
import static dev.reeve.agent.TestBundles.HOST;
import static dev.reeve.agent.TestBundles.NOON;
import static dev.reeve.agent.TestBundles.manifest;
import static dev.reeve.agent.TestBundles.objects;
import static dev.reeve.agent.TestBundles.seal;
import static dev.reeve.agent.TestBundles.seals;

import dev.reeve.agent.AgentEvent.BundleArrived;
import dev.reeve.agent.disk.BundleCache;
import dev.reeve.agent.disk.LastStores;
import dev.reeve.agent.disk.RuleFiles;
import dev.reeve.agent.disk.StateDirectory;
import dev.reeve.model.bundle.BundleGate;
import dev.reeve.model.bundle.Manifest;
import dev.reeve.model.spd.HostView;
import dev.reeve.model.spd.Store;
import dev.reeve.model.status.IpsecActivity;
import dev.reeve.model.status.PeerFailure;
import dev.reeve.model.status.StatusReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// The loop without its thread, and all around it in the hand of a test: an event in, and what
/// became of it.
abstract class SteppedLoop {

  @TempDir Path directory;

  final FakeEngine engine = new FakeEngine();
  final List<StatusReport> reports = new ArrayList<>();
  private final BundleGate gate = new BundleGate(seals());
  Optional<RuntimeException> fault = Optional.empty();
  Supplier<HostView> seen = () -> HostView.NONE;
  long links;
  int linkChanges;
  Instant now = NOON;
  private Duration uptime = Duration.ZERO;
  AgentLoop loop;

  @BeforeEach
  void start() throws IOException {
    loop = restarted(true);
  }

  AgentLoop restarted(boolean joined) throws IOException {
    var state = StateDirectory.open(directory);
    var cache = state.bundles();
    BundleCache.Loaded loaded = cache.load(HOST, EPOCH, Instant.EPOCH, gate);
    var made =
        new AgentLoop(
            engine,
            joined ? Optional.of(new AgentLoop.Domain(gate, cache, loaded)) : Optional.empty(),
            new AgentLoop.Surroundings(
                new LastStores(state)::read,
                state::storesStamp,
                _ -> view(),
                new RuleFiles(directory, Files.createDirectories(directory.resolve("run"))),
                () -> links,
                () -> false),
            new AgentLoop.Timers(
                Duration.ofSeconds(2), Duration.ofSeconds(60), Duration.ofMinutes(15)),
            AgentState.first(engine.name(), Contact.none(NOON, ""), loaded.problems()),
            reports::add,
            () -> linkChanges++,
            () -> now,
            () -> uptime);
    made.start();
    return made;
  }

  private HostView view() {
    if (fault.isPresent()) throw fault.get();
    return seen.get();
  }

  /// Of the host's own administrator: a policy of that name, or none.
  void store(Store store, Optional<String> name) throws IOException {
    StateDirectory.open(directory).writeStore(store, name.map(TestBundles::policy));
  }

  PollOutcome arrives(Manifest manifest, byte[]... objects) {
    var event =
        new BundleArrived(
            seal(manifest),
            "\"" + manifest.version().number() + "\"",
            objects(objects),
            new CompletableFuture<>());
    loop.handle(event);
    return event.reply().join();
  }

  void after(Duration time) {
    uptime = uptime.plus(time);
    now = now.plus(time);
    loop.tick();
  }

  StatusReport lastReport() {
    return reports.getLast();
  }

  /// What the agent keeps for nft in that file.
  String rules(String file) throws IOException {
    Path path = directory.resolve(file);
    return Files.exists(path) ? Files.readString(path) : "none";
  }

  Sight sight() {
    var event = new AgentEvent.SightAsked(new CompletableFuture<>());
    loop.handle(event);
    return event.reply().join();
  }

  IpsecActivity activity(String peer) {
    var failure =
        new PeerFailure(peer, PeerFailure.Reason.NO_ANSWER, "it does not", now, now, 1, true);
    return IpsecActivity.of(List.of(), List.of(), List.of(), List.of(failure), new TreeMap<>());
  }
}
