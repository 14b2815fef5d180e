package dev.reeve.engine.esp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.reeve.engine.Await;
import dev.reeve.engine.TestPolicies;
import dev.reeve.engine.esp.Wire.Kind;
import dev.reeve.engine.ike.IkeIdentity;
import dev.reeve.model.bundle.HostId;
import dev.reeve.model.bundle.PeerList;
import dev.reeve.model.ipsec.AuthMethod;
import dev.reeve.model.ipsec.DhGroup;
import dev.reeve.model.ipsec.Encryption;
import dev.reeve.model.ipsec.HostSetting;
import dev.reeve.model.ipsec.HostSettings;
import dev.reeve.model.ipsec.Integrity;
import dev.reeve.model.ipsec.IpsecRule;
import dev.reeve.model.ipsec.MainMode;
import dev.reeve.model.ipsec.MainMode.MainModeProposal;
import dev.reeve.model.ipsec.SealedSecret;
import dev.reeve.model.json.JsonValue.JsonArray;
import dev.reeve.model.json.JsonValue.JsonString;
import dev.reeve.model.spd.HostPolicy;
import dev.reeve.model.status.PeerFailure;
import dev.reeve.model.status.PeerFailure.Reason;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Who is let in by what, and what becomes of those who are not, judged by what tcpdump sees at the
/// peer. Run by [EspIT] on a kernel with ESP.
class AuthCases extends Enrolled {

  private static final String ISSUER = "CN=Reeve hosts issuer, OU=Hosts, O=Reeve";

  private static final AuthMethod MAPPED = new AuthMethod.Certificate(ISSUER, true, false);

  private static final AuthMethod ACME =
      new AuthMethod.Certificate("CN=Acme device CA, O=Acme, C=DE", false, false);

  private static final AuthMethod PSK =
      new AuthMethod.PreSharedKey(SealedSecret.ofBytes(new byte[] {1}));

  private record Stranger(String trouble, Reason reason, String told) {}

  /// Who b is, and what a has to say of it.
  private static final List<Stranger> STRANGERS =
      List.of(
          new Stranger("a revoked certificate", Reason.CERTIFICATE_REVOKED, "was revoked on"),
          new Stranger(
              "an expired certificate", Reason.CERTIFICATE_EXPIRED, "to Feb 01 00:00:00 2020"),
          new Stranger("another CA", Reason.CERTIFICATE_AUTHORITY, "as the rule wants"),
          new Stranger("another pre-shared key", Reason.PRE_SHARED_KEY, "pre-shared key"),
          new Stranger("another DH group", Reason.MAIN_MODE_PROPOSAL, "group 14 (2048 bits)"));

  /// Each begins once and is called once, over one family and over the other; the scenario
  /// `refused-peer` has all of IPv4.
  private static Stream<Arguments> strangers(int calls, int isCalled) {
    return STRANGERS.stream()
        .flatMap(stranger ->
            Stream.of(
                    arguments(stranger.trouble, "called", isCalled, stranger),
                    arguments(stranger.trouble, "calling", calls, stranger))
                .filter(row -> EspTests.families().anyMatch(row.get()[2]::equals)));
  }

  static Stream<Arguments> refused() {
    return strangers(4, 6);
  }

  static Stream<Arguments> inClear() {
    return strangers(6, 4);
  }

  @ParameterizedTest(name = "{0} is refused, {1}, IPv{2}")
  @MethodSource("refused")
  void whoever_cannot_be_authenticated_is_refused(
      String trouble, String role, int family, Stranger stranger) throws Exception {
    meet(trouble, "require");
    assertThat(caller(role).cannotReach(called(role), family, 80)).as(a().log()).isTrue();
    assertOnlyIke();
    PeerFailure failure = failure(family, stranger.reason);
    assertThat(failure.detail()).contains(stranger.told);
    assertThat(failure.downgraded()).isFalse();
  }

  /// @param role what b is
  private EspLab.Host caller(String role) {
    return role.equals("called") ? a() : b();
  }

  private EspLab.Host called(String role) {
    return role.equals("called") ? b() : a();
  }

  private boolean speak(String role, int family) {
    return caller(role).reaches(called(role), family, 80);
  }

