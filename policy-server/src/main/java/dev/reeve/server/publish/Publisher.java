package dev.reeve.server.publish;

import dev.reeve.model.bundle.Admission;
import dev.reeve.model.bundle.BundleGate;
import dev.reeve.model.bundle.BundleVersion;
import dev.reeve.model.bundle.Digest;
import dev.reeve.model.bundle.GateState;
import dev.reeve.model.bundle.HostId;
import dev.reeve.model.bundle.Manifest;
import dev.reeve.model.bundle.Part;
import dev.reeve.model.bundle.VerifiedBundle;
import dev.reeve.model.bundle.VerifiedManifest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The current signed manifest of every host. A poll that finds nothing new costs a map look-up: no
/// search, no SQL, no signature. Safe for several threads; a host's manifests are made one at a
/// time.
public final class Publisher {

  private static final Logger LOG = LoggerFactory.getLogger("publish");

  private record Current(long generation, Published published) {}

  private final HostContents contents;
  private final Ledger ledger;
  private final ObjectStore objects;
  private final PolicyRecord policies;
  private final UnaryOperator<byte[]> signer;
  private final BundleGate gate;
  private final InstantSource clock;
  private final Map<HostId, Current> current = new ConcurrentHashMap<>();

  /// @param signer makes CMS SignedData of a manifest's bytes
  /// @param gate the one that hosts have: what it refuses is not published
  public Publisher(
      HostContents contents,
      Ledger ledger,
      ObjectStore objects,
      PolicyRecord policies,
      UnaryOperator<byte[]> signer,
      BundleGate gate,
      InstantSource clock) {
    this.contents = contents;
    this.ledger = ledger;
    this.objects = objects;
    this.policies = policies;
    this.signer = signer;
    this.gate = gate;
    this.clock = clock;
  }

  /// @param epoch the host's, from its enrolment
  /// @param floor the newest version the host says it has admitted
  /// @return empty when nothing can be said yet: no picture of the directory
  public Optional<Published> find(HostId host, String epoch, Optional<BundleVersion> floor) {
    long generation = contents.generation(host);
    long atLeast = floor.filter(f -> f.epoch().equals(epoch)).map(BundleVersion::number).orElse(0L);
    Current now = current.get(host);
    if (now != null && now.generation == generation && serves(now.published, epoch, atLeast)) {
      return Optional.of(now.published);
    }
    Current made =
        current.compute(
            host,
            (_, before) -> next(host, epoch, atLeast, generation, Optional.ofNullable(before)));
    return Optional.ofNullable(made)
        .map(Current::published)
        .filter(p -> p.manifest().version().epoch().equals(epoch));
  }

  /// Whether a host of that epoch and floor would admit it, for long enough.
  private boolean serves(Published published, String epoch, long floor) {
    Manifest manifest = published.manifest();
    return manifest.version().epoch().equals(epoch)
        && manifest.version().number() >= floor
        && !BundleMaker.wantsRenewal(manifest, clock.instant());
  }

  /// Returns null, which leaves no mapping, when nothing can be said yet.
  private @Nullable Current next(
      HostId host, String epoch, long floor, long generation, Optional<Current> before) {
    Optional<Published> last =
        before
            .map(Current::published)
            .filter(p -> p.manifest().version().epoch().equals(epoch))
            .or(() -> last(host, epoch));
    // Before anything is decided of it: the ledger knows what it has.
    if (before.isEmpty()) last.ifPresent(p -> remember(host, p.manifest()));
    Optional<HostContent> content = contents.find(host);
    if (content.isEmpty()) return before.orElse(null);
    Instant now = clock.instant();
    long newest =
        last.map(p -> p.manifest().version().number()).orElseGet(() -> recorded(host, epoch));
    if (last.isPresent() && newest >= floor) {
      BundleMaker same =
          BundleMaker.make(host, last.get().manifest().version(), content.get(), now);
      if (same.manifest().sameContent(last.get().manifest())) {
        boolean fresh = !BundleMaker.wantsRenewal(last.get().manifest(), now);
        return new Current(generation, fresh ? last.get() : publish(same, host, ledger::renew));
      }
    }
    var version = new BundleVersion(epoch, Math.max(newest, floor)).next();
    try {
      return new Current(
          generation,
          publish(BundleMaker.make(host, version, content.get(), now), host, ledger::record));
    } catch (IllegalStateException e) {
      if (before.isEmpty()) throw e;
      // Another server on the same database was first: what this one remembers is old.
      return next(host, epoch, floor, generation, Optional.empty());
    }
  }

