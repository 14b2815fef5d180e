package dev.reeve.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
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
  void what_a_guest_says_is_read_back() {
    for (Outcome outcome :
        List.of(
            new Outcome.Ok(12.3), new Outcome.NotOk("step 3: no"), new Outcome.Skipped("why"))) {
      assertThat(Outcome.parse("server-outage", outcome.toLine("server-outage"))).contains(outcome);
    }
    assertThat(Outcome.parse("server-outage", "   1  server start")).isEmpty();
    assertThat(Outcome.parse("server-outage", "ok another  1.0")).isEmpty();
  }

  @Test
  void skip_has_its_reason() {
    assertThat(new Outcome.Skipped("needs root").toLine("server-outage"))
        .isEqualTo("skip server-outage  needs root");
  }
}
