package dev.reeve.model.bundle;

import dev.reeve.model.bundle.Admission.Accepted;
import dev.reeve.model.bundle.Admission.Refused;
import dev.reeve.model.bundle.SignatureCheck.Outcome;
import dev.reeve.model.ipsec.HostSettings;
import dev.reeve.model.ipsec.IpsecJson;
import dev.reeve.model.json.JsonException;
import dev.reeve.model.json.JsonText;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// Where a signed manifest is admitted or refused: verify, then parse, then host, epoch, version,
/// expiry, then each object by digest. The server asks the same gate before it publishes.
public final class BundleGate {

  /// A manifest has about 1 KB; nothing larger is looked at.
  public static final int MAX_SIGNED_BYTES = 64 << 10;

  /// No server signs this many versions between two polls of a host.
  static final long MAX_JUMP = 1_000_000;

  /// How far the server's clock may be ahead of this host's.
  static final Duration MAX_AHEAD = Duration.ofDays(1);

  private final SignatureCheck signatures;
  private final Set<Refusal> skipped;

  public BundleGate(SignatureCheck signatures) {
    this(signatures, EnumSet.noneOf(Refusal.class));
  }

  /// For the attack table, which shows that each check is what stops its attack.
  BundleGate(SignatureCheck signatures, Set<Refusal> skipped) {
    this.signatures = signatures;
    this.skipped = skipped;
  }

  /// A manifest that just came from the network.
  public Admission<VerifiedManifest> open(byte[] signed, GateState state, Instant now) {
    return verified(signed, state)
        .map(manifest -> {
          Optional<Refused<VerifiedManifest>> refused =
              versionCheck(manifest, state).or(() -> freshness(manifest, state, now));
          return refused
              .<Admission<VerifiedManifest>>map(r -> r)
              .orElseGet(() -> accepted(manifest, signed));
        });
  }

  /// The manifest this host admitted last, read back from its own disk. It may have expired since:
  /// it stays in force.
  public Admission<VerifiedManifest> reopen(byte[] signed, GateState state) {
    return verified(signed, state)
        .map(manifest ->
            manifest.version().equals(state.floor())
                ? accepted(manifest, signed)
                : new Refused<>(
                    Refusal.ROLLED_BACK,
                    "cache holds " + manifest.version() + ", the floor is " + state.floor()));
  }

  private static Admission<VerifiedManifest> accepted(Manifest manifest, byte[] signed) {
    return new Accepted<>(new VerifiedManifest(manifest, signed.clone()));
  }

  /// Either a manifest of this host, or why not.
  private sealed interface Checked {
    record Good(Manifest manifest) implements Checked {}

    record Bad(Refusal reason, String detail) implements Checked {}

    default Admission<VerifiedManifest> map(Function<Manifest, Admission<VerifiedManifest>> next) {
      return switch (this) {
        case Good(var manifest) -> next.apply(manifest);
        case Bad(var reason, var detail) -> new Refused<>(reason, detail);
      };
    }
  }

  private Checked verified(byte[] signed, GateState state) {
    if (signed.length > MAX_SIGNED_BYTES && !skipped.contains(Refusal.TOO_LARGE)) {
      return new Checked.Bad(
          Refusal.TOO_LARGE, signed.length + " bytes, expected at most " + MAX_SIGNED_BYTES);
    }
    return switch (signatures.check(signed)) {
      case Outcome.Invalid(var reason, var detail) -> new Checked.Bad(reason, detail);
      case Outcome.Valid(var content) -> parsed(content, state);
    };
  }

  private Checked parsed(byte[] content, GateState state) {
    Manifest manifest;
    try {
      manifest = Manifest.parse(content);
    } catch (IllegalArgumentException e) {
      return new Checked.Bad(Refusal.MALFORMED_MANIFEST, String.valueOf(e.getMessage()));
    }
    if (!manifest.host().equals(state.host()) && !skipped.contains(Refusal.WRONG_HOST)) {
      return new Checked.Bad(
          Refusal.WRONG_HOST, "for host " + manifest.host() + ", this is " + state.host());
    }
    if (!manifest.version().epoch().equals(state.floor().epoch())
        && !skipped.contains(Refusal.WRONG_EPOCH)) {
      return new Checked.Bad(
          Refusal.WRONG_EPOCH,
          "epoch " + manifest.version().epoch() + ", enrolled in " + state.floor().epoch());
    }
    return new Checked.Good(manifest);
  }

