package dev.reeve.agent;

import static dev.reeve.agent.TestBundles.content;
import static dev.reeve.agent.TestBundles.manifest;
import static dev.reeve.agent.TestBundles.policy;
import static dev.reeve.agent.TestBundles.policyBytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.model.spd.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// A store that is there and cannot be read opens nothing.
class AgentLoopStoresTest extends SteppedLoop {

  private void persistent(String name) throws IOException {
    store(Store.PERSISTENT, Optional.of(name));
  }

  private void torn() throws IOException {
    Files.writeString(directory.resolve("stores/persistent.json"), "{");
  }

  @Test
  void it_stays_as_it_was_read_last_now_and_for_the_next_boot() throws IOException {
    persistent("P");
    arrives(manifest(1, content(policyBytes("A"))), policyBytes("A"));
    after(Duration.ofSeconds(2));
    torn();
    arrives(manifest(2, content(policyBytes("B"))), policyBytes("B"));

    assertThat(engine.domain()).contains("B");
    assertThat(engine.holds.orElseThrow().persistent()).contains(policy("P"));
    assertThat(rules("boot/boot.nft")).isEqualTo("at boot: B");
    assertThat(lastReport().problems())
        .anyMatch(p ->
            p.startsWith("the persistent store cannot be read: ")
                && p.endsWith("; 'P', read before, stays in force"));

    store(Store.PERSISTENT, Optional.empty()); // removed
    after(Duration.ofSeconds(2));
    assertThat(engine.holds.orElseThrow().persistent()).isEmpty();
    assertThat(lastReport().problems()).noneMatch(p -> p.contains("store"));
  }

  @Test
  void so_it_does_across_a_start_while_the_policy_of_the_domain_goes_on() throws IOException {
    persistent("P");
    arrives(manifest(1, content(policyBytes("A"))), policyBytes("A"));
    after(Duration.ofSeconds(2));
    torn();
    loop = restarted(true);
    arrives(manifest(2, content(policyBytes("B"))), policyBytes("B"));

    assertThat(engine.domain()).contains("B");
    assertThat(engine.holds.orElseThrow().persistent()).contains(policy("P"));
    assertThat(lastReport().problems()).anyMatch(p -> p.endsWith("stays in force"));

    persistent("Q");
    after(Duration.ofSeconds(2));
    assertThat(engine.holds.orElseThrow().persistent()).contains(policy("Q"));
  }

  @Test
  void one_that_was_removed_is_not_remembered() throws IOException {
    persistent("P");
    after(Duration.ofSeconds(2));
    store(Store.PERSISTENT, Optional.empty());
    after(Duration.ofSeconds(2));
    torn();
    loop = restarted(true);
    arrives(manifest(1, content(policyBytes("A"))), policyBytes("A"));

    assertThat(engine.domain()).contains("A");
    assertThat(engine.holds.orElseThrow().persistent()).isEmpty();
    assertThat(lastReport().problems())
        .anyMatch(p -> p.endsWith("; it held no policy when it was read before, if ever"));
  }

  @Test
  void without_room_for_a_copy_what_was_read_last_stays_all_the_same() throws IOException {
    Files.writeString(directory.resolve("stores-last"), "in the way");
    persistent("P");
    arrives(manifest(1, content(policyBytes("A"))), policyBytes("A"));
    after(Duration.ofSeconds(2));
    torn();
    after(Duration.ofSeconds(2));
    assertThat(engine.holds.orElseThrow().persistent()).contains(policy("P"));

    persistent("P");
    Files.delete(directory.resolve("stores-last"));
    after(Duration.ofSeconds(2));
    torn();
    loop = restarted(true);
    assertThat(engine.holds.orElseThrow().persistent()).contains(policy("P"));
  }
}
