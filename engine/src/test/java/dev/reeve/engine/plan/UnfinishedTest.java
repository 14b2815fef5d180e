package dev.reeve.engine.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.engine.TestPolicies;
import dev.reeve.engine.esp.Pki;
import dev.reeve.engine.ike.IkeConnection;
import dev.reeve.engine.ike.IkeCrl;
import dev.reeve.engine.ike.IkeState;
import dev.reeve.engine.ike.IkeState.IkeAssociation;
import dev.reeve.engine.negotiate.Means;
import dev.reeve.engine.plan.EngineStep.EndPeers;
import dev.reeve.engine.plan.EngineStep.ForgetCredentials;
import dev.reeve.engine.plan.EngineStep.LoadConnection;
import dev.reeve.engine.plan.EngineStep.LoadCrl;
import dev.reeve.engine.xfrm.OwnAddress;
import dev.reeve.model.bundle.Revocations;
import dev.reeve.model.ipsec.AuthMethod;
import dev.reeve.model.ipsec.HostSetting;
import dev.reeve.model.ipsec.HostSettings;
import dev.reeve.model.json.JsonValue.JsonNumber;
import dev.reeve.model.net.IpAddress;
import dev.reeve.model.spd.HostPolicy;
import dev.reeve.model.spd.HostView;
import dev.reeve.model.spd.SymbolicSpd;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What a plan that failed in the middle has begun, the next one finishes. Another CA, Acme, has
/// revoked a certificate; which peer has it nobody knows, so all who came in by Acme must go.
class UnfinishedTest {

  private static final IkeCrl BEFORE = new IkeCrl(Pki.crl("acme-none"));
  private static final IkeCrl NOW = new IkeCrl(Pki.crl("acme-revoked-b"));

  private final Wanted before = wanted("acme-none");
  private final Wanted wanted = wanted("acme-revoked-b");

  private static Wanted wanted(String crl) {
    var rules =
        TestPolicies.authenticated(
            TestPolicies.of("require me <> any"),
            new AuthMethod.Certificate("CN=Acme device CA, O=Acme, C=DE", false, false));
    var policy =
        new HostPolicy(
            Optional.empty(),
            rules.domain(),
            Optional.empty(),
            new HostSettings(Map.of(HostSetting.STRONG_CRL_CHECK, new JsonNumber(2))));
    var means =
        new Means(
            Optional.empty(),
            List.of(OwnAddress.onLan(IpAddress.parse("10.0.0.1"))),
            _ -> Optional.of(IpAddress.parse("10.0.0.1")),
            Optional.of(Pki.enrolled("a")),
            List.of(Pki.acme("a")),
            _ -> Optional.empty(),
            Optional.of(new Revocations(Pki.crl("none"), List.of(Pki.crl(crl)), Set.of())),
            Optional.empty(),
            _ -> false);
    return Wanted.of(policy, SymbolicSpd.of(policy).resolve(HostView.NONE), HostView.NONE, means);
  }

  private IkeAssociation association(long id) {
    IkeConnection connection = wanted.negotiations().connections().getFirst();
    String name = "C=DE, O=Acme, CN=b.acme.example";
    return new IkeAssociation(
        id,
        connection.name(),
        "ESTABLISHED",
        false,
        "10.0.0.1",
        "10.0.0.2",
        500,
        false,
        name,
        List.of());
  }

  /// As if the plan to this had been carried out, with Acme's peers associated.
  private Installed held(Wanted done, Unfinished unfinished, long... associations) {
    Installed held = Installed.asDone(done);
    var ike =
        new IkeState(
            held.ike().connections(),
            Set.of(),
            Arrays.stream(associations).mapToObj(this::association).toList(),
            held.ike().crls());
    return new Installed(held.gate(), held.policies(), Set.of(), true, ike, unfinished);
  }

  @Test
  void peers_end_directly_after_the_crl_that_revokes_and_before_all_that_may_fail() {
    assertThat(before.checks().crls()).contains(BEFORE);
    assertThat(EnginePlan.between(held(before, Unfinished.done(before), 1), wanted))
        .containsExactly(new LoadCrl(NOW), new EndPeers(Set.of(1L)));

    var other = new IkeConnectionsGone(held(before, Unfinished.done(before), 1)).installed();
    assertThat(EnginePlan.between(other, wanted).stream().<Class<?>>map(EngineStep::getClass))
        .startsWith(LoadCrl.class, EndPeers.class, LoadConnection.class);
  }

  /// Without its connections, so that they have to be loaded.
  private record IkeConnectionsGone(Installed held) {
    Installed installed() {
      IkeState ike = held.ike();
      return new Installed(
          held.gate(),
          held.policies(),
          Set.of(),
          true,
          new IkeState(Map.of(), Set.of(), ike.associations(), ike.crls()),
          held.unfinished());
    }
  }

  @Test
  void they_end_later_when_it_failed_in_between_and_who_came_since_lives_on() {
    Unfinished failed =
        Unfinished.done(before).withCrlLoaded(List.of(association(1), association(2)));
    assertThat(EnginePlan.between(held(wanted, failed, 2, 3), wanted))
        .containsExactly(new EndPeers(Set.of(2L)));
    assertThat(EnginePlan.endings(held(wanted, failed, 3), wanted)).isEmpty();
    assertThat(EnginePlan.between(held(wanted, Unfinished.done(wanted), 2, 3), wanted)).isEmpty();
  }

  /// After a start nothing is known of what was before: what charon holds counts.
  @Test
  void a_start_ends_nobody_for_a_crl_that_charon_has() {
    assertThat(EnginePlan.between(held(wanted, Unfinished.NOTHING, 1), wanted)).isEmpty();
    assertThat(EnginePlan.between(held(before, Unfinished.NOTHING, 1), wanted))
        .contains(new EndPeers(Set.of(1L)));
  }

  @Test
  void a_start_after_a_death_amid_the_steps_does_them_all_again() {
    assertThat(EnginePlan.between(held(wanted, Unfinished.INTERRUPTED, 1), wanted))
        .startsWith(new ForgetCredentials(), new LoadCrl(new IkeCrl(Pki.crl("none"))))
        .contains(new LoadCrl(NOW), new EndPeers(Set.of(1L)))
        .hasAtLeastOneElementOfType(LoadConnection.class);
  }

  @Test
  void connections_that_may_lack_their_credentials_are_all_loaded_again() {
    Unfinished failed = Unfinished.done(wanted).withCredentialsForgotten();
    Stream<Class<?>> steps =
        EnginePlan.between(held(wanted, failed), wanted).stream().map(EngineStep::getClass);
    assertThat(steps)
        .startsWith(ForgetCredentials.class)
        .filteredOn(LoadConnection.class::equals)
        .hasSameSizeAs(wanted.negotiations().connections());
    assertThat(EnginePlan.between(held(wanted, Unfinished.done(wanted)), wanted)).isEmpty();
  }
}
