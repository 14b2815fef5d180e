package dev.reeve.cli.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.agent.control.ControlRequest;
import dev.reeve.agent.control.ControlServer;
import dev.reeve.cli.ExitCode;
import dev.reeve.cli.Golden;
import dev.reeve.cli.Ran;
import dev.reeve.model.json.JsonText;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `gpresult` and `gpupdate` against the agent's own socket, with an agent that says what a test
/// wants.
class HostCommandsTest {

  @TempDir Path run;
  private final TestAgent agent = new TestAgent();
  private ControlServer socket;

  @BeforeEach
  void listen() throws IOException {
    socket = ControlServer.open(run, agent::answer);
  }

  @AfterEach
  void close() throws IOException {
    socket.close();
  }

  private Ran reeve(String... arguments) {
    var all = new java.util.ArrayList<>(java.util.List.of(arguments));
    all.add("--run");
    all.add(run.toString());
    return Ran.reeve(all.toArray(String[]::new));
  }

  @Test
  void gpresult_reads_as_recorded() {
    Ran ran = reeve("gpresult", "-r");
    assertThat(ran.code()).isZero();
    assertThat(ran.err()).isEmpty();
    Golden.assertMatches("gpresult/r.txt", ran.out());
    assertThat(reeve("gpresult")).isEqualTo(ran);
  }

  @Test
  void gpresult_v_adds_why_each_gpo_applies_and_the_policy_in_words() {
    Golden.assertMatches("gpresult/v.txt", reeve("gpresult", "-v").out());
  }

  @Test
  void a_server_that_is_away_and_a_bundle_that_has_expired_are_said_loudly() {
    agent.status = TestAgent.away();
    agent.rsop = TestAgent.unknown();
    Golden.assertMatches("gpresult/away.txt", reeve("gpresult").out());
  }

  @Test
  void a_host_that_has_not_joined_says_what_to_do() {
    agent.status = TestAgent.notJoined();
    agent.rsop = TestAgent.object("{\"provenance\":null,\"store\":\"none\",\"policy\":null}");
    Golden.assertMatches("gpresult/not-joined.txt", reeve("gpresult").out());
  }

  @Test
  void a_workgroup_host_with_a_local_policy_says_so() {
    agent.status = TestAgent.workgroup();
    agent.rsop = TestAgent.local();
    Golden.assertMatches("gpresult/workgroup.txt", reeve("gpresult").out());
  }

  @Test
  void gpresult_as_json_is_one_document_with_both_answers() {
    Ran ran = reeve("gpresult", "--output", "json");
    assertThat(ran.out().lines()).hasSize(1);
    assertThat(JsonText.parse(ran.out()))
        .isEqualTo(JsonText.parse("{\"status\":" + agent.status + ",\"rsop\":" + agent.rsop + "}"));
  }

  @Test
  void gpupdate_passes_on_what_was_asked() {
    assertThat(reeve("gpupdate", "--force", "--wait", "5").code()).isZero();
    assertThat(agent.asked).containsExactly(new ControlRequest.GpUpdate(true, 5));
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({
    "asked, '', 0, Policy update asked for",
    "arrived, applied, 0, Policy version e/7 has arrived",
    "arrived, failed, 1, Applying FAILED",
    "unchanged, unchanged, 0, nothing had to change",
    "refused, unchanged, 1, was refused: D.",
    "failed, unchanged, 3, could not be asked: D.",
    "not-joined, '', 1, This host has not joined: D"
  })
  void gpupdate_says_what_came_of_it(String poll, String outcome, int code, String says) {
    agent.update =
        TestAgent.object(
            "{\"poll\":\"%s\",\"detail\":\"D\",\"version\":\"e/7\",\"outcome\":\"%s\",\"outcomeDetail\":\"\",\"steps\":[\"add table\"],\"rules\":[]}"
                .formatted(poll, outcome));
    Ran ran = reeve("gpupdate");
    assertThat(ran.code()).isEqualTo(code);
    assertThat(ran.out()).contains(says).contains("add table");
    Ran json = reeve("gpupdate", "--output", "json");
    assertThat(json.code()).isEqualTo(code);
    assertThat(JsonText.parse(json.out())).isEqualTo(agent.update);
    assertThat(json.err()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"gpresult", "gpupdate"})
  void with_no_agent_the_code_is_3_and_the_message_says_what_to_do(String command)
      throws IOException {
    socket.close();
    Ran ran = reeve(command);
    assertThat(ran.code()).isEqualTo(ExitCode.UNREACHABLE);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err()).contains("no agent listens on").contains("reeve agent");
  }

  @ParameterizedTest
  @CsvSource({"-1", "601"})
  void a_wait_out_of_range_is_a_usage_error(String seconds) {
    assertThat(reeve("gpupdate", "--wait", seconds).code()).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void joining_with_a_bad_string_never_repeats_its_secret() {
    Ran ran = Ran.reeve("join", "reeve://host:1/0000.5e11f00d", "--state", run.toString());
    assertThat(ran.code()).isEqualTo(ExitCode.USAGE);
    assertThat(ran.err()).contains("no join string").doesNotContain("5e11f00d");
  }

  @Test
  void joining_a_server_that_is_not_there_is_unreachable() {
    String join =
        "reeve://127.0.0.1:1/" + "0".repeat(16) + "." + "0".repeat(64) + "#" + "0".repeat(64);
    Ran ran = Ran.reeve("join", join, "--state", run.resolve("state").toString());
    assertThat(ran.code()).isEqualTo(ExitCode.UNREACHABLE);
    assertThat(ran.err()).contains("127.0.0.1:1 cannot be reached");
  }
}
