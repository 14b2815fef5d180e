package dev.reeve.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.reeve.engine.esp.Pki;
import dev.reeve.engine.ike.IkeChild;
import dev.reeve.engine.ike.IkeState;
import dev.reeve.engine.negotiate.Means;
import dev.reeve.engine.nft.NftTable;
import dev.reeve.engine.plan.EnginePlan;
import dev.reeve.engine.plan.EngineStep;
import dev.reeve.engine.plan.Installed;
import dev.reeve.engine.plan.Wanted;
import dev.reeve.engine.xfrm.OwnAddress;
import dev.reeve.engine.xfrm.XfrmPolicy;
import dev.reeve.model.net.IpAddress;
import dev.reeve.model.net.IpFamily;
import dev.reeve.model.spd.HostPolicy;
import dev.reeve.model.spd.HostView;
import dev.reeve.model.spd.SymbolicSpd;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class TransitionTest {

  /// Each a policy and the one after it.
  private static final List<List<List<String>>> CHANGES =
      List.of(
          List.of(List.of("block any <> me#23 tcp"), List.of("block any <> me#80 tcp")),
          List.of(List.of("block any <> me#23 tcp"), List.of("require me <> 10.1.0.0/16")),
          List.of(
              List.of("require me <> 10.1.0.0/16"),
              List.of("block any <> me#23 tcp", "require me <> 2001:db8:1::/48")),
          List.of(
              List.of("require me <> 10.1.0.0/16", "request me <> 10.2.0.0/16"),
              List.of("request me <> 10.1.0.0/16", "permit me <> 10.3.0.0/16")),
          List.of(List.of("require me <> 10.1.0.0/16"), List.of("block any <> me#23 tcp")),
          List.of(List.of("require me <> 10.1.0.0/16"), List.of()));

  private static HostPolicy policy(List<String> rules) {
    return rules.isEmpty() ? HostPolicy.EMPTY : TestPolicies.of(rules.toArray(String[]::new));
  }

  private static Wanted withoutGate(String... rules) {
    HostPolicy policy = policy(List.of(rules));
    var spd = SymbolicSpd.of(policy).resolve(HostView.NONE);
    return Wanted.withoutGate(policy, spd, HostView.NONE, Means.none("there is no nft"));
  }

  private static Wanted wanted(List<String> rules) {
    HostPolicy policy = policy(rules);
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

  /// Every step of every change.
  static Stream<Arguments> steps() {
    return CHANGES.stream()
        .flatMap(change -> {
          Wanted before = wanted(change.getFirst());
          Wanted after = wanted(change.getLast());
          List<EngineStep> steps = EnginePlan.between(Installed.asDone(before), after);
          return IntStream.range(0, steps.size())
              .mapToObj(i -> arguments(change + ": " + steps.get(i), before, after, i));
        });
  }

  /// A kernel and a charon that fail at some steps, half of which they have done then.
  private static final class FakeHost implements Transition.Host {
    private Optional<NftTable> gate;
    private final Map<XfrmPolicy.Key, XfrmPolicy> policies = new HashMap<>();
    private final Map<String, List<String>> connections;
    private final List<EngineStep> done = new ArrayList<>();
    private final Set<Integer> failing;
    private int asked;

    FakeHost(Wanted before, Set<Integer> failing) {
      Installed held = Installed.asDone(before);
      this.gate = held.gate();
      held.policies().forEach(policy -> policies.put(policy.key(), policy));
      this.connections = new HashMap<>(held.ike().connections());
      this.failing = failing;
    }

    @Override
    public Installed read() {
      return new Installed(
          gate,
          policies.values().stream().sorted().toList(),
          Set.of(),
          true,
          new IkeState(connections, Set.of(), List.of(), Set.of()));
    }

    @Override
    public void carryOut(EngineStep step) throws EngineException {
      boolean fails = failing.contains(asked++);
      switch (step) {
        case EngineStep.ChangePolicies(var updates, var deletions) -> {
          updates.forEach(policy -> policies.put(policy.key(), policy));
          if (!fails) deletions.forEach(policy -> policies.remove(policy.key()));
        }
        case EngineStep.LoadGate(var table) when !fails -> gate = Optional.of(table);
        case EngineStep.RemoveGate _ when !fails -> gate = Optional.empty();
        case EngineStep.LoadConnection(var connection) when !fails ->
            connections.put(
                connection.name(), connection.children().stream().map(IkeChild::name).toList());
        case EngineStep.UnloadConnection(var name) when !fails -> connections.remove(name);
        default -> {}
      }
      if (fails) throw new EngineException("injected", new IOException("injected"));
      done.add(step);
    }
  }

  private static Transition.Result.Failed change(FakeHost host, Wanted before, Wanted after) {
    List<EngineStep> steps = EnginePlan.between(host.read(), after);
    var result = new Transition(host, Optional.of(before)).make(steps, after);
    assertThat(result).isInstanceOf(Transition.Result.Failed.class);
    return (Transition.Result.Failed) result;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("steps")
  void whichever_step_fails_the_state_before_is_whole_again(
      String name, Wanted before, Wanted after, int failing) {
    var host = new FakeHost(before, Set.of(failing));
    Installed held = host.read();
    Transition.Result.Failed failed = change(host, before, after);

    assertThat(host.read()).as(name).isEqualTo(held);
    assertThat(failed.detail())
        .startsWith("injected; ")
        .containsAnyOf("rolled back to the policy before", "the policy before still holds");
    assertThat(name).endsWith(failed.step());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("steps")
  void the_gate_gives_way_only_to_a_policy_that_is_whole_again(
      String name, Wanted before, Wanted after, int failing) {
    var host = new FakeHost(before, Set.of(failing));
    Transition.Result.Failed unused = change(host, before, after);
    List<EngineStep> back = host.done.subList(failing, host.done.size());
    for (int i = 0; i < back.size() - 1; i++) {
      assertThat(back.get(i)).as(name).isNotInstanceOf(EngineStep.LoadGate.class);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("steps")
  void when_the_way_back_fails_too_the_gate_stays_and_that_is_said(
      String name, Wanted before, Wanted after, int failing) {
    var allFromThere = new HashSet<Integer>();
    for (int i = failing; i < 100; i++) allFromThere.add(i);
    var host = new FakeHost(before, allFromThere);
    Transition.Result.Failed failed = change(host, before, after);

    boolean untouched = failed.detail().contains("the policy before still holds");
    if (!untouched) assertThat(failed.detail()).contains("failed too", "the gate stays as it is");
    boolean loaded = host.done.stream().anyMatch(step -> step instanceof EngineStep.LoadGate);
    assertThat(host.gate).as(name).isEqualTo(loaded ? after.gate().table() : before.gate().table());
  }

  @Test
  void going_back_never_opens_a_host_that_had_no_policy() {
    Wanted open = wanted(List.of());
    Wanted after = wanted(List.of("require me <> 10.1.0.0/16"));
    var host = new FakeHost(open, Set.of(1));
    Transition.Result.Failed failed = change(host, open, after);
    assertThat(host.gate).isEqualTo(after.gate().table());
    assertThat(failed.detail()).contains("the gate of the new one stays");
  }

  @Test
  void nor_where_the_kernels_policies_are_all_that_blocks() {
    Wanted open = withoutGate();
    var host = new FakeHost(open, Set.of(0));
    Transition.Result.Failed failed = change(host, open, withoutGate("require any <> any"));
    assertThat(host.read().policies())
        .anyMatch(policy -> policy.action() == XfrmPolicy.Action.Block.BLOCK);
    assertThat(failed.detail()).contains("what was done of the new one stays");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          block any <> 10.9.0.1     | require any <> any
          permit any <> 10.9.0.0/16 | request any <> 10.9.0.5
          block any <> 10.9.0.0/16  | permit any <> 10.9.0.5
          """)
  void without_a_gate_too_the_state_before_is_whole_again(String rule, String next) {
    Wanted before = withoutGate(rule);
    var host = new FakeHost(before, Set.of(0));
    Installed held = host.read();
    Transition.Result.Failed failed = change(host, before, withoutGate(next));
    assertThat(host.read()).isEqualTo(held);
    assertThat(failed.detail()).contains("rolled back to the policy before");
  }

  @Test
  void without_a_state_before_what_was_done_stays() {
    Wanted after = wanted(List.of("require me <> 10.1.0.0/16"));
    var host = new FakeHost(wanted(List.of()), Set.of(1));
    var result =
        new Transition(host, Optional.empty()).make(EnginePlan.between(host.read(), after), after);
    assertThat(result)
        .isInstanceOfSatisfying(
            Transition.Result.Failed.class,
            failed -> assertThat(failed.detail()).contains("nothing is known to go back to"));
    assertThat(host.gate).isEqualTo(after.gate().table());
  }
}
