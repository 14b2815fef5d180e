package dev.reeve.server.withdrawal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.model.bundle.HostId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BrakeRuleTest {

  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
  private static final Parts POLICY = new Parts(true, false);
  private static final Parts BOTH = new Parts(true, true);

  private static HostId host(int number) {
    return new HostId("%032x".formatted(number));
  }

  private static Remembered has(int number, Parts had) {
    return new Remembered(host(number), "CN=" + number, had, Optional.empty(), Optional.empty());
  }

  private static Remembered lost(int number, Duration ago, Optional<Instant> confirmed) {
    return new Remembered(
        host(number), "CN=" + number, Parts.NONE, Optional.of(NOON.minus(ago)), confirmed);
  }

  private static List<Remembered> fleet(int size) {
    var fleet = new ArrayList<Remembered>();
    for (int i = 0; i < size; i++) fleet.add(has(i, POLICY));
    return fleet;
  }

  /// The first hosts lose what they have.
  private static BrakeRule.Decision decide(BrakeRule rule, List<Remembered> fleet, int leaving) {
    return rule.decide(
        fleet, host -> Integer.parseInt(host.text(), 16) < leaving ? BOTH : Parts.NONE, NOON);
  }

  @ParameterizedTest(name = "{0} of {1} at {2} %: held {3}")
  @CsvSource({
    "0, 31, 10, false",
    "4, 31, 10, false",
    "4, 4, 10, false",
    "3, 3, 0, false",
    "5, 5, 10, true",
    "5, 31, 10, true",
    "5, 49, 10, true",
    "5, 50, 10, false",
    "6, 50, 10, true",
    "10000, 100000, 10, false",
    "10001, 100000, 10, true",
    "5, 100, 0, true",
    "5, 31, 25, false",
    "8, 31, 25, true",
    "31, 31, 100, false"
  })
  void a_withdrawal_is_held_from_five_hosts_and_more_than_a_share(
      int leaving, int had, int percent, boolean held) {
    var decision = decide(new BrakeRule(5, percent), fleet(had), leaving);
    assertThat(decision.hold().isHolding()).isEqualTo(held);
    assertThat(decision.hold().hosts()).hasSize(held ? leaving : 0);
    assertThat(decision.leaving()).hasSize(leaving);
  }

  @Test
  void hosts_that_never_had_policy_lose_none_and_do_not_count() {
    var fleet = fleet(5);
    for (int i = 5; i < 1000; i++) fleet.add(has(i, Parts.NONE));
    var hold = decide(BrakeRule.DEFAULT, fleet, 1000).hold();
    assertThat(hold.hosts()).hasSize(5);
    assertThat(hold.had()).isEqualTo(5);
  }

  @Test
  void what_went_in_the_last_hour_counts_unless_it_was_confirmed() {
    var fleet = fleet(27);
    for (int i = 27; i < 31; i++) fleet.add(lost(i, Duration.ofMinutes(59), Optional.empty()));
    assertThat(decide(BrakeRule.DEFAULT, fleet, 1).hold().hosts()).hasSize(1);

    var earlier = fleet(27);
    for (int i = 27; i < 31; i++) earlier.add(lost(i, Duration.ofMinutes(60), Optional.empty()));
    assertThat(decide(BrakeRule.DEFAULT, earlier, 1).hold().isHolding()).isFalse();

    var confirmed = fleet(27);
    var asked = Optional.of(NOON.minusSeconds(120));
    for (int i = 27; i < 31; i++) confirmed.add(lost(i, Duration.ofSeconds(60), asked));
    assertThat(decide(BrakeRule.DEFAULT, confirmed, 1).hold().isHolding()).isFalse();
  }

  @Test
  void a_confirmed_host_may_go_once_and_one_that_stays_is_settled() {
    var fleet = fleet(29);
    for (int i = 29; i < 31; i++) {
      fleet.add(
          new Remembered(
              host(i), "CN=" + i, POLICY, Optional.empty(), Optional.of(NOON.minusSeconds(1))));
    }
    var all = decide(BrakeRule.DEFAULT, fleet, 31);
    assertThat(all.hold().hosts()).hasSize(29);
    assertThat(all.pending()).isEqualTo(2);

    var mended = decide(BrakeRule.DEFAULT, fleet, 0);
    assertThat(mended.hold().isHolding()).isFalse();
    assertThat(mended.settled()).containsExactly(host(29), host(30));
  }

  @Test
  void the_id_names_the_hosts_and_what_each_would_lose() {
    String id = decide(BrakeRule.DEFAULT, fleet(31), 5).hold().id();
    assertThat(id).matches("[0-9a-f]{12}");
    assertThat(decide(BrakeRule.DEFAULT, fleet(31).reversed(), 5).hold().id()).isEqualTo(id);
    assertThat(decide(BrakeRule.DEFAULT, fleet(31), 6).hold().id()).isNotEqualTo(id);
    var more = fleet(31);
    more.set(0, has(0, BOTH));
    assertThat(decide(BrakeRule.DEFAULT, more, 5).hold().id()).isNotEqualTo(id);
  }
}
