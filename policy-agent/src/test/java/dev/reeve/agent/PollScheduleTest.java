package dev.reeve.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PollScheduleTest {

  private static final Duration LONG = Duration.ofSeconds(240);
  private static final Duration THREE_HOURS = Duration.ofHours(3);

  @Test
  void a_process_that_starts_asks_at_once() {
    assertThat(PollSchedule.start().wait(Duration.ZERO, THREE_HOURS, LONG)).isZero();
    assertThat(PollSchedule.start().pause(Duration.ZERO, new Random(1))).isZero();
  }

  @Test
  void afterwards_it_waits_for_news() {
    var schedule = PollSchedule.start().answered(Duration.ZERO, new Random(1));
    assertThat(schedule.wait(Duration.ZERO, THREE_HOURS, LONG)).isEqualTo(LONG);
  }

  @ParameterizedTest(name = "policy says {0} min: asked between {1} and {2} min")
  @CsvSource({"180, 90, 120", "30, 30, 30", "100, 90, 100", "0, 1, 1"})
  void a_plain_question_is_due_at_the_policys_interval_or_after_90_to_120_minutes(
      int policy, int least, int most) {
    for (int seed = 0; seed < 200; seed++) {
      var schedule = PollSchedule.start().answered(Duration.ZERO, new Random(seed));
      Duration interval = Duration.ofMinutes(policy);
      assertThat(schedule.wait(Duration.ofMinutes(most), interval, LONG)).isZero();
      assertThat(schedule.wait(Duration.ofMinutes(least).minusSeconds(2), interval, LONG))
          .isPositive();
    }
  }

  @Test
  void a_wait_ends_when_the_plain_question_is_due() {
    var schedule = PollSchedule.start().answered(Duration.ZERO, new Random(1));
    Duration interval = Duration.ofMinutes(10);
    assertThat(schedule.wait(Duration.ofMinutes(9), interval, LONG))
        .isEqualTo(Duration.ofMinutes(1));
  }

  @Test
  void two_hosts_do_not_ask_at_the_same_moment() {
    Set<Duration> slacks = new HashSet<>();
    var random = new Random(1);
    for (int i = 0; i < 100; i++) {
      slacks.add(PollSchedule.start().answered(Duration.ZERO, random).slack());
    }
    assertThat(slacks).hasSizeGreaterThan(80);
  }

  @ParameterizedTest(name = "{0} s away: asked again within {1} s")
  @CsvSource({"0, 1", "4, 1", "20, 5", "120, 30", "240, 60", "3600, 60", "360000, 60"})
  void while_the_server_is_away_it_is_asked_again_within_a_quarter_of_that_time(
      int away, int most) {
    var schedule = PollSchedule.start().failed(Duration.ZERO);
    for (int seed = 0; seed < 200; seed++) {
      assertThat(schedule.pause(Duration.ofSeconds(away), new Random(seed)))
          .isBetween(Duration.ofSeconds(1), Duration.ofSeconds(most));
    }
  }

  @Test
  void a_failure_remembers_when_the_trouble_began() {
    var schedule =
        PollSchedule.start().failed(Duration.ofSeconds(5)).failed(Duration.ofSeconds(50));
    assertThat(schedule.troubleSince()).isEqualTo(Duration.ofSeconds(5));
    assertThat(schedule.answered(Duration.ofSeconds(60), new Random(1)).inTrouble()).isFalse();
  }

  @Test
  void a_server_that_does_not_wait_is_not_asked_in_a_circle() {
    var schedule = PollSchedule.start().answered(Duration.ZERO, new Random(1));
    Duration before = Duration.ZERO;
    for (int i = 0; i < 20; i++) {
      schedule = schedule.circled();
      Duration pause = schedule.pause(Duration.ZERO, new Random(i));
      assertThat(pause).isGreaterThanOrEqualTo(before).isLessThanOrEqualTo(PollSchedule.MOST);
      before = pause;
    }
    assertThat(before).isEqualTo(PollSchedule.MOST);
    assertThat(schedule.well().pause(Duration.ZERO, new Random(1))).isZero();
  }
}
