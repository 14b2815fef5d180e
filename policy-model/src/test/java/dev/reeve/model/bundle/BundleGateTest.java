package dev.reeve.model.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.model.bundle.Admission.Accepted;
import dev.reeve.model.bundle.Admission.Refused;
import dev.reeve.model.ipsec.HostSettings;
import dev.reeve.model.ipsec.IpsecJson;
import dev.reeve.model.ipsec.IpsecPolicy;
import dev.reeve.model.ipsec.MainMode;
import dev.reeve.model.json.JsonText;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the gate asks after the signature; policy-trust tests the signature itself.
class BundleGateTest {

  private static final HostId HOST = new HostId("0".repeat(32));
  private static final HostId OTHER = new HostId("1".repeat(32));
  private static final String EPOCH = "a".repeat(32);
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  private static final IpsecPolicy POLICY =
      new IpsecPolicy(
          "{A}", "Web", "", IpsecPolicy.DEFAULT_POLLING_INTERVAL, MainMode.DEFAULT, List.of());
  private static final byte[] POLICY_BYTES = JsonText.writeBytes(IpsecJson.write(POLICY));
  private static final byte[] SETTINGS_BYTES = bytes("{\"ipsecExempt\":1}");
  private static final byte[] RSOP_BYTES = bytes("{\"links\":[]}");