  private Optional<Refused<VerifiedManifest>> versionCheck(Manifest manifest, GateState state) {
    long have = state.floor().number();
    long offered = manifest.version().number();
    if (offered < have && !skipped.contains(Refusal.ROLLED_BACK)) {
      return Optional.of(
          new Refused<>(Refusal.ROLLED_BACK, "have " + have + ", offered " + offered));
    }
    if (offered - have > MAX_JUMP && !skipped.contains(Refusal.FAST_FORWARDED)) {
      return Optional.of(
          new Refused<>(
              Refusal.FAST_FORWARDED,
              "have " + have + ", offered " + offered + ", at most " + MAX_JUMP + " ahead"));
    }
    boolean another =
        offered == have
            && state.newest().filter(newest -> !newest.sameContent(manifest)).isPresent();
    if (another && !skipped.contains(Refusal.EQUIVOCATED)) {
      return Optional.of(
          new Refused<>(
              Refusal.EQUIVOCATED, "version " + offered + " was seen with other content"));
    }
    return Optional.empty();
  }

  private Optional<Refused<VerifiedManifest>> freshness(
      Manifest manifest, GateState state, Instant now) {
    Instant passed = now.isAfter(state.timeFloor()) ? now : state.timeFloor();
    if (!manifest.expires().isAfter(passed) && !skipped.contains(Refusal.EXPIRED))
      return Optional.of(
          new Refused<>(Refusal.EXPIRED, "expired " + manifest.expires() + ", it is " + passed));
    if (manifest.issued().isAfter(passed.plus(MAX_AHEAD)) && !skipped.contains(Refusal.POSTDATED))
      return Optional.of(
          new Refused<>(
              Refusal.POSTDATED,
              "signed at %s, it is %s here: one of the two clocks is wrong"
                  .formatted(manifest.issued(), passed)));
    return Optional.empty();
  }

  /// The manifest with its objects.
  ///
  /// @param objects where to look an object up; called once for each
  public Admission<VerifiedBundle> complete(
      VerifiedManifest verified, Function<Digest, Optional<byte[]>> objects) {
    Manifest manifest = verified.manifest();
    var found = new LinkedHashMap<Digest, byte[]>();
    for (Digest digest : manifest.objects()) {
      Optional<byte[]> offered = objects.apply(digest);
      if (offered.isEmpty()) return new Refused<>(Refusal.OBJECT_MISSING, "no object " + digest);
      byte[] content = offered.get().clone(); // what is checked is what is kept
      Digest seen = Digest.of(content);
      if (!seen.equals(digest) && !skipped.contains(Refusal.OBJECT_MISMATCH)) {
        return new Refused<>(Refusal.OBJECT_MISMATCH, "wanted " + digest + ", got " + seen);
      }
      found.put(digest, content);
    }
    try {
      return new Accepted<>(
          new VerifiedBundle(
              verified,
              found,
              assignment(manifest.policy(), found),
              assignment(manifest.persistent(), found),
              settings(manifest.settings(), found),
              secrets(manifest.secrets(), found),
              revocations(manifest.revocations(), found),
              peers(manifest.peers(), found)));
    } catch (JsonException e) {
      return new Refused<>(Refusal.MALFORMED_OBJECT, String.valueOf(e.getMessage()));
    }
  }

  private static Assignment assignment(Part part, Map<Digest, byte[]> objects) {
    return switch (part) {
      case Part.Content(var digest) ->
          new Assignment.Assigned(IpsecJson.readPolicy(objects.getOrDefault(digest, new byte[0])));
      case Part.None _ -> Assignment.Unassigned.UNASSIGNED;
      case Part.Unknown _ -> Assignment.Unknown.UNKNOWN;
    };
  }

  private static Optional<HostSettings> settings(Part part, Map<Digest, byte[]> objects) {
    return switch (part) {
      case Part.Content(var digest) ->
          Optional.of(
              HostSettings.read(JsonText.parseObject(objects.getOrDefault(digest, new byte[0]))));
      case Part.None _ -> Optional.of(HostSettings.DEFAULTS);
      case Part.Unknown _ -> Optional.empty();
    };
  }

  private static Optional<Revocations> revocations(
      Optional<Digest> digest, Map<Digest, byte[]> objects) {
    return digest.map(d -> Revocations.parse(objects.getOrDefault(d, new byte[0])));
  }

  private static Optional<PeerList> peers(Optional<Digest> digest, Map<Digest, byte[]> objects) {
    return digest.map(d -> PeerList.parse(objects.getOrDefault(d, new byte[0])));
  }

  private static HostSecrets secrets(Optional<Digest> digest, Map<Digest, byte[]> objects) {
    return digest
        .map(d -> HostSecrets.parse(objects.getOrDefault(d, new byte[0])))
        .orElse(HostSecrets.NONE);
  }
}
