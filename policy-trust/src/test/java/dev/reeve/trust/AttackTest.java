package dev.reeve.trust;

import static dev.reeve.trust.TestAuthority.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.model.bundle.Admission;
import dev.reeve.model.bundle.Admission.Accepted;
import dev.reeve.model.bundle.Admission.Refused;
import dev.reeve.model.bundle.BundleGate;
import dev.reeve.model.bundle.BundleVersion;
import dev.reeve.model.bundle.Digest;
import dev.reeve.model.bundle.GateState;
import dev.reeve.model.bundle.GateWithout;
import dev.reeve.model.bundle.HostId;
import dev.reeve.model.bundle.Manifest;
import dev.reeve.model.bundle.Part;
import dev.reeve.model.bundle.Refusal;
import dev.reeve.model.ipsec.HostSettings;
import dev.reeve.model.json.JsonText;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The attack table: what an attacker sends, why it is refused, and the proof that this one check
/// is what stops it: the same input is accepted by a gate that differs only in not making it.
class AttackTest {

  private static final HostId HOST = new HostId("0123456789abcdef0123456789abcdef");
  private static final HostId OTHER = new HostId("ffffffffffffffffffffffffffffffff");
  private static final String EPOCH = "00000000000000000000000000000001";
  private static final String OTHER_EPOCH = "00000000000000000000000000000002";
  private static final byte[] RSOP = "{\"computer\":\"web-01\"}".getBytes(StandardCharsets.UTF_8);
  private static final byte[] OTHER_RSOP =
      "{\"computer\":\"web-02\"}".getBytes(StandardCharsets.UTF_8);
  private static final byte[] SETTINGS = JsonText.writeBytes(HostSettings.DEFAULTS.toJson());

  @TempDir static Path directory;
  private static TestAuthority ours;
  private static TestAuthority theirs;
  private static Identity hostIdentity;

  @BeforeAll
  static void make_two_authorities() {
    ours = TestAuthority.in(directory.resolve("ours"));
    theirs = TestAuthority.in(directory.resolve("theirs"));
    var keys = EcKeys.generate();
    hostIdentity =
        new Identity(
            keys.getPrivate(),
            ours.authority.issueHost(
                new Csr(keys.getPublic()), HOST, NOON, Authority.HOST_VALIDITY));
  }

