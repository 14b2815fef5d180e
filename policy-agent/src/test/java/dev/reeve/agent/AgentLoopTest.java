package dev.reeve.agent;

import static dev.reeve.agent.TestBundles.EPOCH;
import static dev.reeve.agent.TestBundles.NOON;
import static dev.reeve.agent.TestBundles.content;
import static dev.reeve.agent.TestBundles.manifest;
import static dev.reeve.agent.TestBundles.policy;
import static dev.reeve.agent.TestBundles.policyBytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.model.bundle.Part;
import dev.reeve.model.bundle.Refusal;
import dev.reeve.model.spd.HostPolicy;
import dev.reeve.model.spd.Store;
import dev.reeve.model.status.ApplyOutcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Which policy the loop takes, keeps and puts in force.
class AgentLoopTest extends SteppedLoop {

  @Test
  void a_store_that_changed_is_taken_up_at_the_next_look() throws IOException {
    loop = restarted(false);
    store(Store.LOCAL, Optional.of("Local"));
    after(Duration.ofSeconds(2));
    assertThat(engine.asked.getLast().local()).contains(policy("Local"));
    store(Store.LOCAL, Optional.empty());
    after(Duration.ofSeconds(2));
    assertThat(engine.asked.getLast().local()).isEmpty();
  }

  @Test
  void a_bundle_is_admitted_kept_applied_and_reported() {
    var outcome =
        (PollOutcome.Arrived) arrives(manifest(1, content(policyBytes("A"))), policyBytes("A"));
    assertThat(outcome.news()).isTrue();
    assertThat(outcome.outcome()).isInstanceOf(ApplyOutcome.Applied.class);
    assertThat(engine.domain()).contains("A");
    assertThat(lastReport().running()).isEqualTo(EPOCH + "/1");
    assertThat(lastReport().outcome()).isEqualTo("applied");
  }

  @Test
  void after_a_restart_the_cached_policy_is_in_force_before_anybody_is_asked() throws IOException {
    arrives(manifest(1, content(policyBytes("A"))), policyBytes("A"));
    engine.holds = Optional.empty();
    loop = restarted(true);
    assertThat(engine.domain()).contains("A");
  }

  @Test
  void an_expired_policy_stays_in_force_and_that_is_said() throws IOException {
    arrives(manifest(1, content(policyBytes("A"))), policyBytes("A"));
    now = NOON.plus(Duration.ofDays(365));
    engine.holds = Optional.empty();
    loop = restarted(true);
    assertThat(engine.domain()).contains("A");
    assertThat(lastReport().problems()).anyMatch(p -> p.contains("expired"));
  }

  @Test
  void a_refused_bundle_leaves_the_last_good_one_and_is_reported() {
    arrives(manifest(5, content(policyBytes("A"))), policyBytes("A"));
    PollOutcome outcome = arrives(manifest(4, content(policyBytes("B"))), policyBytes("B"));
    assertThat(outcome)
        .isEqualTo(new PollOutcome.Refused(Refusal.ROLLED_BACK, "have 5, offered 4"));
    assertThat(engine.domain()).contains("A");
    assertThat(lastReport().refused()).containsExactly("ROLLED_BACK: have 5, offered 4");
    assertThat(loop.state().etag()).isEqualTo("\"5\"");
  }

  @Test
  void the_same_refusal_again_is_counted_and_not_reported_again() {
    for (int i = 0; i < 5; i++) {
      arrives(manifest(1, content(policyBytes("A")))); // without its policy
    }
    assertThat(loop.state().refusals().values()).containsExactly(5);
    assertThat(reports.stream().filter(r -> !r.refused().isEmpty())).hasSize(1);
  }

  @Test
  void a_refusal_is_past_once_the_server_says_something_useful() {
    arrives(manifest(1, content(policyBytes("A"))));
    loop.handle(
        new AgentEvent.ServerState(Contact.none(NOON, "").answered("s", NOON, Optional.empty())));
    assertThat(lastReport().refused()).isEmpty();
  }

  @Test
  void unknown_keeps_the_policy() {
    arrives(manifest(1, content(policyBytes("A"))), policyBytes("A"));
    arrives(manifest(2, Part.Unknown.UNKNOWN));
    assertThat(engine.domain()).contains("A");
    assertThat(loop.state().running().orElseThrow().number()).isEqualTo(2);
  }

