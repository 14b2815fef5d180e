package dev.reeve.agent;

import static dev.reeve.agent.TestBundles.content;
import static dev.reeve.agent.TestBundles.manifest;
import static dev.reeve.agent.TestBundles.policyBytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.model.bundle.Digest;
import dev.reeve.model.bundle.HostSecrets;
import dev.reeve.model.bundle.Manifest;
import dev.reeve.model.ipsec.SealedSecret;
import dev.reeve.model.spd.Store;
import dev.reeve.model.status.ApplyOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/// What the loop does when the kernel does not hold what was asked for, or may not any more.
class AgentLoopRepairTest extends SteppedLoop {

  @Test
  void what_other_secrets_make_the_engine_do_is_no_drift() {
    byte[] secrets =
        new HostSecrets(Map.of(Digest.of(new byte[] {1}), SealedSecret.ofBytes(new byte[] {2})))
            .toBytes();
    Manifest plain = manifest(1, content(policyBytes("A")));
    arrives(plain, policyBytes("A"));
    engine.holds = Optional.empty(); // a rule can be negotiated now
    arrives(
        new Manifest(
            plain.host(),
            plain.version().next(),
            plain.computer(),
            plain.issued(),
            plain.expires(),
            plain.policy(),
            plain.persistent(),
            plain.settings(),
            plain.provenance(),
            Optional.of(Digest.of(secrets)),
            Optional.empty(),
            Optional.empty()),
        policyBytes("A"),
        secrets);
    assertThat(engine.domain()).contains("A");
    assertThat(lastReport().problems()).isEmpty();
    assertThat(loop.state().kept().current().orElseThrow().secrets().sealed()).hasSize(1);

    engine.holds = Optional.empty(); // somebody else did that
    after(Duration.ofSeconds(60));
    assertThat(lastReport().problems()).anyMatch(p -> p.contains("repaired"));
  }

  @Test
  void what_other_peers_make_the_engine_do_is_no_drift_and_no_change_of_policy() {
    arrives(manifest(1, content(policyBytes("A"))), policyBytes("A"));
    after(Duration.ofSeconds(10));
    arrives(manifest(2, content(policyBytes("B"))), policyBytes("B"));
    Map<Store, Instant> changed = sight().changed();
    assertThat(changed).containsExactly(Map.entry(Store.DOMAIN, now));

    engine.otherPeers = true;
    engine.holds = Optional.empty(); // a peer is let in
    after(Duration.ofSeconds(10));

    assertThat(engine.domain()).contains("B");
    assertThat(lastReport().problems()).isEmpty();
    assertThat(sight().changed()).isEqualTo(changed);
  }

  @Test
  void an_engine_that_fails_is_reported_and_retried_ever_more_slowly() {
    engine.broken = true;
    arrives(manifest(1, content(policyBytes("A"))), policyBytes("A"));
    assertThat(lastReport().outcome()).isEqualTo("failed");
    assertThat(lastReport().detail()).contains("the kernel says no");
    int before = engine.asked.size();
    for (int second = 0; second < 3600; second++) after(Duration.ofSeconds(1));
    assertThat(engine.asked.size() - before).isBetween(10, 25);
    engine.broken = false;
    after(Duration.ofMinutes(5));
    assertThat(engine.domain()).contains("A");
    assertThat(lastReport().outcome()).isEqualTo("applied");
  }

  @Test
  void drift_that_the_engine_notices_is_repaired_at_the_next_look_and_reported() {
    arrives(manifest(1, content(policyBytes("A"))), policyBytes("A"));
    engine.holds = Optional.empty(); // somebody deleted our table
    engine.changed = true;
    after(Duration.ofSeconds(2));
    assertThat(engine.domain()).contains("A");
    assertThat(lastReport().problems()).anyMatch(p -> p.contains("repaired"));
  }

  @Test
  void others_who_change_their_own_tables_all_the_time_cost_one_compare_a_look() {
    arrives(manifest(1, content(policyBytes("A"))), policyBytes("A"));
    int compared = engine.asked.size();
    int reported = reports.size();
    for (int half = 0; half < 20; half++) {
      engine.changed = true;
      after(Duration.ofMillis(500));
    }
    assertThat(engine.asked).hasSize(compared + 5);
    assertThat(reports).hasSize(reported);
    assertThat(lastReport().problems()).isEmpty();
  }

  @Test
  void drift_that_nothing_tells_of_is_repaired_within_a_minute_and_reported() {
    arrives(manifest(1, content(policyBytes("A"))), policyBytes("A"));
    engine.holds = Optional.empty(); // somebody flushed the ruleset
    after(Duration.ofSeconds(59));
    assertThat(engine.domain()).isEmpty();
    after(Duration.ofSeconds(1));
    assertThat(engine.domain()).contains("A");
    assertThat(lastReport().problems()).anyMatch(p -> p.contains("repaired"));
  }

  @Test
  void a_check_that_is_asked_for_repairs_at_once() {
    arrives(manifest(1, content(policyBytes("A"))), policyBytes("A"));
    engine.holds = Optional.empty();
    var check = new AgentEvent.CheckAsked(new CompletableFuture<>());
    loop.handle(check);
    assertThat(check.reply().join()).containsInstanceOf(ApplyOutcome.Applied.class);
    assertThat(engine.domain()).contains("A");
  }

  @Test
  void a_new_address_is_applied_and_the_server_asked_anew() {
    arrives(manifest(1, content(policyBytes("A"))), policyBytes("A"));
    int before = engine.asked.size();
    links = 42;
    after(Duration.ofSeconds(2));
    assertThat(linkChanges).isEqualTo(1);
    assertThat(engine.asked).hasSize(before + 1);
  }

  @Test
  void the_pause_between_retries_is_bounded() {
    assertThat(AgentLoop.retryPause(1)).isEqualTo(Duration.ofSeconds(1));
    assertThat(AgentLoop.retryPause(4)).isEqualTo(Duration.ofSeconds(8));
    assertThat(AgentLoop.retryPause(30)).isEqualTo(Duration.ofMinutes(5));
  }
}
