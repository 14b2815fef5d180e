package dev.reeve.agent;

import static dev.reeve.agent.TestBundles.content;
import static dev.reeve.agent.TestBundles.manifest;
import static dev.reeve.agent.TestBundles.policy;
import static dev.reeve.agent.TestBundles.policyBytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.agent.disk.LocalStores;
import dev.reeve.model.spd.Store;
import dev.reeve.model.status.ApplyOutcome;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// A store that is there and cannot be read opens nothing.
class AgentLoopStoresTest extends SteppedLoop {

  private static final LocalStores TORN =
      new LocalStores(
          Optional.empty(),
          Optional.empty(),
          Map.of(Store.PERSISTENT, "the persistent store cannot be read: torn"));

  private static LocalStores persistent(String name) {
    return new LocalStores(Optional.empty(), Optional.of(policy(name)), Map.of());
  }

  @Test
  void it_stays_as_it_was_read_last_now_and_for_the_next_boot() throws IOException {
    stores = persistent("P");
    arrives(manifest(1, content(policyBytes("A"))), policyBytes("A"));
    after(Duration.ofSeconds(2));
    stores = TORN;
    arrives(manifest(2, content(policyBytes("B"))), policyBytes("B"));

    assertThat(engine.domain()).contains("B");
    assertThat(engine.holds.orElseThrow().persistent()).contains(policy("P"));
    assertThat(rules("boot/boot.nft")).isEqualTo("at boot: B");
    assertThat(lastReport().problems()).anyMatch(p -> p.endsWith("torn"));

    stores = LocalStores.NONE; // removed
    after(Duration.ofSeconds(2));
    assertThat(engine.holds.orElseThrow().persistent()).isEmpty();
    assertThat(lastReport().problems()).noneMatch(p -> p.endsWith("torn"));
  }

  @Test
  void at_a_start_what_the_kernel_holds_stays_until_it_can_be_read() throws IOException {
    stores = persistent("P");
    arrives(manifest(1, content(policyBytes("A"))), policyBytes("A"));
    int asked = engine.asked.size();
    stores = TORN;
    loop = restarted(true);
    after(Duration.ofSeconds(60));

    assertThat(engine.asked).hasSize(asked);
    assertThat(loop.state().outcome())
        .get()
        .isInstanceOfSatisfying(
            ApplyOutcome.Failed.class,
            failed ->
                assertThat(failed.detail())
                    .isEqualTo(
                        "the persistent store cannot be read: torn; what the kernel holds stays"
                            + " until it can be read or is removed"));

    stores = persistent("Q");
    after(Duration.ofSeconds(2));
    assertThat(engine.domain()).contains("A");
    assertThat(engine.holds.orElseThrow().persistent()).contains(policy("Q"));
  }
}
