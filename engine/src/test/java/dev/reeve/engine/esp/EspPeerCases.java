package dev.reeve.engine.esp;

import static dev.reeve.engine.TestPolicies.posture;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.engine.Await;
import dev.reeve.engine.TestPolicies;
import dev.reeve.engine.esp.Wire.Kind;
import dev.reeve.engine.ike.IkeIdentity;
import dev.reeve.model.ipsec.AuthMethod;
import dev.reeve.model.ipsec.DhGroup;
import dev.reeve.model.ipsec.Encryption;
import dev.reeve.model.ipsec.HostSetting;
import dev.reeve.model.ipsec.HostSettings;
import dev.reeve.model.ipsec.Integrity;
import dev.reeve.model.ipsec.MainMode;
import dev.reeve.model.ipsec.MainMode.MainModeProposal;
import dev.reeve.model.ipsec.SealedSecret;
import dev.reeve.model.json.JsonValue;
import dev.reeve.model.spd.HostPolicy;
import dev.reeve.model.status.IpsecActivity;
import dev.reeve.model.status.MainModeSa;
import dev.reeve.model.status.PeerFailure;
import dev.reeve.model.status.QuickModeSa;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Whom a host takes for its peer, and what it says of those with whom it agrees and cannot agree.
/// Run by [EspIT] on a kernel with ESP.
class EspPeerCases extends InEspLab {

  /// Another CA's certificate under our names, a server's certificate of our own root, even where
  /// its issuer is known: neither is a host's.
  @ParameterizedTest(name = "the certificate of {0} is refused")
  @CsvSource({"a stranger", "a server"})
  void only_the_host_issuers_certificates_count(String who) throws Exception {
    EspLab.Host a = lab().a;
    EspLab.Host b = lab().b;
    IkeIdentity own = a.identity;
    IkeIdentity others = b.identity;
    try {
      b.identity = who.equals("a server") ? Pki.server() : Pki.stranger();
      a.identity = new IkeIdentity(own.chain(), own.key(), own.issuer(), b.identity.anchors());
      a.apply(posture("strict"));
      b.apply(posture("strict"));
      b.settled().clear();

      assertThat(a.cannotReach(b, 80)).isTrue();
      assertThat(b.cannotReach(a, 80)).isTrue();
      assertThat(b.settled().count(Kind.IKE)).isPositive();
      assertThat(b.settled().seen(Kind.CLEAR)).isEmpty();
      assertThat(b.settled().count(Kind.SECURED)).isZero();
      assertThat(failure(a, b, PeerFailure.Reason.CERTIFICATE_AUTHORITY).detail())
          .contains("CN=Reeve hosts issuer\", as the rule wants");
    } finally {
      a.identity = own;
      b.identity = others;
      for (EspLab.Host host : List.of(a, b)) host.charon.close(); // forgets what it was given
    }
  }

  @ParameterizedTest(name = "with {0} pre-shared key")
  @CsvSource({"the same, true", "another, false"})
  void pre_shared_keys(String which, boolean works) throws Exception {
    EspLab.Host a = lab().a;
    EspLab.Host b = lab().b;
    var key = new AuthMethod.PreSharedKey(SealedSecret.ofBytes(new byte[] {1}));
    byte[] secret = b.secret;
    try {
      if (!works) b.secret = new byte[] {0, 1, 2};
      a.apply(TestPolicies.authenticated(posture("strict"), key));
      b.apply(TestPolicies.authenticated(posture("strict"), key));
      b.settled().clear();

      assertThat(works ? a.reaches(b, 80) : a.cannotReach(b, 80)).isTrue();
      assertThat(b.settled().seen(Kind.CLEAR)).isEmpty();
      assertThat(b.settled().count(Kind.SECURED) > 0).isEqualTo(works);
      if (!works) {
        assertThat(failure(a, b, PeerFailure.Reason.PRE_SHARED_KEY).downgraded()).isFalse();
        assertThat(failure(b, a, PeerFailure.Reason.PRE_SHARED_KEY).count()).isPositive();
      }
    } finally {
      b.secret = secret;
    }
  }

  /// With that peer; who only sends marks is another one.
  private static List<PeerFailure> failures(EspLab.Host at, EspLab.Host with) {
    return at.engine.failures().stream().filter(f -> f.peer().equals(with.v4)).toList();
  }

  /// Until one host knows, for that reason, why it cannot agree with the other.
  private PeerFailure failure(EspLab.Host at, EspLab.Host with, PeerFailure.Reason reason)
      throws Exception {
    return Await.value(
        at.name + " to know of " + reason,
        EspLab.LONG,
        () -> failures(at, with).stream().filter(f -> f.reason() == reason).findFirst());
  }

  private static HostPolicy group(DhGroup group, HostPolicy policy) {
    var proposal = new MainModeProposal(Encryption.AES256, Integrity.SHA256, group);
    var mainMode = new MainMode(false, 0, Duration.ofHours(8), List.of(proposal));
    return TestPolicies.with(mainMode, policy);
  }

  private static HostPolicy legacy(boolean allowed, HostPolicy policy) {
    return new HostPolicy(
        policy.persistent(),
        policy.domain(),
        policy.local(),
        new HostSettings(Map.of(HostSetting.LEGACY, JsonValue.of(allowed))));
  }

