package dev.reeve.engine.esp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.engine.Await;
import dev.reeve.engine.TestPolicies;
import dev.reeve.engine.esp.Wire.Kind;
import dev.reeve.engine.ike.IkeIdentity;
import dev.reeve.model.bundle.PeerList;
import dev.reeve.model.bundle.Revocations;
import dev.reeve.model.ipsec.AuthMethod;
import dev.reeve.model.ipsec.DhGroup;
import dev.reeve.model.ipsec.Encryption;
import dev.reeve.model.ipsec.FilterAction;
import dev.reeve.model.ipsec.HostSetting;
import dev.reeve.model.ipsec.HostSettings;
import dev.reeve.model.ipsec.Integrity;
import dev.reeve.model.ipsec.IpsecPolicy;
import dev.reeve.model.ipsec.IpsecRule;
import dev.reeve.model.ipsec.MainMode;
import dev.reeve.model.ipsec.MainMode.MainModeProposal;
import dev.reeve.model.ipsec.QuickModeOffer;
import dev.reeve.model.ipsec.QuickModeOffer.Esp;
import dev.reeve.model.ipsec.QuickModeOffer.PerfectForwardSecrecy;
import dev.reeve.model.ipsec.SealedSecret;
import dev.reeve.model.json.JsonValue.JsonArray;
import dev.reeve.model.json.JsonValue.JsonNumber;
import dev.reeve.model.json.JsonValue.JsonString;
import dev.reeve.model.spd.HostPolicy;
import dev.reeve.model.status.PeerFailure;
import dev.reeve.model.status.PeerFailure.Reason;
import dev.reeve.model.status.RuleStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Who is let in by what, and what becomes of those who are not, judged by what tcpdump sees at the
/// peer. Run by [EspIT] on a kernel with ESP.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AuthCases {

  private static final AuthMethod PSK =
      new AuthMethod.PreSharedKey(SealedSecret.ofBytes(new byte[] {1}));

  private Optional<EspLab> opened = Optional.empty();

  private EspLab.Host a() {
    return opened.orElseThrow().a;
  }

  private EspLab.Host b() {
    return opened.orElseThrow().b;
  }

  @BeforeAll
  void open() throws Exception {
    opened = Optional.of(new EspLab());
  }

  @AfterAll
  void close() {
    opened.ifPresent(EspLab::close);
  }

  @BeforeEach
  void enrol() {
    a().identity = Pki.enrolled("a");
    b().identity = Pki.enrolled("b");
  }

  /// charon forgets what it was given.
  @AfterEach
  void withdraw() throws Exception {
    for (EspLab.Host host : List.of(a(), b())) {
      host.engine.removeAll();
      host.charon.close();
      host.others = List.of();
      host.revocations = Optional.empty();
      host.peers = Optional.empty();
      host.secret = new byte[] {7, 7, 7};
    }
    for (EspLab.Host host : List.of(a(), b())) host.settled().clear();
  }

  private static HostPolicy policy(String posture) {
    return TestPolicies.of(posture + " me <> any");
  }

  private static HostPolicy checking(HostPolicy policy, int level) {
    return new HostPolicy(
        Optional.empty(),
        policy.domain(),
        Optional.empty(),
        new HostSettings(Map.of(HostSetting.STRONG_CRL_CHECK, new JsonNumber(level))));
  }

  private static HostPolicy with(HostPolicy policy, MainMode mainMode) {
    IpsecPolicy old = policy.domain().orElseThrow();
    return new HostPolicy(
        Optional.empty(),
        Optional.of(
            new IpsecPolicy(
                old.id(),
                old.name(),
                old.description(),
                old.pollingInterval(),
                mainMode,
                old.rules())),
        Optional.empty(),
        policy.settings());
  }

  private static MainMode group(DhGroup group) {
    return new MainMode(
        false,
        0,
        MainMode.DEFAULT_LIFETIME,
        List.of(new MainModeProposal(Encryption.AES256_GCM, Integrity.SHA384, group)));
  }

  /// With the root's, unless it is said to be without.
  private static Optional<Revocations> revocations(String crl) {
    if (crl.equals("absent")) return Optional.empty();
    String name = crl.replace(" without the root's", "");
    return Optional.of(
        new Revocations(
            Pki.crl(name),
            crl.equals(name) ? List.of(Pki.crl("enrolled-root")) : List.of(),
            name.equals("revoked-b") ? Set.of(Pki.id("b")) : Set.of()));
  }

  /// Levels as `strongCrlCheck` has them. The caller checks, the one that is called is revoked.
  @ParameterizedTest(name = "level {0}, CRL {1}: {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0 | revoked-b               | secured |
          1 | absent                  | secured | new associations are not checked
          1 | none without the root's | secured |
          1 | revoked-b               | refused |
          2 | absent                  | refused | every peer is refused: the policy server has sent no CRL of 'CN=Reeve hosts issuer
          2 | none without the root's | refused | every peer is refused: the policy server has sent no CRL of 'CN=Reeve root
          2 | stale                   | refused | ended 2021-02-01T00:00:00Z, and no newer one has come
          2 | none                    | secured |
          2 | revoked-b               | refused |
          """)
  void certificates_are_checked_as_the_level_says(
      int level, String crl, String result, @Nullable String told) throws Exception {
    a().revocations = revocations(crl);
    RuleStatus rule = a().apply(checking(policy("require"), level)).rules().getFirst();
    assertThat(rule.detail()).contains(Optional.ofNullable(told).orElse(""));
    if (told == null) assertThat(rule.detail()).doesNotContain("CRL");
    b().apply(policy("require"));
    b().settled().clear();
    if (result.equals("secured")) {
      assertSecured();
    } else {
      assertRefused();
      boolean revoked = crl.equals("revoked-b");
      String words = crl.equals("stale") ? "has expired" : "no good CRL of each authority";
      if (revoked) assertThat(failure(Reason.CERTIFICATE_REVOKED).downgraded()).isFalse();
      else assertThat(failure(Reason.REVOCATION_UNKNOWN).detail()).contains(words);
    }
  }

  /// What a has to say of b.
  private PeerFailure failure(Reason reason) throws Exception {
    return Await.value(
        "a to know of " + reason,
        EspLab.LONG,
        () ->
            a().engine.observe().activity().failures().stream()
                .filter(failure -> failure.peer().equals(b().v4) && failure.reason() == reason)
                .findFirst());
  }

  private void assertSecured() {
    assertThat(a().reaches(b(), 80)).as(a().log()).isTrue();
    assertThat(b().settled().seen(Kind.CLEAR)).isEmpty();
    assertThat(b().settled().count(Kind.SECURED)).isPositive();
  }

  private void assertRefused() {
    assertThat(a().reaches(b(), 80)).as(a().log()).isFalse();
    assertThat(b().settled().count(Kind.IKE)).isPositive();
    assertThat(b().settled().seen(Kind.CLEAR)).isEmpty();
    assertThat(b().settled().count(Kind.SECURED)).isZero();
  }

  /// The list arrives while both talk; what it says of nobody is undone by the next one.
  @Test
  void a_revocation_ends_what_stands_and_its_end_lets_the_peer_in_again() throws Exception {
    HostPolicy checks = checking(policy("require"), 2);
    a().revocations = revocations("none");
    a().apply(checks);
    b().apply(policy("require"));
    assertSecured();

    a().revocations = revocations("revoked-b");
    a().apply(checks);
    assertThat(a().engine.observe().differences()).isEmpty();
    awaitNoAssociation();
    b().settled().clear();
    assertRefused();
    assertThat(b().reaches(a(), 80)).as("the revoked one calls").isFalse();
    assertThat(b().settled().count(Kind.SECURED)).isZero();

    a().apply(checking(policy("require"), 0)); // nobody checks any more
    assertThat(a().engine.observe().differences()).isEmpty();
    assertSecured();
  }

  /// The peer's certificate is not known any more once it is in: everybody of that CA proves
  /// himself anew, and only the revoked one cannot.
  @Test
  void a_crl_of_another_ca_decides_and_a_newer_one_ends_what_stands() throws Exception {
    HostPolicy policy =
        TestPolicies.authenticated(
            policy("require"),
            new AuthMethod.Certificate("CN=Acme device CA, O=Acme, C=DE", false, false));
    a().others = List.of(Pki.acme("a"));
    b().others = List.of(Pki.acme("b"));
    a().revocations = acme("acme-none");
    a().apply(checking(policy, 2));
    b().apply(policy);
    assertSecured();
    a().apply(checking(policy, 2)); // nothing new: it stands
    assertThat(spis(a())).isNotEmpty();

    a().revocations = acme("acme-revoked-b");
    a().apply(checking(policy, 2));
    assertThat(a().engine.observe().differences()).isEmpty();
    awaitNoAssociation();
    b().settled().clear();
    assertRefused();
    assertThat(failure(Reason.CERTIFICATE_REVOKED).detail()).contains("CN=b.acme.example");
  }

  private static Optional<Revocations> acme(String crl) {
    return Optional.of(new Revocations(Pki.crl("none"), List.of(Pki.crl(crl)), Set.of()));
  }

  private void awaitNoAssociation() throws Exception {
    Await.until("the end of a's associations", EspLab.LONG, () -> spis(a()).isEmpty());
  }

  private static Set<String> spis(EspLab.Host host) {
    return Pattern.compile("spi (0xc[0-9a-f]{7})")
        .matcher(host.in("ip xfrm state"))
        .results()
        .map(MatchResult::group)
        .collect(Collectors.toCollection(TreeSet::new));
  }

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
        a().revocations = revocations("revoked-b");
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
        callers = with(callers, group(DhGroup.MODP2048));
        called = with(called, group(DhGroup.CURVE25519));
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
    for (EspLab.Host host : List.of(a(), b())) host.apply(with(policy("require"), group(group)));
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

  /// The keys are renewed after so many bytes, and not one packet is lost to the clear.
  @Test
  void keys_are_renewed_after_the_bytes_that_the_offer_says() throws Exception {
    HostPolicy policy =
        offering(
            new QuickModeOffer(
                Optional.of(new Esp(Encryption.AES256_GCM, Integrity.NONE)),
                Optional.empty(),
                Duration.ofMinutes(10),
                64,
                new PerfectForwardSecrecy.Group(DhGroup.CURVE25519)));
    a().apply(policy);
    b().apply(policy);
    assertSecured();
    Set<String> first = spis(a());
    assertThat(first).isNotEmpty();
    b().settled().clear();
    a().say("flood " + b().v4 + " 9000");
    Await.until(
        "new keys after so many bytes",
        EspLab.LONG,
        () -> spis(a()).stream().noneMatch(first::contains));
    assertThat(Long.parseLong(a().say("stop"))).isPositive();
    assertThat(spis(a())).as(a().log()).isNotEmpty().doesNotContainAnyElementsOf(first);
    assertThat(b().settled().seen(Kind.CLEAR)).isEmpty();
    assertThat(a().reaches(b(), 80)).isTrue();
  }

  private static HostPolicy offering(QuickModeOffer offer) {
    IpsecRule rule = policy("require").domain().orElseThrow().rules().getFirst();
    return TestPolicies.of(
        List.of(
            new IpsecRule(
                rule.id(),
                rule.name(),
                rule.description(),
                rule.active(),
                rule.filters(),
                new FilterAction.Negotiate("require", List.of(offer), false, false),
                rule.authentication(),
                rule.tunnel(),
                rule.networkType())));
  }
}