  @Test
  void unassigned_withdraws_it() {
    arrives(manifest(1, content(policyBytes("A"))), policyBytes("A"));
    arrives(manifest(2, Part.None.NONE));
    assertThat(engine.holds).contains(HostPolicy.EMPTY);
  }

  @Test
  void unassigned_gives_way_to_the_local_store() throws IOException {
    store(Store.LOCAL, Optional.of("L"));
    arrives(manifest(1, content(policyBytes("A"))), policyBytes("A"));
    assertThat(engine.holds.orElseThrow().active()).contains(policy("A"));
    arrives(manifest(2, Part.None.NONE));
    assertThat(engine.holds.orElseThrow().active()).contains(policy("L"));
  }

  @Test
  void a_host_that_never_joined_lives_on_its_local_stores() throws IOException {
    store(Store.LOCAL, Optional.of("L"));
    store(Store.PERSISTENT, Optional.of("P"));
    loop = restarted(false);
    assertThat(engine.holds.orElseThrow().active()).contains(policy("L"));
    assertThat(engine.holds.orElseThrow().persistent()).contains(policy("P"));
  }

  @Test
  void a_fault_fails_the_apply_alone_and_is_tried_again_at_the_pace_of_failures()
      throws IOException {
    arrives(manifest(1, content(policyBytes("A"))), policyBytes("A"));
    fault = Optional.of(new IllegalArgumentException("port 99999"));
    loop = restarted(true);
    assertThat(loop.state().outcomeWord()).isEqualTo("failed");
    assertThat(loop.state().outcomeDetail())
        .isEqualTo(
            "agent: a fault, please report it: java.lang.IllegalArgumentException: port 99999");
    int reported = reports.size();
    after(Duration.ofMillis(900));
    assertThat(reports).hasSize(reported);

    int asked = engine.asked.size();
    fault = Optional.empty();
    after(Duration.ofMillis(100));
    assertThat(engine.asked).hasSize(asked + 1);
    assertThat(loop.state().outcomeWord()).isEqualTo("unchanged");
  }

  @Test
  void a_host_that_joined_and_knows_nothing_leaves_the_kernel_alone() {
    assertThat(engine.asked).isEmpty();
    assertThat(lastReport().detail()).contains("left as it is");
  }

  @Test
  void a_torn_cache_opens_nothing_and_is_reported() throws IOException {
    arrives(manifest(3, content(policyBytes("A"))), policyBytes("A"));
    Files.writeString(directory.resolve("bundles/index.json"), "{\"v\":1");
    loop = restarted(true);
    assertThat(engine.domain()).contains("A");
    assertThat(lastReport().problems()).anyMatch(p -> p.startsWith("cache refused"));
    assertThat(arrives(manifest(2, Part.None.NONE))).isInstanceOf(PollOutcome.Refused.class);
    assertThat(arrives(manifest(3, content(policyBytes("A"))), policyBytes("A")))
        .isInstanceOf(PollOutcome.Arrived.class);
  }

  @Test
  void what_cannot_be_kept_is_not_applied() throws IOException {
    arrives(manifest(1, content(policyBytes("A"))), policyBytes("A"));
    Path index = directory.resolve("bundles/index.json");
    Files.delete(index);
    Files.createDirectories(index.resolve("in-the-way")); // no rename gets past this
    PollOutcome outcome = arrives(manifest(2, content(policyBytes("B"))), policyBytes("B"));
    assertThat(outcome).isInstanceOf(PollOutcome.Failed.class);
    assertThat(engine.domain()).contains("A");
    assertThat(lastReport().refused()).anyMatch(r -> r.startsWith("NOT_KEPT"));
    assertThat(loop.state().gate().orElseThrow().floor().number()).isEqualTo(1);
  }

  @Test
  void a_bundle_is_confirmed_by_an_answer_that_came_after_it_was_applied() {
    arrives(manifest(1, content(policyBytes("A"))), policyBytes("A"));
    var none = Contact.none(NOON, "");
    loop.handle(new AgentEvent.ServerState(none.answered("s", now, Optional.empty())));
    assertThat(loop.state().kept().currentIsConfirmed()).isFalse();
    loop.handle(
        new AgentEvent.ServerState(none.answered("s", now.plusSeconds(1), Optional.empty())));
    assertThat(loop.state().kept().currentIsConfirmed()).isTrue();
  }
}
