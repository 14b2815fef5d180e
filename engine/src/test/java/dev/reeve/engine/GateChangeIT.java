package dev.reeve.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.engine.nft.Nft;
import dev.reeve.model.spd.HostPolicy;
import dev.reeve.model.spd.HostView;
import dev.reeve.model.status.ApplyOutcome;
import dev.reeve.model.status.RuleStatus;
import dev.reeve.model.status.RuleStatus.State;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The gate in a real kernel while it changes: by a stranger's hand, and by ours.
class GateChangeIT extends InLab {

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          a rule in front  | insert rule inet reeve entries accept
          a rule more      | add rule inet reeve exempt tcp dport 80 accept
          rules deleted    | flush chain inet reeve entries
          table deleted    | delete table inet reeve
          flush ruleset    | flush ruleset
          a foreign chain  | add chain inet reeve other
          a counted rule   | insert rule inet reeve entries meta mark 7 accept
          element deleted  | delete element inet reeve m1 { 6 . 80 }
          element more     | add element inet reeve m1 { 6 . 22 : accept }
          dormant          | add table inet reeve { flags dormant ; }
          a foreign map    | add map inet reeve other { type inet_proto : verdict ; }
          """)
  void a_strangers_change_is_noticed_and_repaired(String name, String change)
      throws EngineException {
    LinuxEngine engine = enforcing("block any <> me#80 tcp, any <> me#81 tcp");
    assertThat(engine.observe().drifted()).isFalse();
    assertThat(engine.needsAttention()).isFalse();
    lab().host.run(change + "\n", "nft", "-f", "-");
    try {
      assertThat(engine.needsAttention()).isTrue();
      assertThat(engine.observe().differences()).as(name).isNotEmpty();
      assertThat(
              engine.apply(
                  TestPolicies.of("block any <> me#80 tcp, any <> me#81 tcp"), HostView.NONE))
          .isInstanceOf(ApplyOutcome.Applied.class);
      assertThat(engine.observe().drifted()).isFalse();
      assertThat(peerCannotReach(80)).isTrue();
    } finally {
      if (name.equals("flush ruleset")) lab().host.run(Lab.PUBLISHED, "nft", "-f", "-");
    }
  }

  /// Docker does so with every container that starts.
  @Test
  void what_others_change_in_their_own_tables_is_looked_at_once_and_repaired_never()
      throws EngineException {
    LinuxEngine engine = enforcing("block any <> me#80 tcp");
    lab().host.run("add table inet other\n", "nft", "-f", "-");
    try {
      assertThat(engine.needsAttention()).isTrue();
      assertThat(engine.apply(TestPolicies.of("block any <> me#80 tcp"), HostView.NONE))
          .isInstanceOf(ApplyOutcome.Unchanged.class);
      assertThat(engine.needsAttention()).isFalse();
    } finally {
      lab().host.run("delete table inet other\n", "nft", "-f", "-");
    }
  }

  /// As in a container, where nft is run in a way of its own.
  @Test
  void where_the_kernel_cannot_be_asked_nothing_is_noticed_before_the_compare()
      throws EngineException {
    HostPolicy policy = TestPolicies.of("block any <> me#80 tcp");
    var engine =
        new LinuxEngine(
            Nft.by(List.of("nsenter", "--net=/run/netns/" + lab().host.space, "nft")),
            lab().host.xfrm());
    assertThat(engine.apply(policy, HostView.NONE)).isInstanceOf(ApplyOutcome.Applied.class);
    lab().host.run("delete table inet reeve\n", "nft", "-f", "-");
    assertThat(engine.needsAttention()).isFalse();
    assertThat(engine.apply(policy, HostView.NONE)).isInstanceOf(ApplyOutcome.Applied.class);
  }

  @Test
  void other_tables_are_not_touched() throws EngineException {
    String before = lab().host.run("", "nft", "-s", "list", "ruleset");
    LinuxEngine engine = enforcing("block any <> me#80 tcp", "require me <> any");
    String during = lab().host.run("", "nft", "-s", "list", "ruleset");
    engine.removeAll();
    assertThat(during).startsWith(before.strip());
    assertThat(lab().host.run("", "nft", "-s", "list", "ruleset")).isEqualTo(before);
  }

  @Test
  void when_nft_fails_what_held_before_still_holds() throws EngineException {
    enforcing("block any <> me#80 tcp");
    var refusing =
        new LinuxEngine(
            Nft.by(
                List.of(
                    "sh",
                    "-c",
                    "case $1 in -f) echo 'Error: no memory'; exit 1;; esac;"
                        + " exec ip netns exec "
                        + lab().host.space
                        + " nft \"$@\"",
                    "nft")),
            lab().host.xfrm());
    var outcome = refusing.apply(TestPolicies.of("block any <> me#81 tcp"), HostView.NONE);

    assertThat(outcome)
        .isInstanceOfSatisfying(
            ApplyOutcome.Failed.class,
            failed -> {
              assertThat(failed.failedStep()).startsWith("load table inet reeve");
              assertThat(failed.detail()).contains("Error: no memory");
              assertThat(failed.rules())
                  .extracting(RuleStatus::state)
                  .containsExactly(State.FAILED);
            });
    assertThat(peerCannotReach(80)).isTrue();
    assertThat(peerReaches(81)).isTrue();
  }

  @Test
  void a_swap_lets_no_packet_through() throws EngineException {
    LinuxEngine engine = enforcing("block any <> me#9000 udp");
    long before = lab().host.count(9000);
    assertThat(lab().peer.can("flood 10.66.0.1 9000")).isTrue();
    for (int i = 0; i < 25; i++) {
      engine.apply(
          TestPolicies.of(
              "block any <> me#9000 udp", "require 10.66.0.4 <> me#" + (81 + i) + " tcp"),
          HostView.NONE);
    }
    assertThat(lab().host.count(9000)).isEqualTo(before);
    engine.removeAll();
    while (lab().host.count(9000) == before) Thread.onSpinWait(); // without the gate it leaks
    assertThat(Long.parseLong(lab().peer.say("stop"))).isGreaterThan(200);
  }
}