  private static final BundleGate GATE = new BundleGate(SignatureCheck.Outcome.Valid::new);

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Manifest manifest(
      HostId host, String epoch, long version, Instant issued, Instant expires, Part policy) {
    return new Manifest(
        host,
        new BundleVersion(epoch, version),
        "CN=web-01,DC=corp",
        issued,
        expires,
        policy,
        Part.Unknown.UNKNOWN,
        new Part.Content(Digest.of(SETTINGS_BYTES)),
        Digest.of(RSOP_BYTES),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private static Manifest version(long version) {
    return manifest(
        HOST,
        EPOCH,
        version,
        NOON,
        NOON.plusSeconds(3600),
        new Part.Content(Digest.of(POLICY_BYTES)));
  }

  private static GateState state(long floor) {
    return new GateState(
        HOST,
        new BundleVersion(EPOCH, floor),
        floor == 0 ? Optional.empty() : Optional.of(version(floor)),
        NOON.minusSeconds(86_400));
  }

  private static String shown(Admission<?> admission) {
    return switch (admission) {
      case Accepted<?> _ -> "accepted";
      case Refused<?>(var reason, var _) -> reason.name();
    };
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      useHeadersInDisplayName = true,
      textBlock =
          """
          rule                                   | have    | offered | answer
          the first bundle of a host             | 0       | 1       | accepted
          the next one                           | 7       | 8       | accepted
          versions may be skipped                | 7       | 100     | accepted
          the same version again                 | 7       | 7       | accepted
          one back                               | 7       | 6       | ROLLED_BACK
          far back                               | 1000000 | 1       | ROLLED_BACK
          as far ahead as is allowed             | 7       | 1000007 | accepted
          one further                            | 7       | 1000008 | FAST_FORWARDED
          the end of all numbers                 | 7       | 9223372036854775807 | FAST_FORWARDED
          """)
  void versions(String rule, long have, long offered, String answer) {
    assertThat(shown(GATE.open(version(offered).toBytes(), state(have), NOON)))
        .as(rule)
        .isEqualTo(answer);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      useHeadersInDisplayName = true,
      textBlock =
          """
          rule                                      | expires             | clock               | time floor          | answer
          in its time                               | 2026-01-01T13:00:00Z | 2026-01-01T12:30:00Z | 2026-01-01T12:00:00Z | accepted
          one second before the end                 | 2026-01-01T13:00:00Z | 2026-01-01T12:59:59Z | 2026-01-01T12:00:00Z | accepted
          at the end                                | 2026-01-01T13:00:00Z | 2026-01-01T13:00:00Z | 2026-01-01T12:00:00Z | EXPIRED
          a clock set back does not revive it       | 2026-01-01T13:00:00Z | 2026-01-01T12:30:00Z | 2026-01-01T14:00:00Z | EXPIRED
          a clock at its epoch counts for nothing   | 2026-01-01T13:00:00Z | 1970-01-01T00:00:00Z | 2026-01-01T12:00:00Z | accepted
          a clock 10 minutes fast within its time   | 2026-01-01T13:00:00Z | 2026-01-01T12:10:00Z | 2026-01-01T12:00:00Z | accepted
          """)
  void expiry(String rule, Instant expires, Instant clock, Instant floor, String answer) {
    Manifest manifest = manifest(HOST, EPOCH, 8, NOON, expires, Part.None.NONE);
    var state = new GateState(HOST, new BundleVersion(EPOCH, 7), Optional.empty(), floor);

    assertThat(shown(GATE.open(manifest.toBytes(), state, clock))).as(rule).isEqualTo(answer);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      useHeadersInDisplayName = true,
      textBlock =
          """
          rule                                        | issued               | clock                | time floor           | answer
          a server ten minutes ahead                  | 2026-01-01T12:10:00Z | 2026-01-01T12:00:00Z | 2026-01-01T12:00:00Z | accepted
          a server one day ahead                      | 2026-01-02T12:00:00Z | 2026-01-01T12:00:00Z | 2026-01-01T12:00:00Z | accepted
          a server years ahead                        | 2030-01-01T12:00:00Z | 2026-01-01T12:00:00Z | 2026-01-01T12:00:00Z | POSTDATED
          a host whose clock is behind the last word  | 2026-01-02T12:00:00Z | 1970-01-01T00:00:00Z | 2026-01-01T12:00:00Z | accepted
          a second more than one day                  | 2026-01-02T12:00:01Z | 2026-01-01T12:00:00Z | 2026-01-01T12:00:00Z | POSTDATED
          """)
  void a_signature_from_the_future_is_refused(
      String rule, Instant issued, Instant clock, Instant floor, String answer) {
    Instant end = Instant.parse("2031-01-01T00:00:00Z");
    Manifest manifest = manifest(HOST, EPOCH, 8, issued, end, Part.None.NONE);
    var state = new GateState(HOST, new BundleVersion(EPOCH, 7), Optional.empty(), floor);

    assertThat(shown(GATE.open(manifest.toBytes(), state, clock))).as(rule).isEqualTo(answer);
  }

  @Test
  void another_host_and_another_epoch_are_refused_whatever_their_version() {
    Instant end = NOON.plusSeconds(60);
    Manifest forOther = manifest(OTHER, EPOCH, 8, NOON, end, Part.None.NONE);
    Manifest ofOther = manifest(HOST, "b".repeat(32), 8, NOON, end, Part.None.NONE);

    assertThat(shown(GATE.open(forOther.toBytes(), state(7), NOON))).isEqualTo("WRONG_HOST");
    assertThat(shown(GATE.open(ofOther.toBytes(), state(7), NOON))).isEqualTo("WRONG_EPOCH");
    assertThat(shown(GATE.reopen(forOther.toBytes(), state(8)))).isEqualTo("WRONG_HOST");
    assertThat(shown(GATE.reopen(ofOther.toBytes(), state(8)))).isEqualTo("WRONG_EPOCH");
  }

  @Test
  void the_same_version_may_renew_its_time_but_not_change_its_word() {
    Instant later = NOON.plusSeconds(86_400);
    Part same = version(7).policy();
    Manifest renewed = manifest(HOST, EPOCH, 7, NOON.plusSeconds(60), later, same);
    Manifest changed = manifest(HOST, EPOCH, 7, NOON.plusSeconds(60), later, Part.None.NONE);

    assertThat(shown(GATE.open(renewed.toBytes(), state(7), NOON))).isEqualTo("accepted");
    assertThat(shown(GATE.open(changed.toBytes(), state(7), NOON))).isEqualTo("EQUIVOCATED");
  }

  @Test
  void what_was_admitted_stays_in_force_when_it_expires() {
    Manifest old =
        manifest(HOST, EPOCH, 7, NOON.minusSeconds(9000), NOON.minusSeconds(1), Part.None.NONE);

    assertThat(shown(GATE.open(old.toBytes(), state(0), NOON))).isEqualTo("EXPIRED");
    assertThat(shown(GATE.reopen(old.toBytes(), state(7)))).isEqualTo("accepted");
    assertThat(shown(GATE.reopen(version(6).toBytes(), state(7)))).isEqualTo("ROLLED_BACK");
    assertThat(shown(GATE.reopen(version(8).toBytes(), state(7)))).isEqualTo("ROLLED_BACK");
  }

  @Test
  void size_comes_before_the_signature_and_the_signature_before_parsing() {
    var calls = new ArrayList<Integer>();
    var gate =
        new BundleGate(signed -> {
          calls.add(signed.length);
          return new SignatureCheck.Outcome.Invalid(Refusal.BAD_SIGNATURE, "no");
        });

    assertThat(shown(gate.open(new byte[BundleGate.MAX_SIGNED_BYTES + 1], state(7), NOON)))
        .isEqualTo("TOO_LARGE");
    assertThat(calls).isEmpty();
    assertThat(shown(gate.open(bytes("not json"), state(7), NOON))).isEqualTo("BAD_SIGNATURE");
    assertThat(calls).containsExactly(8);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''
          null
          []
          {}
          not json
          {"v":2}
          """)
  void what_is_signed_and_no_manifest_is_refused(String content) {
    assertThat(shown(GATE.open(bytes(content), state(7), NOON))).isEqualTo("MALFORMED_MANIFEST");
  }

  private static Map<Digest, byte[]> objects() {
    var objects = new HashMap<Digest, byte[]>();
    for (byte[] content : List.of(POLICY_BYTES, SETTINGS_BYTES, RSOP_BYTES))
      objects.put(Digest.of(content), content.clone());
    return objects;
  }

  private static VerifiedManifest opened(Manifest manifest) {
    if (GATE.open(manifest.toBytes(), state(7), NOON) instanceof Accepted<VerifiedManifest>(var it))
      return it;
    throw new AssertionError("refused");
  }

  private static Admission<VerifiedBundle> complete(
      Manifest manifest, Map<Digest, byte[]> objects) {
    return GATE.complete(opened(manifest), digest -> Optional.ofNullable(objects.get(digest)));
  }

  @Test
  void a_bundle_is_the_manifest_with_its_objects() {
    var bundle = ((Accepted<VerifiedBundle>) complete(version(8), objects())).value();

    assertThat(bundle.policy()).isEqualTo(new Assignment.Assigned(POLICY));
    assertThat(bundle.persistent()).isEqualTo(Assignment.Unknown.UNKNOWN);
    assertThat(bundle.settings().map(HostSettings::ipsecExempt)).contains(1);
    assertThat(bundle.provenance()).isEqualTo(RSOP_BYTES);
    assertThat(bundle.objects()).hasSize(3);
  }

  @Test
  void each_object_is_asked_for_once_and_all_must_be_there() {
    for (byte[] content : List.of(POLICY_BYTES, SETTINGS_BYTES, RSOP_BYTES)) {
      Map<Digest, byte[]> without = objects();
      without.remove(Digest.of(content));
      assertThat(shown(complete(version(8), without))).isEqualTo("OBJECT_MISSING");
      Map<Digest, byte[]> swapped = objects();
      swapped.put(Digest.of(content), bytes("{}"));
      assertThat(shown(complete(version(8), swapped))).isEqualTo("OBJECT_MISMATCH");
    }
    var asked = new ArrayList<Digest>();
    Map<Digest, byte[]> objects = objects();
    GATE.complete(
        opened(version(8)),
        digest -> {
          asked.add(digest);
          return Optional.ofNullable(objects.get(digest));
        });
    assertThat(asked).doesNotHaveDuplicates().hasSize(3);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {}
          {"v":1}
          []
          x
          """)
  void an_object_of_the_right_digest_that_is_no_policy_is_refused(String content) {
    Map<Digest, byte[]> objects = objects();
    objects.put(Digest.of(bytes(content)), bytes(content));
    Part part = new Part.Content(Digest.of(bytes(content)));
    Manifest manifest = manifest(HOST, EPOCH, 8, NOON, NOON.plusSeconds(60), part);

    assertThat(shown(complete(manifest, objects))).isEqualTo("MALFORMED_OBJECT");
  }

  @Test
  void nobody_changes_what_was_verified() {
    Map<Digest, byte[]> objects = objects();
    var bundle = ((Accepted<VerifiedBundle>) complete(version(8), objects)).value();

    objects.values().forEach(content -> content[0] = 'X');
    bundle.objects().values().forEach(content -> content[0] = 'X');
    bundle.provenance()[0] = 'X';
    bundle.signed()[0] = 'X';

    bundle.objects().forEach((digest, content) -> assertThat(Digest.of(content)).isEqualTo(digest));
    assertThat(bundle.provenance()).isEqualTo(RSOP_BYTES);
    assertThat(bundle.signed()[0]).isEqualTo((byte) '{');
  }

  @Test
  void the_state_after_a_bundle_never_steps_back_in_time() {
    GateState state = state(7);

    assertThat(state.after(version(8)).timeFloor()).isEqualTo(NOON);
    assertThat(state.after(version(8)).floor().number()).isEqualTo(8);
    var late = new GateState(HOST, state.floor(), state.newest(), NOON.plusSeconds(99));
    assertThat(late.after(version(8)).timeFloor()).isEqualTo(NOON.plusSeconds(99));
  }

  @Test
  void unknown_keeps_what_is_in_force_and_unassigned_does_not() {
    assertThat(Assignment.Unknown.UNKNOWN.orKeep(Optional.of(POLICY))).contains(POLICY);
    assertThat(Assignment.Unassigned.UNASSIGNED.orKeep(Optional.of(POLICY))).isEmpty();
  }
}
