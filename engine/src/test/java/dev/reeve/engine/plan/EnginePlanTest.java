package dev.reeve.engine.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.engine.TestPolicies;
import dev.reeve.engine.esp.Pki;
import dev.reeve.engine.ike.IkeState;
import dev.reeve.engine.ike.IkeState.ChildAssociation;
import dev.reeve.engine.ike.IkeState.IkeAssociation;
import dev.reeve.engine.negotiate.Means;
import dev.reeve.engine.plan.EngineStep.CallPeers;
import dev.reeve.engine.plan.EngineStep.ChangePolicies;
import dev.reeve.engine.plan.EngineStep.DropFirstPackets;
import dev.reeve.engine.plan.EngineStep.EndAssociations;
import dev.reeve.engine.plan.EngineStep.LoadConnection;
import dev.reeve.engine.plan.EngineStep.LoadGate;
import dev.reeve.engine.plan.EngineStep.RemoveGate;
import dev.reeve.engine.plan.EngineStep.RemoveStale;
import dev.reeve.engine.plan.EngineStep.UnloadConnection;
import dev.reeve.engine.xfrm.OwnAddress;
import dev.reeve.engine.xfrm.XfrmAcquire;
import dev.reeve.engine.xfrm.XfrmPolicy.Protocol;
import dev.reeve.engine.xfrm.XfrmState;
import dev.reeve.model.net.IpAddress;
import dev.reeve.model.net.IpFamily;
import dev.reeve.model.spd.HostPolicy;
import dev.reeve.model.spd.HostView;
import dev.reeve.model.spd.SymbolicSpd;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnginePlanTest {

  static Wanted wanted(HostPolicy policy) {
    var means =
        new Means(
            Optional.empty(),
            List.of(
                OwnAddress.onLan(IpAddress.parse("10.0.0.1")),
                OwnAddress.onLan(IpAddress.parse("2001:db8::1"))),
            peer ->
                Optional.of(
                    IpAddress.parse(peer.family() == IpFamily.IPV4 ? "10.0.0.1" : "2001:db8::1")),
            Optional.of(Pki.host("host-a")),
            List.of(),
            _ -> Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            _ -> false);
    var spd = SymbolicSpd.of(policy).resolve(HostView.NONE);
    return Wanted.of(policy, spd, HostView.NONE, means);
  }

  private static Wanted wanted(String... rules) {
    return wanted(TestPolicies.of(rules));
  }

  private static List<Class<?>> kinds(List<EngineStep> steps) {
    return steps.stream().<Class<?>>map(EngineStep::getClass).toList();
  }

  @Test
  void the_gate_comes_first_and_what_is_new_before_what_is_gone() {
    var before = Installed.asDone(wanted("require me <> 10.1.0.0/16"));
    var after = wanted("block any <> me#23 tcp", "require me <> 2001:db8:1::/48");

    assertThat(kinds(EnginePlan.between(Installed.NOTHING, wanted("require me <> 10.1.0.0/16"))))
        .containsExactly(
            LoadGate.class, DropFirstPackets.class, LoadConnection.class, ChangePolicies.class);
    assertThat(kinds(EnginePlan.between(before, after)))
        .containsExactly(
            LoadGate.class, LoadConnection.class, ChangePolicies.class, UnloadConnection.class);
  }

  @Test
  void what_is_there_needs_no_step() {
    var wanted = wanted("require me <> 10.1.0.0/16", "respond");
    assertThat(EnginePlan.between(Installed.asDone(wanted), wanted)).isEmpty();
    assertThat(EnginePlan.differences(Installed.asDone(wanted), wanted)).isEmpty();
  }

  @Test
  void a_gate_that_is_not_wanted_goes_last() {
    var before = Installed.asDone(wanted("require me <> 10.1.0.0/16"));
    var steps = EnginePlan.between(before, wanted(HostPolicy.EMPTY));
    assertThat(kinds(steps))
        .containsExactly(ChangePolicies.class, UnloadConnection.class, RemoveGate.class);
  }

  /// And what the kernel asked for while something was amiss is asked for again.
  @Test
  void associations_that_still_fit_live_on() {
    var wanted = wanted("require me <> 10.1.0.0/16");
    var done = Installed.asDone(wanted);
    long fits = wanted.negotiations().allReqids().iterator().next();
    long unfit = fits == XfrmState.FIRST_REQID ? fits + 1 : fits - 1;
    var ike =
        new IkeState(
            done.ike().connections(),
            Set.of(),
            List.of(
                new IkeAssociation(
                    1,
                    "reeve-1",
                    "ESTABLISHED",
                    false,
                    "",
                    "",
                    500,
                    false,
                    "",
                    List.of(child(5, fits, 0xc1), child(6, unfit, 0xc2), child(7, 3, 0xc3)))),
            Set.of());
    var states = Set.of(state(fits, 0xc1), state(fits, 0xdead), state(fits, 0));
    var installed = new Installed(done.gate(), done.policies(), states, true, ike);

    assertThat(EnginePlan.between(installed, wanted))
        .containsExactly(
            new EndAssociations(Set.of(6L)),
            new RemoveStale(Set.of(state(fits, 0xdead), state(fits, 0))),
            new CallPeers(XfrmAcquire.of(states, wanted.negotiations().policies())));
    // Also when a peer asked for it while the steps to this policy were done.
    assertThat(EnginePlan.endings(installed, wanted))
        .containsExactly(new EndAssociations(Set.of(6L)));
    assertThat(EnginePlan.endings(done, wanted)).isEmpty();
  }

  /// Of a charon that died, and of one that ended an association while it was looked at.
  @ParameterizedTest
  @CsvSource({"10.1.0.2, true", "10.1.0.1, false"})
  void peers_of_lost_associations_are_called_unless_there_is_another(String host, boolean called) {
    var wanted = wanted("require me <> 10.1.0.0/16");
    var done = Installed.asDone(wanted);
    long reqid = wanted.negotiations().allReqids().iterator().next();
    var other =
        new IkeAssociation(
            1, "reeve-1", "ESTABLISHED", false, "10.0.0.1", host, 500, false, "", List.of());
    var ike = new IkeState(done.ike().connections(), Set.of(), List.of(other), Set.of());
    var lost = Set.of(state(reqid, 0xdead));
    var installed = new Installed(done.gate(), done.policies(), lost, true, ike);
    var policies = wanted.negotiations().policies();
    assertThat(EnginePlan.between(installed, wanted))
        .isEqualTo(
            called
                ? List.of(new RemoveStale(lost), new CallPeers(XfrmAcquire.of(lost, policies)))
                : List.of(new RemoveStale(lost)));
  }

  private static ChildAssociation child(long id, long reqid, long spi) {
    return new ChildAssociation(
        id,
        "r",
        Optional.of(reqid),
        "INSTALLED",
        "ESP",
        "TRANSPORT",
        false,
        Set.of(spi),
        List.of(),
        List.of(),
        0,
        0);
  }

  private static XfrmState state(long reqid, long spi) {
    return new XfrmState(
        IpAddress.parse("10.0.0.1"),
        IpAddress.parse("10.1.0.1"),
        Protocol.ESP,
        spi,
        reqid,
        false,
        false);
  }

  @Test
  void a_policy_that_somebody_flushed_is_set_again_alone() {
    var wanted = wanted("require me <> 10.1.0.0/16");
    var done = Installed.asDone(wanted);
    var flushed = new Installed(done.gate(), List.of(), Set.of(), true, done.ike());
    assertThat(EnginePlan.between(flushed, wanted))
        .containsExactly(new ChangePolicies(wanted.negotiations().policies(), List.of()));
  }
}
