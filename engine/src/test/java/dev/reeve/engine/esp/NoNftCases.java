package dev.reeve.engine.esp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.engine.BootBlock;
import dev.reeve.engine.IpsecEngine;
import dev.reeve.engine.LinuxEngine;
import dev.reeve.engine.TestPolicies;
import dev.reeve.engine.XfrmEngine;
import dev.reeve.engine.esp.Wire.Kind;
import dev.reeve.engine.nft.Nft;
import dev.reeve.engine.xfrm.Xfrm;
import dev.reeve.model.net.IpAddress;
import dev.reeve.model.spd.HostPolicy;
import dev.reeve.model.spd.HostView;
import dev.reeve.model.status.ApplyOutcome;
import dev.reeve.model.status.RuleStatus.State;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a host without nft enforces, by packets and what its peers see of them. Run by [EspIT].
class NoNftCases extends InEspLab {

  private static Xfrm xfrm(EspLab.Host host) {
    return new Xfrm(host.within());
  }

  @TempDir Path run;

  private static XfrmEngine engine(EspLab.Host host) {
    return new XfrmEngine(xfrm(host));
  }

  @Override
  void forget() {
    var unused = lab().a.in("ip xfrm policy setdefault in accept fwd accept out accept");
  }

  private XfrmEngine enforcing(String... rules) throws Exception {
    XfrmEngine engine = engine(lab().a);
    ApplyOutcome outcome = engine.apply(TestPolicies.of(rules), HostView.NONE);
    assertThat(outcome).isInstanceOf(ApplyOutcome.Applied.class);
    return engine;
  }

  private boolean toPeer(int family, int port) {
    return lab().a.reaches(lab().b, family, port);
  }

  private boolean notToPeer(int family, int port) {
    return lab().a.cannotReach(lab().b, family, port);
  }

  private boolean fromPeer(int family, int port) {
    return lab().b.reaches(lab().a, family, port);
  }

  private boolean notFromPeer(int family, int port) {
    return lab().b.cannotReach(lab().a, family, port);
  }

  /// On the peer's wire.
  private List<String> fromA(int family) {
    return lab().b.settled().naming(lab().a.own(family) + ".");
  }

  @ParameterizedTest(name = "blocked, IPv{0}")
  @ValueSource(ints = {4, 6})
  void what_is_blocked_is_not_answered_and_the_rest_is(int family) throws Exception {
    XfrmEngine engine = enforcing("block any <> me#80 tcp");
    assertThat(notFromPeer(family, 80)).isTrue();
    assertThat(fromA(family)).allMatch(line -> line.contains("> " + lab().a.own(family)));
    assertThat(fromPeer(family, 81)).isTrue();
    assertThat(toPeer(family, 80)).isTrue();
    assertThat(engine.observe().activity().statistics()).containsKey("xfrm.InPolBlock");
  }

  @ParameterizedTest(name = "permitted within a block, IPv{0}")
  @ValueSource(ints = {4, 6})
  void what_is_permitted_within_a_block_passes_both_ways(int family) throws Exception {
    lab().a.ip("neigh flush dev eth0");
    var unused =
        enforcing(
            "block any <> any", "permit me <> " + lab().b.own(family), "permit me <> any#88 tcp");
    for (int port : new int[] {80, 81}) {
      assertThat(fromPeer(family, port)).isTrue();
      assertThat(toPeer(family, port)).isTrue();
    }
    assertThat(lab().a.cannotReach(lab().c, family, 80)).isTrue();
    assertThat(lab().a.reaches(lab().c, family, 88)).isTrue();
    assertThat(lab().c.cannotReach(lab().a, family, 80)).isTrue();
  }

