package dev.reeve.agent;

import static dev.reeve.agent.TestBundles.content;
import static dev.reeve.agent.TestBundles.manifest;
import static dev.reeve.agent.TestBundles.policyBytes;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// The files of rules for the next boot.
class AgentLoopBootTest extends SteppedLoop {

  @Test
  void the_rules_for_boot_follow_the_policy_and_the_ones_before_are_kept() throws IOException {
    assertThat(rules("boot/boot.nft")).as("nothing is known yet").isEqualTo("none");
    arrives(manifest(1, content(policyBytes("A"))), policyBytes("A"));
    arrives(manifest(2, content(policyBytes("B"))), policyBytes("B"));
    assertThat(rules("boot/boot.nft")).isEqualTo("at boot: B");
    assertThat(rules("boot/boot.nft.previous")).isEqualTo("at boot: A");
    assertThat(rules("run/gate.nft")).isEqualTo("now: B");
  }

  @Test
  void what_could_not_be_applied_is_for_boot_alone() throws IOException {
    arrives(manifest(1, content(policyBytes("A"))), policyBytes("A"));
    engine.broken = true;
    arrives(manifest(2, content(policyBytes("B"))), policyBytes("B"));
    assertThat(rules("boot/boot.nft")).isEqualTo("at boot: B");
    assertThat(rules("run/gate.nft")).isEqualTo("now: A");
  }

  @Test
  void rules_that_cannot_be_kept_are_a_problem_until_they_are() throws IOException {
    engine.refusesBootRules = true;
    arrives(manifest(1, content(policyBytes("A"))), policyBytes("A"));
    assertThat(lastReport().outcome()).isEqualTo("applied");
    assertThat(lastReport().problems())
        .contains("the rules for the next boot are older than the policy: no such table");
    engine.refusesBootRules = false;
    after(Duration.ofSeconds(60));
    assertThat(lastReport().problems()).isEmpty();
    assertThat(rules("boot/boot.nft")).isEqualTo("at boot: A");
  }
}
