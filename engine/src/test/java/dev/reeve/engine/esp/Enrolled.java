package dev.reeve.engine.esp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.engine.Await;
import dev.reeve.engine.TestPolicies;
import dev.reeve.engine.esp.Wire.Kind;
import dev.reeve.model.ipsec.HostSetting;
import dev.reeve.model.spd.HostPolicy;
import dev.reeve.model.status.PeerFailure;
import dev.reeve.model.status.PeerFailure.Reason;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;

/// Cases of two hosts that are enrolled, each with its id in its certificate, and that begin anew
/// every time: charon forgets what it was given.
abstract class Enrolled extends InEspLab {

  final EspLab.Host a() {
    return lab().a;
  }

  final EspLab.Host b() {
    return lab().b;
  }

  @BeforeEach
  void enrol() {
    a().identity = Pki.enrolled("a");
    b().identity = Pki.enrolled("b");
  }

  @Override
  void forget() throws Exception {
    for (EspLab.Host host : List.of(a(), b())) {
      host.charon.close();
      host.others = List.of();
      host.revocations = Optional.empty();
      host.peers = Optional.empty();
      host.secret = new byte[] {7, 7, 7};
    }
  }

  static HostPolicy policy(String posture) {
    return TestPolicies.of(posture + " me <> any");
  }

  static HostPolicy checking(HostPolicy policy, int level) {
    return TestPolicies.with(Map.of(HostSetting.STRONG_CRL_CHECK, level), policy);
  }

  PeerFailure failure(Reason reason) throws Exception {
    return failure(4, reason);
  }

  /// What a has to say of b.
  PeerFailure failure(int family, Reason reason) throws Exception {
    return Await.value(
        "a to know of " + reason,
        EspLab.LONG,
        () ->
            a().engine.observe().activity().failures().stream()
                .filter(
                    failure -> failure.peer().equals(b().own(family)) && failure.reason() == reason)
                .findFirst());
  }

  void assertSecured() {
    assertSecured(4);
  }

  void assertSecured(int family) {
    assertThat(a().reaches(b(), family, 80)).as(a().log()).isTrue();
    assertThat(b().settled().seen(Kind.CLEAR)).isEmpty();
    assertThat(b().settled().count(Kind.SECURED)).isPositive();
  }

  void assertRefused() {
    assertRefused(4);
  }

  void assertRefused(int family) {
    assertThat(a().cannotReach(b(), family, 80)).as(a().log()).isTrue();
    assertOnlyIke();
  }

  void assertOnlyIke() {
    assertThat(b().settled().count(Kind.IKE)).isPositive();
    assertThat(b().settled().seen(Kind.CLEAR)).isEmpty();
    assertThat(b().settled().count(Kind.SECURED)).isZero();
  }

  void awaitNoAssociation() throws Exception {
    Await.until("the end of a's associations", EspLab.LONG, () -> a().spis().isEmpty());
  }
}
