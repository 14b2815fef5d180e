package dev.reeve.engine.esp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.engine.Await;
import dev.reeve.engine.TestPolicies;
import dev.reeve.engine.esp.Wire.Kind;
import dev.reeve.engine.ike.IkeIdentity;
import dev.reeve.model.bundle.PeerList;
import dev.reeve.model.ipsec.AuthMethod;
import dev.reeve.model.ipsec.DhGroup;
import dev.reeve.model.ipsec.Encryption;
import dev.reeve.model.ipsec.HostSetting;
import dev.reeve.model.ipsec.HostSettings;
import dev.reeve.model.ipsec.Integrity;
import dev.reeve.model.ipsec.MainMode;
import dev.reeve.model.ipsec.MainMode.MainModeProposal;
import dev.reeve.model.ipsec.SealedSecret;
import dev.reeve.model.json.JsonValue.JsonArray;
import dev.reeve.model.json.JsonValue.JsonString;
import dev.reeve.model.spd.HostPolicy;
import dev.reeve.model.status.PeerFailure.Reason;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Who is let in by what, and what becomes of those who are not, judged by what tcpdump sees at the
/// peer. Run by [EspIT] on a kernel with ESP.
class AuthCases extends Enrolled {

  private static final AuthMethod PSK =
      new AuthMethod.PreSharedKey(SealedSecret.ofBytes(new byte[] {1}));

  /// Refused under require; in clear and counted under request.
  @ParameterizedTest(name = "{0} under {1}")
  @CsvSource({
    "a revoked certificate, request",
    "an expired certificate, require",
    "an expired certificate, request",
    "another CA, request",
    "another pre-shared key, request",
    "another DH group, require",
    "another DH group, request",
  })
  void whoever_cannot_be_authenticated_is_refused_or_stays_in_clear(String trouble, String posture)
      throws Exception {
    HostPolicy callers = policy(posture);
    HostPolicy called = policy(posture);
    switch (trouble) {
      case "a revoked certificate" -> {
        a().revocations = Pki.revocations("revoked-b");
        callers = checking(callers, 2);
      }
      case "an expired certificate" -> b().identity = Pki.enrolled("expired");
      case "another CA" -> {
        IkeIdentity own = Pki.host("host-a");
        b().identity = Pki.stranger();
        a().identity =
            new IkeIdentity(own.chain(), own.key(), own.issuer(), b().identity.anchors());
      }
      case "another pre-shared key" -> {
        callers = TestPolicies.authenticated(callers, PSK);
        called = TestPolicies.authenticated(called, PSK);
        b().secret = new byte[] {1, 2, 3};
      }
      case "another DH group" -> {
        callers = TestPolicies.with(group(DhGroup.MODP2048), callers);
        called = TestPolicies.with(group(DhGroup.CURVE25519), called);
      }
      default -> throw new IllegalArgumentException(trouble);
    }
    int refusals = refusals();
    a().apply(callers);
    b().apply(called);
    b().settled().clear();
    if (posture.equals("require")) assertRefused();
    else assertStaysInClear(refusals);
    if (trouble.equals("a revoked certificate"))
      assertThat(failure(Reason.CERTIFICATE_REVOKED).downgraded()).isTrue();
  }

  private static MainMode group(DhGroup group) {
    return new MainMode(
        false,
        0,
        MainMode.DEFAULT_LIFETIME,
        List.of(new MainModeProposal(Encryption.AES256_GCM, Integrity.SHA384, group)));
  }

  /// How often a's charon has said or heard no.
  private int refusals() {
    return a().log().split("N\\((AUTH_FAILED|NO_PROP)\\)", -1).length;
  }

  private void assertStaysInClear(int refusals) throws Exception {
    assertThat(a().reaches(b(), 80)).isTrue();
    Await.until("a refusal by charon", EspLab.LONG, () -> refusals() > refusals);
    boolean clear = false;
    for (int i = 0; i < 20 && !clear; i++) {
      b().settled().clear();
      clear = a().reaches(b(), 80) && b().settled().count(Kind.SECURED) == 0;
    }
    assertThat(clear).as("answered in clear after it was refused; " + a().log()).isTrue();
    awaitNoAssociation();
    assertThat(a().engine.observe().activity().traffic())
        .as("what stayed in clear is counted")
        .anyMatch(traffic -> traffic.clear().packets() > 0);
  }

