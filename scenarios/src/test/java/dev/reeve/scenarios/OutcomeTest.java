package dev.reeve.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// The lines that `./check` and other scripts read.
class OutcomeTest {

  @Test
  void ok_has_name_two_spaces_and_seconds() {
    assertThat(new Outcome.Ok(12.34).toLine("server-outage")).isEqualTo("ok server-outage  12.3");
  }

  @Test
  void not_ok_has_its_reason_on_one_line() {
    assertThat(new Outcome.NotOk("step 3 (x): no\n  answer\n").toLine("server-outage"))
        .isEqualTo("not ok server-outage  step 3 (x): no / answer");
  }

  @Test
  void skip_has_its_reason() {
    assertThat(new Outcome.Skipped("needs root").toLine("server-outage"))
        .isEqualTo("skip server-outage  needs root");
  }
}