  /// A version that the gate does not open any more, for its signer was replaced, was given out all
  /// the same.
  private long recorded(HostId host, String epoch) {
    return ledger
        .latest(host)
        .map(Ledger.Entry::version)
        .filter(version -> version.epoch().equals(epoch))
        .map(BundleVersion::number)
        .orElse(0L);
  }

  private Optional<Published> last(HostId host, String epoch) {
    return ledger
        .latest(host)
        .filter(entry -> entry.version().epoch().equals(epoch))
        .flatMap(entry ->
            // The ledger is ours, but it is read like anything else: what the gate refuses does not
            // exist.
            gate.reopen(
                        entry.signed(),
                        new GateState(host, entry.version(), Optional.empty(), Instant.EPOCH))
                    instanceof Admission.Accepted<VerifiedManifest>(var verified)
                ? Optional.of(Published.of(verified.manifest(), entry.signed()))
                : Optional.empty());
  }

  private Published publish(
      BundleMaker made, HostId host, BiConsumer<HostId, Ledger.Entry> record) {
    byte[] signed = signer.apply(made.manifest().toBytes());
    requireAdmissible(made, signed, host);
    made.objects().forEach(objects::put);
    remember(host, made.manifest());
    record.accept(host, new Ledger.Entry(made.manifest().version(), signed));
    LOG.atInfo()
        .addKeyValue("host", host)
        .addKeyValue("computer", made.manifest().computer())
        .addKeyValue("bundle", made.manifest().version().number())
        .log("published");
    return Published.of(made.manifest(), signed);
  }

  private void remember(HostId host, Manifest manifest) {
    policies.remember(
        host, present(manifest.policy()), present(manifest.persistent()), manifest.issued());
  }

  private static Optional<Boolean> present(Part part) {
    return switch (part) {
      case Part.Content _ -> Optional.of(true);
      case Part.None _ -> Optional.of(false);
      case Part.Unknown _ -> Optional.empty();
    };
  }

  /// The server refuses to publish what an agent would refuse to admit.
  private void requireAdmissible(BundleMaker made, byte[] signed, HostId host) {
    var before =
        new BundleVersion(
            made.manifest().version().epoch(), made.manifest().version().number() - 1);
    var state = new GateState(host, before, Optional.empty(), Instant.EPOCH);
    switch (gate.open(signed, state, made.manifest().issued())) {
      case Admission.Accepted<VerifiedManifest>(var manifest) -> {
        if (gate.complete(manifest, digest -> Optional.ofNullable(made.objects().get(digest)))
            instanceof Admission.Refused<VerifiedBundle>(var reason, var detail)) {
          throw new IllegalStateException(
              "our own bundle would be refused: " + reason + ": " + detail);
        }
      }
      case Admission.Refused<VerifiedManifest>(var reason, var detail) ->
          throw new IllegalStateException(
              "our own manifest would be refused: " + reason + ": " + detail);
    }
  }

  /// An object of the host's current manifest; no host may ask for another's.
  public Optional<byte[]> findObject(HostId host, Digest digest) {
    Current now = current.get(host);
    boolean named = now != null && now.published.manifest().objects().contains(digest);
    return named ? objects.find(digest) : Optional.empty();
  }

  /// What a host was given last, from memory.
  public Optional<Published> findCurrent(HostId host) {
    return Optional.ofNullable(current.get(host)).map(Current::published);
  }
}
