package dev.reeve.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The contract of `benchmarks/run --output json`.
class FigureTest {

  private static final Figure FIGURE =
      new Figure(
          "rsop-one", "one \"RSoP\"", 0.51234, "ms", "naive", 2.0, 0.25, "p99 <= 1 ms", true);

  @Test
  void json_has_the_nine_members_in_their_order_on_one_line() {
    assertThat(FIGURE.toJson())
        .isEqualTo(
            "{\"benchmark\":\"rsop-one\",\"figure\":\"one \\\"RSoP\\\"\",\"value\":0.5123,"
                + "\"unit\":\"ms\",\"against\":\"naive\",\"against_value\":2,\"ratio\":0.25,"
                + "\"goal\":\"p99 <= 1 ms\",\"met\":true}");
  }

  @ParameterizedTest
  @CsvSource({
    "0,0",
    "1,1",
    "123456,123500",
    "0.00001234567,0.00001235",
    "1e9,1000000000",
    "NaN,null",
    "Infinity,null",
    "42.5,42.5"
  })
  void numbers_have_four_digits_and_no_exponent(double value, String text) {
    assertThat(Figure.number(value)).isEqualTo(text);
  }

  @Test
  void people_see_whether_the_goal_is_met() {
    assertThat(FigureTable.lines(FIGURE)).last().asString().endsWith("goal p99 <= 1 ms: met");
  }

  @Test
  void the_ratio_is_the_median_of_the_rounds_and_not_of_the_medians() {
    var rounds = new Rounds();
    rounds.add(1, 10);
    rounds.add(2, 2);
    rounds.add(9, 3);

    assertThat(rounds.ratio()).isEqualTo(1.0);
    assertThat(rounds.value()).isEqualTo(2.0);
    assertThat(rounds.other()).isEqualTo(3.0);
  }

  @Test
  void a_percentile_is_a_measured_value() {
    long[] nanos = new long[100];
    for (int i = 0; i < 100; i++) nanos[i] = 100 - i;

    assertThat(Rounds.percentile(nanos, 0.99)).isEqualTo(99);
    assertThat(Rounds.percentile(nanos, 0.5)).isEqualTo(50);
  }
}