  @ParameterizedTest(name = "must be secured, {0}")
  @ValueSource(strings = {"require", "pass-through", "weak"})
  void what_must_be_secured_neither_leaves_nor_is_answered(String posture) throws Exception {
    XfrmEngine engine = engine(lab().a);
    ApplyOutcome outcome =
        engine.apply(
            TestPolicies.of(posture + " me <> any", "permit me#22 <> any tcp"), HostView.NONE);
    assertThat(outcome.rules().getFirst().state()).isEqualTo(State.NOT_NEGOTIATED);
    assertThat(outcome.rules().getLast().state()).isEqualTo(State.ENFORCED);
    for (int family : new int[] {4, 6}) {
      assertThat(notToPeer(family, 80)).isTrue();
      assertThat(fromA(family)).isEmpty();
      assertThat(notFromPeer(family, 80)).isTrue();
      assertThat(fromA(family)).allMatch(line -> line.contains("> " + lab().a.own(family)));
      assertThat(fromPeer(family, 22)).isTrue();
    }
    assertThat(lab().a.say("send " + lab().b.v4 + " 9000 1")).startsWith("no");
    assertThat(lab().b.count(9000)).isZero();
  }

  @Test
  void nor_by_an_address_that_neighbours_alone_can_reach() throws Exception {
    String own = local(lab().a);
    String peer = local(lab().b);
    assertThat(lab().a.reaches(own, peer, 80)).isTrue();
    var unused = enforcing("require me <> any");
    assertThat(lab().a.cannotReach(own, peer, 80)).isTrue();
    assertThat(lab().b.cannotReach(peer, own, 80)).isTrue();
  }

  private static String local(EspLab.Host host) {
    return host.in("ip -6 -o addr show dev eth0 scope link").split("\\s+")[3].replace("/64", "")
        + "%eth0";
  }

  @Test
  void a_host_still_speaks_with_itself() throws Exception {
    var unused = enforcing("require any <> any");
    for (String own : List.of(lab().a.v4, lab().a.v6, "127.0.0.1", "::1")) {
      assertThat(lab().a.reaches(own, own, 80)).as(own).isTrue();
    }
  }

  @ParameterizedTest(name = "requested, IPv{0}")
  @ValueSource(ints = {4, 6})
  void what_is_requested_goes_on_in_clear_also_within_a_block(int family) throws Exception {
    var unused = enforcing("request me <> " + lab().b.own(family), "block me <> any");
    assertThat(toPeer(family, 80)).isTrue();
    assertThat(fromPeer(family, 80)).isTrue();
    assertThat(lab().b.settled().seen(Kind.CLEAR)).isNotEmpty();
    assertThat(lab().a.cannotReach(lab().c, family, 80)).isTrue();
  }

  @ParameterizedTest(name = "servers, IPv{0}")
  @ValueSource(ints = {4, 6})
  void servers_stay_in_reach(int family) throws Exception {
    IpAddress server = IpAddress.parse(lab().b.own(family));
    assertThat(lab().b.say("serve 53")).matches("ok|no: .*in use.*");
    var view =
        new HostView(
            List.of(server),
            List.of(),
            List.of(),
            List.of(),
            Map.of(),
            List.of(new HostView.Endpoint(server, 81)),
            List.of(),
            List.of());
    var unused = engine(lab().a).apply(TestPolicies.of("require any <> any"), view);
    assertThat(toPeer(family, 81)).isTrue();
    assertThat(notToPeer(family, 80)).isTrue();
    assertThat(notFromPeer(family, 81)).isTrue();
    String own = lab().a.own(family);
    assertThat(lab().a.say("ask " + own + " 7777 " + server + " 53")).isEqualTo("ok");
    assertThat(lab().a.cannot("ask " + own + " 7777 " + server + " 9000")).isTrue();
  }

