package dev.reeve.scenarios.verbs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.cli.lab.Reach;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WireStepTest {

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "timeout, true",
    "failed Operation not permitted, true",
    "failed Network is unreachable, false",
    "failed No route to host, false",
    "failed Cannot assign requested address, false",
    "refused, false",
    "open web-01, false",
  })
  void nothing_is_what_a_policy_keeps_and_not_a_call_that_cannot_be_made(
      String said, boolean nothing) {
    var seen = WireStep.Seen.of(Reach.parse(said), "10.77.10.12", List.of());

    assertThat(seen.looks(new Reach.Open("web-01"), WireStep.Looks.NOTHING)).isEqualTo(nothing);
  }
}