  /// And is counted, and named as somebody with whom security was given up.
  @ParameterizedTest(name = "{0} stays in clear under request, {1}, IPv{2}")
  @MethodSource("inClear")
  void whoever_cannot_be_authenticated_stays_in_clear(
      String trouble, String role, int family, Stranger stranger) throws Exception {
    meet(trouble, "request");
    assertThat(speak(role, family)).isTrue();
    PeerFailure failure = failure(family, stranger.reason);
    assertThat(failure.detail()).contains(stranger.told);
    assertThat(failure.downgraded()).isTrue();

    long counted =
        Await.value(
            "an answer in clear after the refusal",
            EspLab.LONG,
            () -> {
              b().settled().clear();
              long before = clearPackets();
              boolean clear = speak(role, family) && b().settled().count(Kind.SECURED) == 0;
              return clear ? Optional.of(clearPackets() - before) : Optional.empty();
            });
    assertThat(counted).as("packets in clear, of that answer").isPositive();
    awaitNoAssociation();
  }

  private long clearPackets() throws Exception {
    return a().engine.observe().activity().traffic().stream()
        .mapToLong(traffic -> traffic.clear().packets())
        .sum();
  }

  /// Both have their policies, and b is what a cannot authenticate, or agree with.
  private void meet(String trouble, String posture) throws Exception {
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
    a().apply(callers);
    b().apply(called);
    b().settled().clear();
  }

  private static MainMode group(DhGroup group) {
    return new MainMode(
        false,
        0,
        MainMode.DEFAULT_LIFETIME,
        List.of(new MainModeProposal(Encryption.AES256_GCM, Integrity.SHA384, group)));
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
    String asks = "sending cert request for \"O=Reeve, OU=Hosts";
    int before = a().log().split(asks, -1).length;
    a().apply(
            TestPolicies.authenticated(
                policy("require"), new AuthMethod.Certificate(ISSUER, false, true)));
    b().apply(policy("require"));
    assertSecured();
    assertThat(a().log().split(asks, -1).length).as("left out").isEqualTo(before);
    a().engine.removeAll(); // what stands would go on as it is
    awaitNoAssociation();

    a().apply(
            TestPolicies.authenticated(
                policy("require"), new AuthMethod.Certificate(ISSUER, false, false)));
    assertSecured();
    assertThat(a().log().split(asks, -1).length).as("named").isGreaterThan(before);
  }

  private static IpsecRule rule(String filter, AuthMethod method) {
    return TestPolicies.authenticated(
            TestPolicies.of(List.of(TestPolicies.rule("{" + filter + "}", "require " + filter))),
            method)
        .active()
        .orElseThrow()
        .rules()
        .getFirst();
  }

  /// What a peer gets is what the rule of its own CA protects.
  @ParameterizedTest(name = "two CAs, a port each, IPv{0}")
  @CsvSource({"4", "6"})
  void a_rule_takes_the_certificates_of_its_own_ca_alone(int family) throws Exception {
    a().others = List.of(Pki.acme("a"));
    a().apply(
            TestPolicies.of(
                List.of(rule("me#80 <> any tcp", ACME), rule("me#81 <> any tcp", MAPPED))));
    b().apply(
            TestPolicies.of(
                List.of(rule("me <> any#80 tcp", MAPPED), rule("me <> any#81 tcp", MAPPED))));
    b().settled().clear();
    assertThat(b().cannotReach(a(), family, 80)).as("by Reeve's").isTrue();
    assertThat(b().settled().count(Kind.IKE)).isPositive();
    assertAnswersNothing(family);
    assertThat(b().reaches(a(), family, 81)).as(a().log()).isTrue();
    assertThat(b().settled().count(Kind.SECURED)).isPositive();
    assertThat(b().cannotReach(a(), family, 80)).as("beside the other's association").isTrue();

    b().others = List.of(Pki.acme("b"));
    b().apply(
            TestPolicies.of(
                List.of(rule("me <> any#80 tcp", ACME), rule("me <> any#81 tcp", MAPPED))));
    assertThat(b().reaches(a(), family, 80)).as("by Acme's: " + a().log()).isTrue();
    assertThat(b().reaches(a(), family, 81)).isTrue();
    assertThat(b().settled().seen(Kind.CLEAR)).isEmpty();
  }

