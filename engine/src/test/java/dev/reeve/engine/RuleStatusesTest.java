package dev.reeve.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.engine.negotiate.Means;
import dev.reeve.engine.negotiate.Negotiations;
import dev.reeve.engine.negotiate.Unsaid;
import dev.reeve.model.spd.HostView;
import dev.reeve.model.spd.SymbolicSpd;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RuleStatusesTest {

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          block any <> me#23 tcp         | ENFORCED       |
          permit any <> me               | ENFORCED       |
          require me <> 10.0.0.0/8       | NOT_NEGOTIATED | require: clear traffic is dropped both ways; there is no charon
          pass-through me <> 10.0.0.0/8  | NOT_NEGOTIATED | require, pass-through: clear traffic is accepted in and dropped out; there is no charon
          request me <> 10.0.0.0/8       | NOT_NEGOTIATED | request: traffic passes in clear; there is no charon
          weak me <> 10.0.0.0/8          | NOT_NEGOTIATED | request: every offer or every main-mode proposal is weak and legacy is off; its traffic is dropped both ways
          block me <> name:gone          | FAILED         | filter me <-> name:gone: name:gone means no address on this host now
          block me <> any, me <> dns     | FAILED         | filter me <-> dns: dns means no address on this host now
          """)
  void a_rule_is_reported_as_what_it_is(String rule, String state, String detail) {
    var policy = TestPolicies.of(rule);
    var spd = SymbolicSpd.of(policy).resolve(HostView.NONE);

    var negotiations =
        Negotiations.of(policy, spd, HostView.NONE, Means.none("there is no charon"));

    var status = new RuleStatuses(policy, spd, negotiations).enforced().getFirst();

    assertThat(status.state()).hasToString(state);
    assertThat(status.detail()).isEqualTo(detail == null ? "" : detail);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          block any <> 10.0.0.0/8        | ENFORCED       |
          block any <> me#23 tcp         | NOT_ENFORCED   | not for ports that this host publishes for others (by DNAT)
          require me <> 10.0.0.0/8       | NOT_NEGOTIATED | require: clear traffic is dropped both ways; there is no nft; not for ports that this host publishes for others (by DNAT)
          pass-through any <> 10.0.0.0/8 | NOT_NEGOTIATED | require, pass-through: clear traffic is dropped both ways; there is no nft
          request any <> 10.0.0.0/8      | NOT_NEGOTIATED | request: traffic passes in clear; there is no nft
          respond                        | NOT_NEGOTIATED | default response: no peer is answered: there is no nft
          """)
  void without_a_gate_it_is_said_what_is_left_out(String rule, String state, String detail) {
    var policy = TestPolicies.of(rule);
    var spd = SymbolicSpd.of(policy).resolve(HostView.NONE);
    var negotiations =
        Negotiations.withoutGate(policy, spd, HostView.NONE, Means.none("there is no nft"));

    var status =
        RuleStatuses.withoutGate(policy, spd, negotiations, Unsaid.of(spd, true))
            .enforced()
            .getFirst();

    assertThat(status.state()).hasToString(state);
    assertThat(status.detail()).isEqualTo(detail == null ? "" : detail);
  }
}
