package dev.reeve.server.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reeve.model.bundle.Admission;
import dev.reeve.model.bundle.Admission.Accepted;
import dev.reeve.model.bundle.Assignment;
import dev.reeve.model.bundle.BundleGate;
import dev.reeve.model.bundle.BundleVersion;
import dev.reeve.model.bundle.Digest;
import dev.reeve.model.bundle.GateState;
import dev.reeve.model.bundle.HostId;
import dev.reeve.model.bundle.VerifiedBundle;
import dev.reeve.model.bundle.VerifiedManifest;
import dev.reeve.server.publish.HostContent.Content;
import dev.reeve.trust.Authority;
import dev.reeve.trust.CmsSignatureCheck;
import dev.reeve.trust.CmsSigner;
import dev.reeve.trust.Identity;
import dev.reeve.trust.PinnedSigners;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PublisherTest {

  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
  private static final HostId HOST = new HostId("0".repeat(31) + "1");
  private static final HostId OTHER = new HostId("0".repeat(31) + "2");
  private static final String EPOCH = "0".repeat(31) + "e";

  @TempDir static Path directory;
  private static Authority authority;
  private static Identity signer;

  private final Fakes world = new Fakes();
  private Instant now = NOON;
  private Publisher publisher = publisher(signer);

  @BeforeAll
  static void make_an_authority() throws Exception {
    authority = Authority.openOrCreate(directory.resolve("ca"), NOON, new SecureRandom());
    signer = authority.issueSigner("1", NOON, Duration.ofDays(365));
  }

  /// Everything the publisher asks, counted.
  private static final class Fakes implements HostContents, Ledger, ObjectStore, PolicyRecord {
    final Map<Digest, byte[]> objects = new HashMap<>();
    final Map<HostId, List<Ledger.Entry>> ledger = new HashMap<>();
    Optional<HostContent> content = Optional.of(content("first"));
    long generation = 1;
    final List<String> remembered = new ArrayList<>();
    int calls;

    @Override
    public long generation(HostId host) {
      return generation;
    }

    @Override
    public Optional<HostContent> find(HostId host) {
      calls++;
      return content;
    }

    @Override
    public Optional<Ledger.Entry> latest(HostId host) {
      calls++;
      return Optional.ofNullable(ledger.get(host)).map(List::getLast);
    }

    @Override
    public void record(HostId host, Ledger.Entry entry) {
      calls++;
      if (latest(host).filter(l -> l.version().number() >= entry.version().number()).isPresent())
        throw new IllegalStateException("recorded already");
      ledger.computeIfAbsent(host, _ -> new ArrayList<>()).add(entry);
    }

    @Override
    public void renew(HostId host, Ledger.Entry entry) {
      calls++;
      ledger.get(host).set(ledger.get(host).size() - 1, entry);
    }

    @Override
    public void put(Digest digest, byte[] content) {
      calls++;
      objects.put(digest, content);
    }

    @Override
    public Optional<byte[]> find(Digest digest) {
      calls++;
      return Optional.ofNullable(objects.get(digest));
    }

    @Override
    public void remember(
        HostId host, Optional<Boolean> policy, Optional<Boolean> persistent, Instant when) {
      calls++;
      remembered.add(host + " " + policy.orElse(null) + " " + persistent.orElse(null));
    }

    void changeTo(String provenance) {
      content = Optional.of(content(provenance));
      generation++;
    }
  }

  private static HostContent content(String provenance) {
    return new HostContent(
        "CN=web-01,DC=corp",
        Content.Unknown.UNKNOWN,
        Content.None.NONE,
        new Content.Bytes("{}".getBytes(StandardCharsets.UTF_8)),
        provenance.getBytes(StandardCharsets.UTF_8),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private static BundleGate gate(Identity signer) {
    try {
      return new BundleGate(
          new CmsSignatureCheck(PinnedSigners.of(signer.chain(), authority.root())));
    } catch (CertificateException e) {
      throw new IllegalStateException(e);
    }
  }

  private Publisher publisher(Identity signer) {
    var cms = new CmsSigner(signer);
    return new Publisher(
        world,
        world,
        world,
        world,
        bytes -> {
          world.calls++;
          return cms.sign(bytes);
        },
        gate(signer),
        () -> now);
  }

  private Published publish() {
    return publisher.find(HOST, EPOCH, Optional.empty()).orElseThrow();
  }

  private Published publishAbove(long floor) {
    return publisher.find(HOST, EPOCH, Optional.of(new BundleVersion(EPOCH, floor))).orElseThrow();
  }

  private static long version(Published published) {
    return published.manifest().version().number();
  }

  @Test
  void a_host_admits_what_is_published() {
    Published published = publish();

    Admission<VerifiedManifest> opened =
        gate(signer).open(published.signed(), GateState.enrolled(HOST, EPOCH, NOON), NOON);
    if (!(opened instanceof Accepted<VerifiedManifest>(var manifest)))
      throw new AssertionError(opened);
    Admission<VerifiedBundle> complete =
        gate(signer).complete(manifest, digest -> publisher.findObject(HOST, digest));
    if (!(complete instanceof Accepted<VerifiedBundle>(var bundle)))
      throw new AssertionError(complete);
    assertThat(bundle.manifest().version()).isEqualTo(new BundleVersion(EPOCH, 1));
    assertThat(bundle.policy()).isEqualTo(Assignment.Unknown.UNKNOWN);
    assertThat(bundle.persistent()).isEqualTo(Assignment.Unassigned.UNASSIGNED);
    assertThat(bundle.provenance()).isEqualTo("first".getBytes(StandardCharsets.UTF_8));
    assertThat(published.etag()).isEqualTo("\"" + Digest.of(published.signed()).hex() + "\"");
  }

  @Test
  void an_unchanged_poll_asks_nobody() {
    Published first = publish();
    int before = world.calls;
    for (int i = 0; i < 100; i++) assertThat(publish()).isSameAs(first);
    assertThat(publishAbove(1)).isSameAs(first);
    assertThat(world.calls).isEqualTo(before);
  }

  @Test
  void a_change_elsewhere_signs_nothing() {
    Published first = publish();
    int before = world.calls;
    world.generation++;
    assertThat(publish().signed()).isEqualTo(first.signed());
    assertThat(world.calls).as("the content was looked at, once").isEqualTo(before + 1);
  }

  @Test
  void a_change_is_a_new_version() {
    Published first = publish();
    world.changeTo("second");
    Published second = publish();
    assertThat(version(second)).isEqualTo(2);
    assertThat(second.etag()).isNotEqualTo(first.etag());
    world.changeTo("first");
    assertThat(version(publish())).as("back is another change").isEqualTo(3);
  }

  @Test
  void at_half_time_the_same_version_is_signed_again() {
    Published first = publish();
    now = NOON.plus(Duration.ofDays(3));
    assertThat(publish()).isSameAs(first);

    now = NOON.plus(Duration.ofDays(4));
    Published renewed = publish();

    assertThat(version(renewed)).isEqualTo(1);
    assertThat(renewed.manifest().sameContent(first.manifest())).isTrue();
    assertThat(renewed.manifest().expires()).isEqualTo(NOON.plus(Duration.ofDays(11)));
    assertThat(world.ledger.get(HOST)).hasSize(1);
    GateState has = GateState.enrolled(HOST, EPOCH, NOON).after(first.manifest());
    assertThat(gate(signer).open(renewed.signed(), has, now)).isInstanceOf(Accepted.class);
  }

  @Test
  void a_restarted_server_serves_the_same_bytes() {
    Published first = publish();
    publisher = publisher(signer);
    assertThat(publish().signed()).isEqualTo(first.signed());
    assertThat(world.ledger.get(HOST)).hasSize(1);
  }

  @Test
  void a_lost_ledger_locks_nobody_out() {
    world.changeTo("second");
    Published published = publishAbove(41);
    assertThat(version(published)).isEqualTo(42);
    assertThat(version(publishAbove(42))).isEqualTo(42);
  }

  @Test
  void a_floor_of_another_epoch_means_nothing() {
    var elsewhere = new BundleVersion("f".repeat(32), 1000);
    assertThat(version(publisher.find(HOST, EPOCH, Optional.of(elsewhere)).orElseThrow()))
        .isEqualTo(1);
  }

  @Test
  void a_new_epoch_starts_again() {
    Published before = publish();
    String epoch = "a".repeat(32);
    world.ledger.clear();
    Published after = publisher.find(HOST, epoch, Optional.empty()).orElseThrow();
    assertThat(after.manifest().version()).isEqualTo(new BundleVersion(epoch, 1));
    assertThat(before.manifest().version().epoch()).isEqualTo(EPOCH);
  }

  @Test
  void another_server_that_was_first_is_followed() {
    publish();
    world.changeTo("second");
    Publisher other = publisher(signer);
    Published theirs = other.find(HOST, EPOCH, Optional.empty()).orElseThrow();
    assertThat(publish().signed()).isEqualTo(theirs.signed());
    world.changeTo("third");
    assertThat(version(publish())).isEqualTo(3);
  }

  /// A version that the new signer did not sign still counts: it may be on the host.
  @Test
  void a_new_signer_goes_on_where_the_old_one_was() {
    publish();
    world.changeTo("second");
    Published old = publish();
    Identity next = authority.issueSigner("2", NOON, Duration.ofDays(365));
    publisher = publisher(next);

    Published published = publishAbove(1);

    assertThat(version(published)).isGreaterThan(version(old));
    GateState has = GateState.enrolled(HOST, EPOCH, NOON).after(old.manifest());
    assertThat(gate(next).open(published.signed(), has, now)).isInstanceOf(Accepted.class);
  }

  @Test
  void what_no_host_would_admit_is_neither_recorded_nor_served() {
    Published first = publish();
    var broken = new Content.Bytes("{\"v\":99}".getBytes(StandardCharsets.UTF_8));
    HostContent c = content("second");
    world.content =
        Optional.of(
            new HostContent(
                c.computer(),
                broken,
                c.persistent(),
                c.settings(),
                c.provenance(),
                c.secrets(),
                Optional.empty(),
                Optional.empty()));
    world.generation++;

    assertThatThrownBy(this::publish).hasMessageContaining("our own bundle would be refused");
    assertThat(world.ledger.get(HOST)).hasSize(1);

    world.changeTo("first");
    assertThat(publish().signed()).isEqualTo(first.signed());
  }

  @Test
  void what_is_published_is_remembered_and_so_is_what_the_ledger_holds() {
    publish();
    assertThat(world.remembered).containsExactly(HOST + " null false");

    world.remembered.clear();
    publisher = publisher(signer);
    world.content = Optional.empty();
    assertThat(publisher.find(HOST, EPOCH, Optional.empty())).isEmpty();
    assertThat(world.remembered).as("after a restart").containsExactly(HOST + " null false");
  }

  @Test
  void without_a_picture_of_the_directory_nothing_is_said() {
    world.content = Optional.empty();
    assertThat(publisher.find(HOST, EPOCH, Optional.empty())).isEmpty();
    assertThat(world.ledger).isEmpty();
  }

  @Test
  void a_host_gets_the_objects_of_its_own_manifest_only() {
    Published first = publish();
    Digest mine = first.manifest().provenance();
    assertThat(publisher.findObject(HOST, mine)).isPresent();
    assertThat(publisher.findObject(OTHER, mine)).isEmpty();
    assertThat(publisher.findObject(HOST, Digest.of(new byte[] {9}))).isEmpty();

    world.changeTo("second");
    publish();
    assertThat(publisher.findObject(HOST, mine)).as("no longer named").isEmpty();
  }
}
