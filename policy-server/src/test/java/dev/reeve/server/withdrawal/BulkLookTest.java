package dev.reeve.server.withdrawal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.model.bundle.HostId;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What the brake costs a large fleet.
class BulkLookTest {

  private static final Instant NOON = Instant.parse("2026-11-28T12:00:00Z");
  private static final int HOSTS = 20_000;
  private static final Parts POLICY = new Parts(true, false);
  private static final Parts PERSISTENT = new Parts(false, true);

  /// Every host has a policy, and none a persistent one, as usual.
  private static final class Counted implements PolicyMemory {
    final Map<HostId, Remembered> hosts = new LinkedHashMap<>();
    int finds;
    int reads;

    Counted() {
      for (int i = 0; i < HOSTS; i++) {
        var id = new HostId("%032x".formatted(i));
        hosts.put(id, new Remembered(id, "CN=" + i, POLICY, Optional.empty(), Optional.empty()));
      }
    }

    @Override
    public Optional<Remembered> find(HostId host) {
      finds++;
      return Optional.ofNullable(hosts.get(host));
    }

    @Override
    public List<Remembered> all() {
      reads++;
      return List.copyOf(hosts.values());
    }

    @Override
    public void confirm(Collection<HostId> confirmed, Instant when) {}

    @Override
    public void forgetConfirmation(Collection<HostId> confirmed) {}

    @Override
    public void remember(
        HostId host, Optional<Boolean> policy, Optional<Boolean> persistent, Instant when) {}
  }

  private final Counted memory = new Counted();
  private final WithdrawalBrake brake =
      new WithdrawalBrake(memory, BrakeRule.DEFAULT, InstantSource.fixed(NOON));

  private int held(long generation, Parts none) {
    int held = 0;
    var picture = new Fleet.Picture(generation, () -> _ -> none);
    for (HostId host : memory.hosts.keySet()) if (!brake.held(picture, host, none).isNone()) held++;
    return held;
  }

  @Test
  void a_change_that_withdraws_nothing_reads_the_fleet_once() {
    assertThat(held(1, PERSISTENT)).isZero();
    assertThat(memory.finds).isLessThanOrEqualTo(50);
    assertThat(memory.reads).isEqualTo(1);
  }

  @Test
  void a_change_that_withdraws_everything_reads_it_a_few_times_and_is_held() {
    assertThat(held(1, POLICY)).isEqualTo(HOSTS);
    assertThat(memory.finds).isLessThanOrEqualTo(50);
    assertThat(memory.reads).isLessThanOrEqualTo(3);
  }

  @Test
  void a_host_that_asks_alone_is_looked_up_alone() {
    var picture = new Fleet.Picture(1, () -> _ -> Parts.NONE);
    assertThat(brake.held(picture, memory.hosts.keySet().iterator().next(), PERSISTENT).isNone())
        .isTrue();
    assertThat(memory.finds).isEqualTo(1);
    assertThat(memory.reads).isZero();
  }
}
