package dev.reeve.model.spd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.model.ipsec.HostSetting;
import dev.reeve.model.ipsec.HostSettings;
import dev.reeve.model.json.JsonValue;
import dev.reeve.model.json.JsonValue.JsonArray;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BootTest {

  private static HostPolicy with(HostPolicy policy, HostSetting setting, JsonValue value) {
    return new HostPolicy(
        policy.persistent(),
        policy.domain(),
        policy.local(),
        new HostSettings(Map.of(setting, value)));
  }

  @ParameterizedTest
  @CsvSource({"stateful", "block", "permit"})
  void the_mode_that_was_set_holds_with_and_without_a_policy(String mode) {
    JsonValue value = JsonValue.of(mode);
    for (HostPolicy policy : List.of(HostPolicy.EMPTY, TestPolicy.of("block any <> me"))) {
      Boot boot = Boot.of(with(policy, HostSetting.BOOT_MODE, value), HostView.NONE);
      assertThat(boot.mode()).hasToString(mode);
    }
  }

  @Test
  void without_one_a_host_with_a_policy_is_stateful_and_one_without_is_open() {
    assertThat(Boot.of(TestPolicy.of("permit any <> me"), HostView.NONE).mode())
        .isEqualTo(Boot.Mode.STATEFUL);
    assertThat(Boot.of(HostPolicy.EMPTY, HostView.NONE).mode()).isEqualTo(Boot.Mode.PERMIT);
  }

  @Test
  void an_exemption_comes_with_its_answers_and_stands_before_what_a_host_cannot_live_without() {
    JsonValue exemptions =
        new JsonArray(
            List.of(JsonValue.of("TCP:0:22:inbound"), JsonValue.of("udp:5000:0:Outbound")));
    Boot boot =
        Boot.of(with(HostPolicy.EMPTY, HostSetting.BOOT_EXEMPTIONS, exemptions), HostView.NONE);
    assertThat(boot.exemptions())
        .extracting(Exemption::toString)
        .startsWith(
            "boot exemption TCP:0:22:inbound: inbound tcp, local port 22",
            "boot exemption TCP:0:22:inbound: outbound tcp, local port 22, answers only",
            "boot exemption UDP:5000:0:outbound: outbound udp, local port 5000",
            "boot exemption UDP:5000:0:outbound: inbound udp, local port 5000, answers only",
            "IKE: outbound udp, local port 500");
  }
}