  /// Both ends list the same group; charon says what was agreed.
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "MODP4096, MODP_4096",
    "ECP256, ECP_256",
    "ECP521, ECP_521",
    "CURVE25519, CURVE_25519"
  })
  void main_mode_uses_the_group_that_the_policy_says(DhGroup group, String agreed)
      throws Exception {
    for (EspLab.Host host : List.of(a(), b()))
      host.apply(TestPolicies.with(group(group), policy("require")));
    assertSecured();
    assertThat(a().log())
        .contains("selected proposal: IKE:AES_GCM_16_256/PRF_HMAC_SHA2_384/" + agreed);
  }

  /// A rule that leaves the CA's name out asks for no certificate by name, and gets one.
  @Test
  void the_name_of_the_authority_is_left_out_of_requests_where_the_rule_says_so() throws Exception {
    String ca = "CN=Reeve hosts issuer, OU=Hosts, O=Reeve";
    String asks = "sending cert request for \"O=Reeve, OU=Hosts";
    int before = a().log().split(asks, -1).length;
    a().apply(
            TestPolicies.authenticated(
                policy("require"), new AuthMethod.Certificate(ca, false, true)));
    b().apply(policy("require"));
    assertSecured();
    assertThat(a().log().split(asks, -1).length).as("left out").isEqualTo(before);
    a().engine.removeAll(); // what stands would go on as it is
    awaitNoAssociation();

    a().apply(
            TestPolicies.authenticated(
                policy("require"), new AuthMethod.Certificate(ca, false, false)));
    assertSecured();
    assertThat(a().log().split(asks, -1).length).as("named").isGreaterThan(before);
  }

  private static HostPolicy byAccount(HostPolicy policy) {
    var names = new JsonArray(List.of(new JsonString("CN=Peers,DC=corp,DC=example")));
    return new HostPolicy(
        Optional.empty(),
        policy.domain(),
        Optional.empty(),
        new HostSettings(Map.of(HostSetting.NETWORK_ALLOW, names)));
  }

  private static Optional<PeerList> allowing(String... names) {
    return Optional.of(
        new PeerList(
            Optional.of(Stream.of(names).map(Pki::id).collect(Collectors.toSet())), Set.of()));
  }

  /// The association stands, for both have good certificates; nothing passes by it until it is
  /// known whose it is, and nothing at all when it is nobody's who may.
  @ParameterizedTest(name = "list {0}")
  @ValueSource(strings = {"of others", "lost"})
  void a_peer_that_may_not_associate_gets_not_one_packet(String list) throws Exception {
    if (list.equals("of others")) a().peers = allowing("c");
    HostPolicy policy = byAccount(policy("require"));
    a().apply(policy);
    b().apply(policy("require"));
    b().settled().clear();
    assertThat(a().reaches(b(), 80)).isFalse();
    assertThat(b().settled().count(Kind.IKE)).isPositive();
    assertThat(b().settled().seen(Kind.CLEAR)).isEmpty();
    assertThat(b().settled().count(Kind.SECURED)).as("what a sent").isZero();
    assertThat(b().reaches(a(), 80)).as("b calls").isFalse();
    assertThat(a().settled().seen(Kind.SECURED))
        .as("what a answered")
        .noneMatch(line -> line.contains("IP " + a().v4 + " > "));
    assertThat(a().engine.peersChanged()).isTrue();
    a().apply(policy);
    awaitNoAssociation();
  }

  @Test
  void a_peer_that_may_is_let_in_once_it_is_known_and_cut_off_when_it_leaves() throws Exception {
    a().peers = allowing("b", "c");
    HostPolicy policy = byAccount(policy("require"));
    a().apply(policy);
    b().apply(policy("require"));
    b().settled().clear();
    assertThat(a().reaches(b(), 80)).as("not known yet").isFalse();
    assertThat(b().settled().count(Kind.SECURED)).isZero();
    assertThat(a().engine.peersChanged()).isTrue();
    a().apply(policy);
    assertThat(a().engine.peersChanged()).isFalse();
    assertSecured();
    assertThat(b().reaches(a(), 80)).isTrue();

    a().peers = allowing("c"); // it left the group
    a().apply(policy);
    awaitNoAssociation();
    b().settled().clear();
    assertThat(b().reaches(a(), 80)).isFalse();
    assertThat(a().reaches(b(), 80)).isFalse();
    assertThat(b().settled().seen(Kind.CLEAR)).isEmpty();
  }
}
