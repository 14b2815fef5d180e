package dev.reeve.model.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reeve.model.json.JsonException;
import dev.reeve.model.json.JsonText;
import dev.reeve.model.json.JsonValue;
import dev.reeve.model.json.JsonValue.JsonObject;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatusReportTest {

  private static final StatusReport REPORT =
      new StatusReport(
          Instant.parse("2026-01-01T12:00:00.123Z"),
          "a".repeat(32) + "/7",
          "linux",
          "applied",
          "",
          List.of(
              new RuleStatus("{A}", "Wéb", RuleStatus.State.ENFORCED, ""),
              new RuleStatus("{B}", "Db", RuleStatus.State.NOT_NEGOTIATED, "no IKE yet")),
          List.of("ROLLED_BACK: have 7, offered 6"),
          List.of(),
          List.of("TCP to 10.0.0.1 port 8443"));

  @Test
  void reads_back() {
    assertThat(StatusReport.parse(REPORT.toBytes())).isEqualTo(REPORT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "v=2",
        "time=\"noon\"",
        "time=null",
        "rules=[{\"id\":\"\"}]",
        "rules=[1]",
        "refused=[1]",
        "later=1",
        "rules=[{\"id\":\"\",\"name\":\"\",\"state\":\"FINE\",\"detail\":\"\"}]",
        "rules=[{\"id\":\"\",\"name\":\"\",\"state\":\"FAILED\",\"detail\":\"\",\"x\":1}]"
      })
  void what_is_no_report_is_refused(String change) {
    var members = new LinkedHashMap<>(((JsonObject) JsonText.parse(REPORT.toBytes())).members());
    JsonValue value = JsonText.parse(change.substring(change.indexOf('=') + 1));
    members.put(change.substring(0, change.indexOf('=')), value);

    assertThatThrownBy(() -> StatusReport.parse(JsonText.writeBytes(new JsonObject(members))))
        .isExactlyInstanceOf(JsonException.class);
  }
}