  /// Not even what came to it by an association that is for something else.
  private void assertAnswersNothing(int family) {
    assertThat(a().settled().seen(Kind.SECURED))
        .as("what a answered")
        .noneMatch(line -> line.contains(" " + a().own(family) + " > "));
  }

  /// @param by `machine` for the machine's certificate, `mapping` for one that is an account's
  private static HostPolicy byAccount(HostSetting list, String by) {
    HostPolicy policy = policy("require");
    if (by.equals("mapping")) policy = TestPolicies.authenticated(policy, MAPPED);
    var names = new JsonArray(List.of(new JsonString("CN=Peers,DC=corp,DC=example")));
    return new HostPolicy(
        Optional.empty(), policy.domain(), Optional.empty(), new HostSettings(Map.of(list, names)));
  }

  private static Optional<PeerList> allowing(String... names) {
    return Optional.of(new PeerList(Optional.of(hosts(names)), Set.of()));
  }

  private static Optional<PeerList> denying(String... names) {
    return Optional.of(new PeerList(Optional.empty(), hosts(names)));
  }

  private static Set<HostId> hosts(String... names) {
    return Stream.of(names).map(Pki::id).collect(Collectors.toSet());
  }

  /// The association stands, for both have good certificates; nothing passes by it until it is
  /// known whose it is, and nothing at all when it is nobody's who may.
  @ParameterizedTest(name = "{0}, a list {1}, by {2}, IPv{3}")
  @CsvSource({
    "NETWORK_ALLOW, of others, machine, 4",
    "NETWORK_ALLOW, of others, mapping, 6",
    "NETWORK_ALLOW, lost,      machine, 4",
    "NETWORK_DENY,  of b,      machine, 6"
  })
  void a_peer_that_may_not_associate_gets_not_one_packet(
      HostSetting setting, String list, String by, int family) throws Exception {
    a().peers =
        switch (list) {
          case "of others" -> allowing("c");
          case "of b" -> denying("b");
          default -> Optional.empty();
        };
    HostPolicy policy = byAccount(setting, by);
    a().apply(policy);
    b().apply(policy("require"));
    b().settled().clear();
    assertRefused(family);
    assertThat(b().cannotReach(a(), family, 80)).as("b calls").isTrue();
    assertAnswersNothing(family);
    assertThat(a().engine.peersChanged()).isTrue();
    a().apply(policy);
    awaitNoAssociation();
  }

  @ParameterizedTest(name = "{0}, by {1}, IPv{2}")
  @CsvSource({
    "NETWORK_ALLOW, machine, 4",
    "NETWORK_ALLOW, mapping, 6",
    "NETWORK_DENY,  machine, 6"
  })
  void a_peer_that_may_is_let_in_once_it_is_known_and_cut_off_when_it_may_no_more(
      HostSetting setting, String by, int family) throws Exception {
    boolean allow = setting == HostSetting.NETWORK_ALLOW;
    a().peers = allow ? allowing("b", "c") : denying("c");
    HostPolicy policy = byAccount(setting, by);
    a().apply(policy);
    b().apply(policy("require"));
    b().settled().clear();
    assertThat(a().cannotReach(b(), family, 80)).as("not known yet").isTrue();
    assertThat(b().settled().count(Kind.SECURED)).isZero();
    assertThat(a().engine.peersChanged()).isTrue();
    a().apply(policy);
    assertThat(a().engine.peersChanged()).isFalse();
    assertSecured(family);
    assertThat(b().reaches(a(), family, 80)).isTrue();

    a().peers =
        allow ? allowing("c") : denying("b", "c"); // it left the one group, or joined the other
    a().apply(policy);
    awaitNoAssociation();
    b().settled().clear();
    assertThat(b().cannotReach(a(), family, 80)).isTrue();
    assertThat(a().cannotReach(b(), family, 80)).isTrue();
    assertThat(b().settled().seen(Kind.CLEAR)).isEmpty();
  }
}