  @Test
  void what_a_gateway_must_secure_is_not_forwarded_and_what_it_cannot_tell_is_said()
      throws Exception {
    EspLab.Behind behind = lab().behind(lab().c, 7);
    assertThat(lab().b.reaches(lab().b.v4, behind.v4, 80)).isTrue();
    ApplyOutcome outcome =
        engine(lab().c)
            .apply(
                TestPolicies.of(
                    "require 10.68.7.0/24 > any via " + lab().b.v4,
                    "require any > 10.68.7.0/24 via " + lab().c.v4,
                    "block any > me#81 tcp"),
                HostView.NONE);
    assertThat(outcome.rules())
        .extracting(rule -> rule.state())
        .containsExactly(State.NOT_NEGOTIATED, State.NOT_NEGOTIATED, State.NOT_ENFORCED);
    lab().b.settled().clear();
    assertThat(lab().b.cannotReach(lab().b.v4, behind.v4, 80)).isTrue();
    assertThat(behind.cannotReach(behind.v4, lab().b.v4, 80)).isTrue();
    assertThat(lab().b.settled().naming(behind.v4 + "."))
        .allMatch(line -> line.contains("> " + behind.v4));
    assertThat(lab().b.reaches(lab().c, 80)).isTrue();
    assertThat(lab().b.cannotReach(lab().c, 81)).isTrue();
  }

  @Test
  void what_holds_is_left_alone_and_what_somebody_changed_is_put_right() throws Exception {
    HostPolicy policy = TestPolicies.of("block any <> me#80 tcp", "require me <> any");
    XfrmEngine engine = engine(lab().a);
    assertThat(engine.apply(policy, HostView.NONE)).isInstanceOf(ApplyOutcome.Applied.class);
    assertThat(engine.apply(policy, HostView.NONE)).isInstanceOf(ApplyOutcome.Unchanged.class);
    assertThat(engine.needsAttention()).isFalse();
    assertThat(engine.observe().drifted()).isFalse();

    var unused = lab().a.in("ip xfrm policy flush");
    assertThat(engine.needsAttention()).isTrue();
    assertThat(engine.observe().differences()).anyMatch(line -> line.contains("action block"));
    assertThat(engine.apply(policy, HostView.NONE)).isInstanceOf(ApplyOutcome.Applied.class);
    assertThat(engine.observe().drifted()).isFalse();
    assertThat(notFromPeer(4, 80)).isTrue();
  }

  @Test
  void what_is_removed_is_ours_alone() throws Exception {
    String theirs = "src 10.99.0.1/32 dst 10.99.0.2/32 dir out priority 7 action block";
    var added = lab().a.in("ip xfrm policy add " + theirs);
    String before = lab().a.in("ip xfrm policy");
    XfrmEngine engine = enforcing("block any <> any");
    assertThat(lab().a.in("ip xfrm policy")).isNotEqualTo(before);
    assertThat(engine.apply(HostPolicy.EMPTY, HostView.NONE))
        .isInstanceOf(ApplyOutcome.Applied.class);
    assertThat(lab().a.in("ip xfrm policy")).isEqualTo(before);

    assertThat(engine.apply(TestPolicies.of("block any <> any"), HostView.NONE))
        .isInstanceOf(ApplyOutcome.Applied.class);
    engine.removeAll();
    assertThat(lab().a.in("ip xfrm policy")).isEqualTo(before);
    assertThat(fromPeer(4, 80)).isTrue();
    var unused = lab().a.in("ip xfrm policy flush");
  }

  /// With an nft that cannot work.
  private void boot() throws Exception {
    Path nft = Files.writeString(run.resolve("nft"), "#!/bin/sh\nexit 1\n");
    assertThat(nft.toFile().setExecutable(true)).isTrue();
    Path loader = Path.of("../packaging/reeve-boot").toAbsolutePath();
    String line = "PATH=%1$s:$PATH REEVE_RUN=%1$s REEVE_STATE=%1$s %2$s load || :";
    var words = lab().a.within("sh", "-c", line.formatted(run, loader));
    assertThat(EspLab.run("", words.toArray(String[]::new))).contains("blocking all traffic");
    assertThat(blocked()).isTrue();
  }

  private boolean blocked() {
    return lab().a.in("ip xfrm policy getdefault").contains("block");
  }