  /// The textbook case, and one of today. Group 2 is offered where `legacy` allows it.
  @ParameterizedTest(name = "{0} meets {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          MODP1024 | MODP2048   | group 2 (1024 bits)  | group 14 (2048 bits)
          MODP2048 | CURVE25519 | group 14 (2048 bits) | group 31 (Curve25519)
          """)
  void a_group_that_the_peer_does_not_share_is_named(
      DhGroup asking, DhGroup asked, String offered, String wanted) throws Exception {
    lab().a.apply(legacy(asking.isWeak(), group(asking, posture("strict"))));
    lab().b.apply(group(asked, posture("strict")));
    assertThat(lab().a.cannotReach(lab().b, 80)).isTrue();
    assertThat(lab().b.settled().seen(Kind.CLEAR)).isEmpty();
    assertThat(lab().b.settled().count(Kind.SECURED)).isZero();

    PeerFailure refusal = failure(lab().b, lab().a, PeerFailure.Reason.MAIN_MODE_PROPOSAL);
    assertThat(refusal.detail())
        .isEqualTo("DH group: the peer has only " + offered + ", this host wants " + wanted);
    assertThat(refusal.downgraded()).isFalse();
    PeerFailure refused = failure(lab().a, lab().b, PeerFailure.Reason.MAIN_MODE_PROPOSAL);
    assertThat(refused.detail()).contains("aes256-sha256-" + asking + " (DH " + offered + ")");
  }

  /// A wider rule requests what this one requires: nothing goes on in clear, and nothing says so.
  @Test
  void a_peer_that_a_narrower_rule_requires_is_not_said_to_be_downgraded() throws Exception {
    EspLab.Host a = lab().a;
    EspLab.Host b = lab().b;
    HostPolicy both = TestPolicies.of("request me <> any", "require me <> " + b.v4);
    a.apply(group(DhGroup.MODP2048, both));
    b.apply(group(DhGroup.CURVE25519, posture("server")));
    assertThat(a.cannotReach(b, 80)).isTrue();
    assertThat(failure(a, b, PeerFailure.Reason.MAIN_MODE_PROPOSAL).downgraded()).isFalse();
    assertThat(b.settled().count(Kind.CLEAR)).isZero();
  }

  /// Under a request the traffic goes on in clear, and that is said; it is over once they agree.
  @Test
  void a_peer_that_is_downgraded_is_reported_until_it_is_secured() throws Exception {
    EspLab.Host a = lab().a;
    EspLab.Host b = lab().b;
    a.apply(group(DhGroup.MODP2048, posture("server")));
    b.apply(group(DhGroup.CURVE25519, posture("server")));
    assertThat(a.reaches(b, 80)).isTrue();
    assertThat(failure(a, b, PeerFailure.Reason.MAIN_MODE_PROPOSAL).downgraded()).isTrue();
    assertThat(a.engine.observe().activity().traffic().getFirst().clear().packets()).isPositive();

    b.apply(group(DhGroup.MODP2048, posture("server")));
    Await.until(
        "b to be no failure any more",
        EspLab.LONG,
        () -> {
          a.reaches(b, 80);
          return failures(a, b).isEmpty();
        });
    assertThat(a.engine.observe().activity().quickModes()).isNotEmpty();
  }

  @Test
  void a_peer_that_does_not_answer_is_named() throws Exception {
    lab().a.apply(posture("strict"));
    assertThat(lab().a.cannotReach(lab().c, 80)).isTrue();
    PeerFailure failure = failure(lab().a, lab().c, PeerFailure.Reason.NO_ANSWER);
    assertThat(failure.detail()).contains("does not answer IKE");
  }

  /// The numbers that people see are those on the wire.
  @Test
  void associations_are_shown_as_the_wire_has_them() throws Exception {
    EspLab.Host a = lab().a;
    EspLab.Host b = lab().b;
    a.apply(posture("strict"));
    b.apply(posture("strict"));
    for (int i = 0; i < 10 && !a.reaches(b, 80); i++) b.settled().clear();
    b.settled().clear();
    assertThat(a.reaches(b, 80)).as(a.log()).isTrue();

    IpsecActivity there = a.engine.observe().activity();
    IpsecActivity here = b.engine.observe().activity();
    MainModeSa mainMode = there.mainModes().getFirst();
    assertThat(mainMode.remote()).isEqualTo(b.v4);
    assertThat(mainMode.remoteId()).contains("CN=host b");
    assertThat(mainMode.authentication()).isEqualTo("certificate");
    QuickModeSa quickMode = there.quickModes().getFirst();
    assertThat(quickMode.mainMode()).isEqualTo(mainMode.id());
    assertThat(quickMode.protocol()).isEqualTo("ESP");
    assertThat(quickMode.rules()).containsExactly("rule {R1}");
    assertThat(quickMode.packetsOut()).isPositive();
    assertThat(here.quickModes())
        .anySatisfy(other -> {
          assertThat(other.spiIn()).isEqualTo(quickMode.spiOut());
          assertThat(other.spiOut()).isEqualTo(quickMode.spiIn());
        });
    assertThat(b.settled().seen(Kind.SECURED))
        .anyMatch(packet -> packet.contains("spi=0x" + quickMode.spiOut()));
    assertThat(there.statistics()).containsEntry("ike.associations", 1L);
    assertThat(a.engine.endAssociations(Optional.empty())).isEqualTo(1);
    assertThat(a.engine.observe().activity().quickModes()).isEmpty();
  }
}
