package dev.reeve.agent;

import static dev.reeve.agent.TestBundles.NOON;
import static dev.reeve.agent.TestBundles.content;
import static dev.reeve.agent.TestBundles.manifest;
import static dev.reeve.agent.TestBundles.policyBytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.model.bundle.Manifest;
import dev.reeve.model.bundle.Part;
import dev.reeve.model.ipsec.HostSetting;
import dev.reeve.model.ipsec.HostSettings;
import dev.reeve.model.json.JsonText;
import dev.reeve.model.json.JsonValue;
import dev.reeve.model.status.IpsecActivity;
import dev.reeve.model.status.PeerFailure;
import dev.reeve.model.status.RuleStatus;
import dev.reeve.model.status.RuleTraffic;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the loop says by itself, and how often.
class AgentLoopReportTest extends SteppedLoop {

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          dry-run | dry run: nothing is enforced, though 1 rules should be
          xfrm    | of 1 rules not all is enforced: their status says what
          """)
  void what_is_not_enforced_is_a_problem_as_long_as_it_should_be(String name, String problem)
      throws IOException {
    engine.name = name;
    loop = restarted(true);
    engine.rules =
        List.of(new RuleStatus("{R}", "web", RuleStatus.State.NOT_ENFORCED, "shown, not done"));
    arrives(manifest(1, content(policyBytes("A"))), policyBytes("A"));
    assertThat(lastReport().problems()).containsExactly(problem);
    engine.rules = List.of();
    arrives(manifest(2, Part.None.NONE));
    assertThat(lastReport().problems()).isEmpty();
  }

  @Test
  void reports_come_at_least_every_15_minutes() {
    int before = reports.size();
    for (int minute = 0; minute < 60; minute++) after(Duration.ofMinutes(1));
    assertThat(reports.size() - before).isEqualTo(4);
  }

  @Test
  void a_clock_that_is_off_is_a_problem() {
    var contact = Contact.none(NOON, "").answered("s", NOON, Optional.of(NOON.plusSeconds(600)));
    loop.handle(new AgentEvent.ServerState(contact));
    assertThat(lastReport().problems())
        .containsExactly("this host's clock is 10 min behind the server's");
  }

  @Test
  void counters_are_logged_as_often_as_is_set_and_only_where_diagnostics_are() throws IOException {
    byte[] loud =
        JsonText.writeBytes(
            new HostSettings(
                    Map.of(
                        HostSetting.IPSEC_DIAGNOSTICS, JsonValue.of(1),
                        HostSetting.IPSEC_LOG_INTERVAL, JsonValue.of(600)))
                .toJson());
    engine.activity =
        IpsecActivity.of(
            List.of(),
            List.of(),
            List.of(
                new RuleTraffic(
                    "domain",
                    "{R}",
                    "web",
                    new RuleTraffic.Count(1717, 9000),
                    new RuleTraffic.Count(3, 99))),
            List.of(),
            new TreeMap<>());
    try (var log = new Logged("engine")) {
      Manifest quiet = manifest(1, content(policyBytes("A")));
      arrives(quiet, policyBytes("A"));
      after(Duration.ofHours(2));
      assertThat(counted(log)).isEmpty();

      arrives(
          new Manifest(
              quiet.host(),
              quiet.version().next(),
              quiet.computer(),
              quiet.issued(),
              quiet.expires(),
              quiet.policy(),
              quiet.persistent(),
              content(loud),
              quiet.provenance(),
              quiet.secrets(),
              Optional.empty(),
              Optional.empty()),
          policyBytes("A"),
          loud);
      after(Duration.ofSeconds(1));
      assertThat(counted(log))
          .containsExactly("INFO: rule={R} store=domain packets dropped=1717 in clear=3");
      after(Duration.ofSeconds(599));
      assertThat(counted(log)).hasSize(1);
      after(Duration.ofSeconds(1));
      assertThat(counted(log)).hasSize(2);
    }
  }

  private static List<String> counted(Logged log) {
    return log.lines().stream().filter(line -> line.contains("rule=")).toList();
  }

  @Test
  void a_peer_that_cannot_be_agreed_with_is_reported_within_a_minute_and_once() {
    arrives(manifest(1, content(policyBytes("A"))), policyBytes("A"));
    int before = reports.size();
    engine.activity = activity("10.0.0.3");
    for (int second = 0; second < 120; second++) after(Duration.ofSeconds(1));
    assertThat(reports).hasSize(before + 1);
    assertThat(lastReport().activity().orElseThrow().failures())
        .extracting(PeerFailure::peer)
        .containsExactly("10.0.0.3");
  }
}