  @ParameterizedTest(name = "then {1}, by {0}")
  @CsvSource({
    "xfrm, no policy",
    "xfrm, block any <> me#80 tcp",
    "linux, no policy",
    "linux, block any <> me#80 tcp"
  })
  void what_reeve_boot_blocked_passes_when_the_policy_is_known(String which, String rule)
      throws Exception {
    boolean none = rule.equals("no policy");
    HostPolicy policy = none ? HostPolicy.EMPTY : TestPolicies.of(rule);
    IpsecEngine inner = which.equals("xfrm") ? engine(lab().a) : lab().a.engine;
    var engine = new BootBlock(inner, xfrm(lab().a), run.resolve("blocked"));
    boot();
    assertThat(engine.needsAttention()).as("nothing is known yet").isFalse();
    for (int family : new int[] {4, 6}) {
      assertThat(notToPeer(family, 80)).isTrue();
      assertThat(notFromPeer(family, 81)).isTrue();
    }
    assertThat(engine.apply(policy, HostView.NONE))
        .isInstanceOfSatisfying(
            ApplyOutcome.Applied.class,
            applied -> assertThat(applied.steps()).last().asString().contains("reeve-boot"));
    assertThat(engine.apply(policy, HostView.NONE)).isInstanceOf(ApplyOutcome.Unchanged.class);
    lab().a.ip("neigh flush dev eth0");
    for (int family : new int[] {4, 6}) {
      assertThat(toPeer(family, 80)).isTrue();
      assertThat(none ? fromPeer(family, 80) : notFromPeer(family, 80)).isTrue();
      assertThat(fromPeer(family, 81)).isTrue();
    }

    boot(); // somebody asks for the rules of boot again
    assertThat(engine.needsAttention()).isTrue();
    assertThat(engine.apply(HostPolicy.EMPTY, HostView.NONE))
        .isInstanceOf(ApplyOutcome.Applied.class);
    assertThat(engine.needsAttention()).isFalse();
    lab().a.ip("neigh flush dev eth0");
    for (int family : new int[] {4, 6}) assertThat(fromPeer(family, 80)).isTrue();
  }

  @Test
  void what_an_administrator_blocks_by_default_stays() throws Exception {
    var unused = lab().a.in("ip xfrm policy setdefault in block");
    assertThat(engine(lab().a).apply(HostPolicy.EMPTY, HostView.NONE))
        .isInstanceOf(ApplyOutcome.Unchanged.class);
    assertThat(blocked()).isTrue();
  }

  /// The first engine of a later life of the agent, which has negotiated nothing yet; or never
  /// does.
  @ParameterizedTest(name = "nft is there again, may negotiate {0}")
  @ValueSource(booleans = {true, false})
  void with_nft_there_again_its_gate_takes_over(boolean negotiates) throws Exception {
    HostPolicy policy = TestPolicies.of("block any <> me#80 tcp");
    var unused = enforcing("block any <> me#80 tcp", "require me <> any");
    var later =
        negotiates
            ? Unreachable.engine(lab().a, new int[] {-1})
            : new LinuxEngine(Nft.by(lab().a.within("nft")), xfrm(lab().a));
    ApplyOutcome outcome = later.apply(policy, HostView.NONE);
    assertThat(outcome)
        .isInstanceOfSatisfying(
            ApplyOutcome.Applied.class,
            applied -> {
              assertThat(applied.steps()).hasSize(2);
              assertThat(applied.steps().getFirst()).startsWith("load table inet reeve");
              assertThat(applied.steps().getLast()).startsWith("set 0 XFRM policies, delete ");
            });
    assertThat(xfrm(lab().a).policies()).isEmpty();
    assertThat(later.apply(policy, HostView.NONE)).isInstanceOf(ApplyOutcome.Unchanged.class);
    assertThat(notFromPeer(4, 80)).isTrue();
    assertThat(fromPeer(4, 81)).isTrue();
  }

  @Test
  void and_what_was_dropped_is_secured() throws Exception {
    var unused = enforcing("require me <> any");
    assertThat(notToPeer(4, 80)).isTrue();
    applyToBoth(TestPolicies.of("require me <> any"));
    for (int family : new int[] {4, 6}) {
      assertThat(toPeer(family, 80)).as(lab().a.log()).isTrue();
    }
    assertThat(xfrm(lab().a).policies())
        .noneMatch(policy -> policy.toString().contains("action block"));
    assertThat(lab().b.settled().seen(Kind.CLEAR)).isEmpty();
  }
}
