package dev.reeve.scenarios.verbs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.scenarios.verbs.Flood.Count;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FloodTest {

  @ParameterizedTest(name = "{1} of {0}")
  @CsvSource({"1000, 501, true", "1000, 500, false", "0, 0, false"})
  void windows_over_half_of_the_packets_are_too_many(long total, long counted, boolean most) {
    var count = new Count(total, Duration.ofSeconds(1), 1, counted, counted);

    assertThat(count.mostCount()).isEqualTo(most);
  }

  @Test
  void a_count_says_how_fast_it_was_and_what_windows_take_of_it() {
    var count = new Count(10_000, Duration.ofSeconds(20), 2, 8_000, 7_960);

    assertThat(count.toText())
        .isEqualTo(
            "10,000 packets sent, 500 a second; 2 windows of 2,000 in all (20.0 %);"
                + " 7,960 of the 8,000 others arrived (99.50 %)");
  }
}
