package dev.reeve.model.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reeve.model.json.JsonException;
import dev.reeve.model.json.JsonText;
import dev.reeve.model.json.JsonValue;
import dev.reeve.model.json.JsonValue.JsonObject;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
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

  static final IpsecActivity ACTIVITY =
      IpsecActivity.of(
          List.of(
              new MainModeSa(
                  1,
                  "ESTABLISHED",
                  true,
                  "10.0.0.1",
                  "CN=a",
                  "10.0.0.2",
                  "CN=b",
                  "certificate",
                  "AES_GCM_16_256",
                  "PRF_HMAC_SHA2_384",
                  "ECP_384",
                  "",
                  Optional.of(4L),
                  Optional.empty())),
          List.of(
              new QuickModeSa(
                  3,
                  1,
                  "INSTALLED",
                  "10.0.0.1",
                  "10.0.0.2",
                  "ESP",
                  "TRANSPORT",
                  false,
                  "cbf2ea31",
                  "c280b03c",
                  "AES_GCM_16_256",
                  "",
                  "",
                  List.of("10.0.0.1/32"),
                  List.of("10.0.0.2/32"),
                  List.of("Web"),
                  4,
                  137,
                  5,
                  168,
                  Optional.of(4L),
                  Optional.of(3114L),
                  Optional.empty())),
          List.of(
              new RuleTraffic(
                  "domain",
                  "{A}",
                  "Web",
                  new RuleTraffic.Count(1, 60),
                  new RuleTraffic.Count(2, 120))),
          List.of(
              new PeerFailure(
                  "10.0.0.3",
                  PeerFailure.Reason.NO_ANSWER,
                  "it does not answer",
                  Instant.parse("2026-01-01T11:00:00Z"),
                  Instant.parse("2026-01-01T11:30:00Z"),
                  3,
                  true)),
          new TreeMap<>(Map.of("ike.associations", 1L)));

  @Test
  void reads_back_with_what_ipsec_does() {
    var report = REPORT.withActivity(ACTIVITY);
    assertThat(StatusReport.parse(report.toBytes())).isEqualTo(report);
  }

  @Test
  void a_report_of_thousands_of_associations_says_how_many_and_shows_some() {
    var many =
        IpsecActivity.of(
            Collections.nCopies(3000, ACTIVITY.mainModes().getFirst()),
            Collections.nCopies(5000, ACTIVITY.quickModes().getFirst()),
            Collections.nCopies(500, ACTIVITY.traffic().getFirst()),
            Collections.nCopies(256, ACTIVITY.failures().getFirst()),
            ACTIVITY.statistics());
    byte[] bytes = REPORT.withActivity(many).toBytes();
    var report = StatusReport.parse(bytes).activity().orElseThrow();
    assertThat(bytes).hasSizeLessThan(128 << 10);
    assertThat(report.mainModeCount()).isEqualTo(3000);
    assertThat(report.quickModeCount()).isEqualTo(5000);
    assertThat(report.quickModes()).hasSize(IpsecActivity.MOST);
  }

  /// An agent may be newer than its server.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "later=1",
        "rules=[{\"id\":\"\",\"name\":\"\",\"state\":\"FAILED\",\"detail\":\"\",\"later\":1}]",
        "activity={\"mainModeCount\":0,\"quickModeCount\":0,\"later\":1}",
        "activity={\"mainModeCount\":0,\"quickModeCount\":0,\"failures\":[{\"peer\":\"a\",\"reason\":\"LATER\",\"detail\":\"\",\"first\":\"2026-01-01T11:00:00Z\",\"last\":\"2026-01-01T11:00:00Z\",\"count\":1,\"downgraded\":false,\"later\":1}]}"
      })
  void what_is_newer_is_tolerated(String change) {
    var members = new LinkedHashMap<>(((JsonObject) JsonText.parse(REPORT.toBytes())).members());
    JsonValue value = JsonText.parse(change.substring(change.indexOf('=') + 1));
    members.put(change.substring(0, change.indexOf('=')), value);
    assertThat(StatusReport.parse(JsonText.writeBytes(new JsonObject(members))).time())
        .isEqualTo(REPORT.time());
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
        "rules=[{\"id\":\"\",\"name\":\"\",\"state\":\"FINE\",\"detail\":\"\"}]",
        "activity={}"
      })
  void what_is_no_report_is_refused(String change) {
    var members = new LinkedHashMap<>(((JsonObject) JsonText.parse(REPORT.toBytes())).members());
    JsonValue value = JsonText.parse(change.substring(change.indexOf('=') + 1));
    members.put(change.substring(0, change.indexOf('=')), value);

    assertThatThrownBy(() -> StatusReport.parse(JsonText.writeBytes(new JsonObject(members))))
        .isExactlyInstanceOf(JsonException.class);
  }
}
