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

import dev.reeve.agent.TestBundles;
import dev.reeve.agent.disk.BundleCache.Loaded;
import dev.reeve.model.bundle.Admission.Accepted;
import dev.reeve.model.bundle.BundleGate;
import dev.reeve.model.bundle.Digest;
import dev.reeve.model.bundle.GateState;
import dev.reeve.model.bundle.Manifest;
import dev.reeve.model.bundle.Part;
import dev.reeve.model.bundle.VerifiedBundle;
import dev.reeve.model.bundle.VerifiedManifest;
import dev.reeve.model.ipsec.IpsecPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BundleCacheTest {

  @TempDir Path directory;
  private final BundleGate gate = new BundleGate(seals());
  private BundleCache cache;
  private GateState state = GateState.enrolled(HOST, EPOCH, Instant.EPOCH);
  private Kept kept = Kept.NOTHING;

  @BeforeEach
  void open() throws IOException {
    cache = StateDirectory.open(directory).bundles();
  }

  private VerifiedBundle keep(Manifest manifest, byte[]... objects) throws IOException {
    var open = (Accepted<VerifiedManifest>) gate.open(seal(manifest), state, NOON);
    var all = objects(objects);
    var complete =
        (Accepted<VerifiedBundle>)
            gate.complete(open.value(), d -> Optional.ofNullable(all.get(d)));
    kept = kept.after(complete.value());
    state = state.after(manifest);
    cache.keep(kept, state, "\"" + manifest.version().number() + "\"");
    return complete.value();
  }

  private Loaded load() throws IOException {
    return StateDirectory.open(directory).bundles().load(HOST, EPOCH, Instant.EPOCH, gate);
  }

  private static Optional<String> domain(Loaded loaded) {
    return loaded.kept().domainPolicy().map(IpsecPolicy::name);
  }

  private List<String> objectFiles() throws IOException {
    try (var files = Files.list(directory.resolve("bundles/objects"))) {
      return files.map(f -> String.valueOf(f.getFileName())).toList();
    }
  }

  @Test
  void a_new_host_has_nothing_and_no_problem() throws IOException {
    Loaded loaded = load();
    assertThat(loaded.kept()).isEqualTo(Kept.NOTHING);
    assertThat(loaded.problems()).isEmpty();
    assertThat(loaded.state().floor().number()).isZero();
  }

  @Test
  void what_was_kept_is_there_after_a_restart_with_floor_etag_and_time() throws IOException {
    keep(manifest(7, content(policyBytes("A"))), policyBytes("A"));
    Loaded loaded = load();
    assertThat(loaded.problems()).isEmpty();
    assertThat(domain(loaded)).contains("A");
    assertThat(loaded.etag()).isEqualTo("\"7\"");
    assertThat(loaded.state().floor().number()).isEqualTo(7);
    assertThat(loaded.state().timeFloor()).isEqualTo(NOON);
    assertThat(loaded.state().newest()).contains(kept.current().orElseThrow().manifest());
  }

  @Test
  void a_policy_called_unknown_stays_and_survives_restarts() throws IOException {
    keep(manifest(1, content(policyBytes("A"))), policyBytes("A"));
    keep(manifest(2, Part.Unknown.UNKNOWN));
    keep(manifest(3, Part.Unknown.UNKNOWN));
    Loaded loaded = load();
    assertThat(loaded.problems()).isEmpty();
    assertThat(domain(loaded)).contains("A");
    assertThat(loaded.kept().policy().orElseThrow().manifest().version().number()).isEqualTo(1);
    assertThat(loaded.kept().current().orElseThrow().manifest().version().number()).isEqualTo(3);
  }

  @Test
  void a_policy_withdrawn_on_purpose_is_gone() throws IOException {
    keep(manifest(1, content(policyBytes("A"))), policyBytes("A"));
    keep(manifest(2, Part.None.NONE));
    assertThat(domain(load())).isEmpty();
    assertThat(load().kept().isNothing()).isFalse();
  }

  @Test
  void objects_nobody_names_are_removed() throws IOException {
    keep(manifest(1, content(policyBytes("A"))), policyBytes("A"));
    keep(manifest(2, content(policyBytes("B"))), policyBytes("B"));
    assertThat(objectFiles())
        .contains(Digest.of(policyBytes("B")).hex())
        .doesNotContain(Digest.of(policyBytes("A")).hex())
        .hasSize(4);
  }

  @Test
  void the_confirmed_bundle_stays_beside_the_current_one() throws IOException {
    keep(manifest(1, content(policyBytes("A"))), policyBytes("A"));
    kept = kept.withCurrentConfirmed();
    keep(manifest(2, content(policyBytes("B"))), policyBytes("B"));
    Loaded loaded = load();
    assertThat(loaded.kept().confirmed().orElseThrow().manifest().version().number()).isEqualTo(1);
    assertThat(loaded.kept().currentIsConfirmed()).isFalse();
    assertThat(objectFiles()).contains(Digest.of(policyBytes("A")).hex());
  }

  @Test
  void a_renewal_of_the_confirmed_bundle_is_confirmed() throws IOException {
    keep(manifest(1, Part.None.NONE));
    kept = kept.withCurrentConfirmed();
    keep(manifest(HOST, EPOCH, 1, Part.None.NONE, NOON.plusSeconds(60)));
    assertThat(kept.currentIsConfirmed()).isTrue();
    assertThat(load().kept().currentIsConfirmed()).isTrue();
  }

  @ParameterizedTest(name = "torn: {0}")
  @ValueSource(strings = {"index.json", "manifest", "policy", "provenance"})
  void a_torn_cache_is_refused_loudly_and_the_floor_holds(String what) throws IOException {
    VerifiedBundle bundle = keep(manifest(9, content(policyBytes("A"))), policyBytes("A"));
    Path objects = directory.resolve("bundles/objects");
    Path torn =
        switch (what) {
          case "index.json" -> directory.resolve("bundles/index.json");
          case "manifest" -> objects.resolve(Digest.of(bundle.signed()).hex() + ".cms");
          case "policy" -> objects.resolve(Digest.of(policyBytes("A")).hex());
          default -> objects.resolve(Digest.of(TestBundles.PROVENANCE).hex());
        };
    byte[] whole = Files.readAllBytes(torn);
    for (int length : new int[] {0, 1, whole.length / 2, whole.length - 1}) {
      Files.write(torn, java.util.Arrays.copyOf(whole, length));
      Loaded loaded = load();
      assertThat(loaded.problems()).isNotEmpty().allMatch(p -> p.startsWith("cache refused"));
      assertThat(loaded.kept().current()).isEmpty();
      assertThat(loaded.etag()).isEmpty();
      assertThat(loaded.state().floor().number()).isEqualTo(9);
    }
    Files.delete(torn);
    assertThat(load().state().floor().number()).isEqualTo(9);
  }

  @Test
  void a_torn_cache_is_whole_again_after_the_next_bundle() throws IOException {
    keep(manifest(1, content(policyBytes("A"))), policyBytes("A"));
    Files.write(
        directory.resolve("bundles/objects").resolve(Digest.of(policyBytes("A")).hex()),
        new byte[] {1});
    keep(manifest(2, content(policyBytes("A"))), policyBytes("A"));
    assertThat(load().problems()).isEmpty();
    assertThat(domain(load())).contains("A");
  }

  @Test
  void a_manifest_with_another_seal_is_refused() throws IOException {
    VerifiedBundle bundle = keep(manifest(1, Part.None.NONE));
    var forged = bundle.signed().clone();
    forged[0] = 'X';
    Path objects = directory.resolve("bundles/objects");
    Files.write(objects.resolve(Digest.of(forged).hex() + ".cms"), forged);
    String index = Files.readString(directory.resolve("bundles/index.json"));
    Files.writeString(
        directory.resolve("bundles/index.json"),
        index.replace(Digest.of(bundle.signed()).hex(), Digest.of(forged).hex()));
    assertThat(load().problems()).anyMatch(p -> p.contains("BAD_SIGNATURE"));
    assertThat(load().kept().isNothing()).isTrue();
  }

  @Test
  void an_older_index_put_back_is_refused() throws IOException {
    keep(manifest(1, Part.None.NONE));
    byte[] older = Files.readAllBytes(directory.resolve("bundles/index.json"));
    keep(manifest(2, Part.None.NONE));
    Files.write(directory.resolve("bundles/index.json"), older);
    Loaded loaded = load();
    assertThat(loaded.problems()).anyMatch(p -> p.contains("ROLLED_BACK"));
    assertThat(loaded.kept().isNothing()).isTrue();
    assertThat(loaded.state().floor().number()).isEqualTo(2);
  }

  @Test
  void a_host_that_joined_again_starts_with_nothing() throws IOException {
    keep(manifest(5, Part.None.NONE));
    String another = "00000000000000000000000000000002";
    Loaded loaded = cache.load(HOST, another, Instant.EPOCH, gate);
    assertThat(loaded.kept().isNothing()).isTrue();
    assertThat(loaded.problems()).isEmpty();
    assertThat(loaded.state().floor().number()).isZero();
    assertThat(loaded.state().timeFloor()).isEqualTo(NOON);
  }
}