  private static Manifest manifest(long version) {
    return new Manifest(
        HOST,
        new BundleVersion(EPOCH, version),
        "CN=web-01,DC=corp,DC=example",
        NOON,
        NOON.plus(Duration.ofDays(7)),
        Part.Unknown.UNKNOWN,
        Part.None.NONE,
        new Part.Content(Digest.of(SETTINGS)),
        Digest.of(RSOP),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private static Manifest of(
      HostId host, BundleVersion version, Instant expires, Digest provenance) {
    Manifest m = manifest(7);
    return new Manifest(
        host,
        version,
        m.computer(),
        m.issued(),
        expires,
        m.policy(),
        m.persistent(),
        m.settings(),
        provenance,
        m.secrets(),
        Optional.empty(),
        Optional.empty());
  }

  private static Forge genuine(Manifest manifest) {
    return Forge.content(manifest.toBytes()).signedBy(ours.signer);
  }

  private static final Manifest GOOD = manifest(7);

  /// What is sent, by its name in the table.
  private static byte[] input(String attack) {
    Instant expires = GOOD.expires();
    Digest rsop = GOOD.provenance();
    return switch (attack) {
      case "rollback" -> genuine(manifest(6)).der();
      case "postdated" -> genuine(issued(NOON.plus(Duration.ofDays(2)))).der();
      case "freeze" -> genuine(of(HOST, GOOD.version(), NOON.minusSeconds(1), rsop)).der();
      case "fast-forward" -> genuine(manifest(7 + 1_000_001)).der();
      case "mix-and-match", "missing object" -> genuine(GOOD).der();
      case "wrong host" -> genuine(of(OTHER, GOOD.version().next(), expires, rsop)).der();
      case "wrong epoch" ->
          genuine(of(HOST, new BundleVersion(OTHER_EPOCH, 8), expires, rsop)).der();
      case "equivocation" ->
          genuine(of(HOST, GOOD.version(), expires, Digest.of(OTHER_RSOP))).der();
      case "zero signers" -> Forge.content(GOOD.toBytes()).der();
      case "several signers" -> genuine(GOOD).signedBy(theirs.signer).der();
      case "foreign signer" -> Forge.content(GOOD.toBytes()).signedBy(theirs.signer).der();
      case "foreign signer bringing its certificate" ->
          Forge.content(GOOD.toBytes()).signedBy(theirs.signer).bringing(theirs.signer).der();
      case "host bringing its certificate" ->
          Forge.content(GOOD.toBytes()).signedBy(hostIdentity).bringing(hostIdentity).der();
      case "foreign signer claiming our key id" ->
          Forge.content(GOOD.toBytes()).signedBy(theirs.signer).claiming(ours.signer).der();
      case "changed content" -> changedContent();
      case "BER" -> genuine(GOOD).ber();
      case "trailing bytes" -> {
        byte[] der = genuine(GOOD).der(); // once: no two signatures have the same length
        yield Arrays.copyOf(der, der.length + 2);
      }
      case "no signed attributes" -> genuine(GOOD).withoutAttributes().der();
      case "wrong content type" -> genuine(GOOD).type("1.2.840.113549.1.7.1").der();
      case "weak algorithm" -> genuine(GOOD).sha1().der();
      case "oversize" -> genuine(oversize()).der();
      default -> throw new IllegalArgumentException(attack);
    };
  }

  private static Manifest issued(Instant time) {
    return new Manifest(
        HOST,
        GOOD.version(),
        GOOD.computer(),
        time,
        GOOD.expires(),
        GOOD.policy(),
        GOOD.persistent(),
        GOOD.settings(),
        GOOD.provenance(),
        GOOD.secrets(),
        Optional.empty(),
        Optional.empty());
  }

  private static Manifest oversize() {
    return new Manifest(
        HOST,
        GOOD.version(),
        "x".repeat(70_000),
        GOOD.issued(),
        GOOD.expires(),
        GOOD.policy(),
        GOOD.persistent(),
        GOOD.settings(),
        GOOD.provenance(),
        GOOD.secrets(),
        Optional.empty(),
        Optional.empty());
  }

  private static byte[] changedContent() {
    byte[] signed = genuine(GOOD).der();
    byte[] name = "web-01".getBytes(StandardCharsets.UTF_8);
    for (int i = 0; ; i++) {
      if (Arrays.equals(signed, i, i + name.length, name, 0, name.length)) {
        signed[i] = 'W';
        return signed;
      }
    }
  }

  private static BundleGate gate(Set<Refusal> skipped) {
    return GateWithout.checks(new CmsSignatureCheck(ours.signers(), skipped), skipped);
  }

  private static Admission<?> admit(String attack, Set<Refusal> skipped) {
    var state = new GateState(HOST, new BundleVersion(EPOCH, 7), Optional.of(GOOD), NOON);
    BundleGate gate = gate(skipped);
    Map<Digest, byte[]> objects =
        switch (attack) {
          case "mix-and-match" ->
              Map.of(GOOD.provenance(), OTHER_RSOP, Digest.of(SETTINGS), SETTINGS);
          default ->
              Map.of(
                  Digest.of(RSOP), RSOP,
                  Digest.of(OTHER_RSOP), OTHER_RSOP,
                  Digest.of(SETTINGS), SETTINGS);
        };
    Function<Digest, Optional<byte[]>> fetch = digest -> Optional.ofNullable(objects.get(digest));
    return switch (gate.open(input(attack), state, NOON)) {
      case Refused<?> refused -> refused;
      case Accepted<?>(var _) ->
          gate.open(input(attack), state, NOON) instanceof Accepted<?>(var opened)
                  && opened instanceof dev.reeve.model.bundle.VerifiedManifest verified
              ? gate.complete(verified, fetch)
              : new Refused<>(Refusal.BAD_SIGNATURE, "answers differ");
    };
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      useHeadersInDisplayName = true,
      textBlock =
          """
          input                                   | refused as           | accepted without
          rollback                                | ROLLED_BACK          | ROLLED_BACK
          freeze                                  | EXPIRED              | EXPIRED
          postdated                               | POSTDATED            | POSTDATED
          fast-forward                            | FAST_FORWARDED       | FAST_FORWARDED
          mix-and-match                           | OBJECT_MISMATCH      | OBJECT_MISMATCH
          wrong host                              | WRONG_HOST           | WRONG_HOST
          wrong epoch                             | WRONG_EPOCH          | WRONG_EPOCH
          equivocation                            | EQUIVOCATED          | EQUIVOCATED
          zero signers                            | NO_SIGNER            | NO_SIGNER
          several signers                         | SEVERAL_SIGNERS      | SEVERAL_SIGNERS
          foreign signer                          | FOREIGN_SIGNER       | FOREIGN_SIGNER
          foreign signer bringing its certificate | FOREIGN_SIGNER       | FOREIGN_SIGNER
          host bringing its certificate           | FOREIGN_SIGNER       | FOREIGN_SIGNER
          foreign signer claiming our key id      | BAD_SIGNATURE        | BAD_SIGNATURE
          changed content                         | BAD_SIGNATURE        | BAD_SIGNATURE
          BER                                     | NOT_SIGNED_DATA      | NOT_SIGNED_DATA
          trailing bytes                          | NOT_SIGNED_DATA      | NOT_SIGNED_DATA
          no signed attributes                    | NO_SIGNED_ATTRIBUTES | NO_SIGNED_ATTRIBUTES
          wrong content type                      | WRONG_CONTENT_TYPE   | WRONG_CONTENT_TYPE
          weak algorithm                          | ALGORITHM            | ALGORITHM
          oversize                                | TOO_LARGE            | TOO_LARGE
          """)
  void is_refused_by_this_check_alone(String attack, Refusal reason, Refusal check) {
    assertThat(admit(attack, EnumSet.noneOf(Refusal.class)))
        .isInstanceOfSatisfying(Refused.class, r -> assertThat(r.reason()).isEqualTo(reason));

    assertThat(admit(attack, EnumSet.of(check))).isInstanceOf(Accepted.class);

    assertThat(admit(attack, EnumSet.complementOf(EnumSet.of(check))))
        .as("a gate that makes no other check refuses it as well")
        .isInstanceOf(Refused.class);
  }

  @Test
  void the_genuine_manifest_is_accepted() {
    byte[] signed = new CmsSigner(ours.signer).sign(GOOD.toBytes());
    var state = GateState.enrolled(HOST, EPOCH, NOON);
    assertThat(gate(Set.of()).open(signed, state, NOON)).isInstanceOf(Accepted.class);
  }

  /// The check cannot be removed, for a reader that skips a member half-understands. The proof is
  /// on the input: the same manifest without that one member is accepted.
  @Test
  void an_unknown_member_is_refused_and_only_for_that_member() {
    String json = new String(GOOD.toBytes(), StandardCharsets.UTF_8);
    String more = json.substring(0, json.length() - 1) + ",\"confirm\":\"never\"}";
    var state = GateState.enrolled(HOST, EPOCH, NOON);

    var refused = gate(Set.of()).open(Forge.content(more).signedBy(ours.signer).der(), state, NOON);
    var accepted =
        gate(Set.of()).open(Forge.content(json).signedBy(ours.signer).der(), state, NOON);

    assertThat(refused)
        .isEqualTo(new Refused<>(Refusal.MALFORMED_MANIFEST, "$: unknown member 'confirm'"));
    assertThat(accepted).isInstanceOf(Accepted.class);
  }

  @Test
  void an_object_nobody_has_is_refused() {
    if (!(gate(Set.of()).open(input("missing object"), GateState.enrolled(HOST, EPOCH, NOON), NOON)
        instanceof Accepted<dev.reeve.model.bundle.VerifiedManifest>(var manifest)))
      throw new AssertionError("not opened");
    assertThat(gate(Set.of()).complete(manifest, _ -> Optional.empty()))
        .isInstanceOfSatisfying(
            Refused.class, r -> assertThat(r.reason()).isEqualTo(Refusal.OBJECT_MISSING));
  }

  /// The signed attributes of one message, sent as the content of another that has none.
  @Test
  void signed_attributes_do_not_pass_for_content() {
    byte[] signed = new CmsSigner(ours.signer).sign(GOOD.toBytes());
    byte[] moved = Splice.attributesAsContent(signed);
    assertThat(new CmsSignatureCheck(ours.signers()).check(moved))
        .isInstanceOfSatisfying(
            dev.reeve.model.bundle.SignatureCheck.Outcome.Invalid.class,
            i -> assertThat(i.reason()).isEqualTo(Refusal.NO_SIGNED_ATTRIBUTES));
  }
}
