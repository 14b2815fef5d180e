package dev.reeve.agent;

import static dev.reeve.agent.Deadline.until;
import static dev.reeve.agent.TestBundles.content;
import static dev.reeve.agent.TestBundles.policyBytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.agent.config.AgentConfig;
import dev.reeve.agent.control.ControlClient;
import dev.reeve.model.bundle.Part;
import dev.reeve.model.json.JsonMembers;
import dev.reeve.model.json.JsonValue.JsonObject;
import dev.reeve.model.spd.HostPolicy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/// What a running agent does with policy that comes, changes and cannot be had.
class AgentTest extends RunningAgent {

  private boolean reported(Predicate<String> version) {
    return server.reports.stream().anyMatch(report -> version.test(report.running()));
  }

  @Test
  void a_policy_arrives_and_is_reported() throws Exception {
    joinedWith("A");
    until("the report", () -> reported(r -> r.endsWith("/1")));
    until("the facts", () -> !server.facts.isEmpty());
    assertThat(server.facts.getFirst()).contains("\"address\":\"127.0.0.1\"");
  }

  @Test
  void a_change_arrives_while_the_poll_is_parked() throws Exception {
    joinedWith("A");
    server.publish(2, content(policyBytes("B")), policyBytes("B"));
    arrives("B");
    until("it is confirmed", () -> status().object("manifest").bool("confirmed"));
  }

  @Test
  void an_unchanged_object_is_fetched_once() throws Exception {
    joinedWith("A");
    server.publish(2, content(policyBytes("B")), policyBytes("B"));
    arrives("B");
    server.publish(3, content(policyBytes("B")), policyBytes("B"));
    until("version 3", () -> status().string("running").endsWith("/3"));
    assertThat(server.requests.stream().filter(r -> r.contains("/objects/")).distinct().count())
        .isEqualTo(server.requests.stream().filter(r -> r.contains("/objects/")).count());
  }

  @Test
  void an_outage_changes_nothing_and_afterwards_the_news_arrives_at_once() throws Exception {
    joinedWith("A");
    server.goAway();
    until("the outage is noticed", () -> !status().bool("reachable"));
    assertThat(engine.domain()).contains("A");
    assertThat(status().string("lastError")).isNotEmpty();
    server.publish(2, content(policyBytes("B")), policyBytes("B"));
    server.comeBack();
    arrives("B");
    until("the server is reachable", () -> status().bool("reachable"));
    until("the report", () -> reported(r -> r.endsWith("/2")));
  }

  @Test
  void a_restart_without_a_server_applies_the_cache() throws Exception {
    joinedWith("A");
    stop();
    server.goAway();
    engine.holds = Optional.empty();
    start();
    arrives("A");
    until("the absence is said", () -> !status().string("lastError").isEmpty());
  }

  @Test
  void the_cache_is_applied_before_any_server_is_asked() throws Exception {
    joinedWith("A");
    stop();
    server.forgetRequests();
    List<Integer> askedBefore = new CopyOnWriteArrayList<>();
    engine.beforeApply =
        () -> {
          // Whoever asks too early has time for it here.
          boolean early = eventually(() -> !server.requests.isEmpty());
          askedBefore.add(early ? 1 : 0);
          engine.beforeApply = () -> {};
        };
    start();
    until("an answer", () -> status().bool("reachable"));
    assertThat(askedBefore).containsExactly(0);
  }

  private static boolean eventually(BooleanSupplier condition) {
    long until = System.nanoTime() + Duration.ofSeconds(1).toNanos();
    while (System.nanoTime() < until) {
      if (condition.getAsBoolean()) return true;
      Thread.onSpinWait();
    }
    return false;
  }

  @Test
  void after_a_restart_nothing_is_fetched_again() throws Exception {
    joinedWith("A");
    stop();
    server.forgetRequests();
    start();
    until("an answer", () -> status().bool("reachable"));
    assertThat(server.requests).noneMatch(r -> r.contains("/objects/"));
  }

  @Test
  void a_tampered_manifest_leaves_the_last_good_policy_and_is_reported() throws Exception {
    joinedWith("A");
    server.publish(2, content(policyBytes("B")), policyBytes("B"));
    arrives("B");
    var manifest = server.publish(3, content(policyBytes("C")), policyBytes("C"));
    assertThat(manifest).isNotNull();
    arrives("C");
    byte[] tampered = server.signed();
    String from = "\"version\":3";
    int at = new String(tampered, StandardCharsets.ISO_8859_1).indexOf(from) + from.length() - 1;
    tampered[at] = '9';
    server.offer(tampered, "\"9\"");
    until(
        "the refusal is reported",
        () -> server.reports.stream().anyMatch(r -> r.refused().toString().contains("BAD_SIG")));
    assertThat(engine.domain()).contains("C");
    assertThat(status().string("running")).endsWith("/3");
    server.publish(4, content(policyBytes("D")), policyBytes("D"));
    arrives("D");
  }

  @Test
  void unknown_keeps_the_policy_over_a_restart_and_unassigned_withdraws_it() throws Exception {
    joinedWith("A");
    server.publish(2, Part.Unknown.UNKNOWN);
    until("version 2", () -> status().string("running").endsWith("/2"));
    assertThat(engine.domain()).contains("A");
    stop();
    engine.holds = Optional.empty();
    start();
    arrives("A");
    server.publish(3, Part.None.NONE);
    until("nothing in force", () -> engine.holds.equals(Optional.of(HostPolicy.EMPTY)));
  }

  @Test
  void gpupdate_asks_now_and_says_what_came_of_it() throws Exception {
    joinedWith("A");
    var client = new ControlClient(config.run());
    until("an answer", () -> status().bool("reachable"));
    JsonMembers unchanged = JsonMembers.of("$", client.gpupdate(false, 20));
    assertThat(unchanged.string("poll")).isEqualTo("unchanged");
    JsonMembers forced = JsonMembers.of("$", client.gpupdate(true, 20));
    assertThat(forced.string("poll")).isEqualTo("arrived");
    assertThat(forced.string("version")).endsWith("/1");
    engine.holds = Optional.empty();
    JsonMembers repaired = JsonMembers.of("$", client.gpupdate(false, 20));
    assertThat(repaired.strings("steps")).isNotEmpty();
    assertThat(engine.domain()).contains("A");
    server.goAway();
    assertThat(JsonMembers.of("$", client.gpupdate(false, 20)).string("poll")).isEqualTo("failed");
    assertThat(JsonMembers.of("$", client.gpupdate(false, 0)).string("poll")).isEqualTo("asked");
  }

  @Test
  void rsop_and_manifest_show_what_is_in_force() throws Exception {
    joinedWith("A");
    var client = new ControlClient(config.run());
    JsonObject rsop = client.rsop();
    JsonMembers in = JsonMembers.of("$", rsop);
    assertThat(in.object("provenance").string("computer")).isEqualTo("CN=web-01");
    assertThat(in.object("policy").string("name")).isEqualTo("A");
    assertThat(in.string("store")).isEqualTo("domain");
    byte[] cms = Base64.getDecoder().decode(JsonMembers.of("$", client.manifest()).string("cms"));
    assertThat(cms).isEqualTo(server.signed());
  }

  @Test
  void the_way_to_the_server_is_known_to_the_engine() throws Exception {
    joinedWith("A");
    until(
        "the view has it",
        () ->
            engine.view.policyServers().toString().contains("127.0.0.1")
                && engine.view.policyServers().getFirst().port() == server.joinString().port());
  }

  @Test
  void the_next_server_is_asked_when_the_first_is_away() throws Exception {
    join();
    server.publish(1, content(policyBytes("A")), policyBytes("A"));
    config =
        AgentConfig.parse(
            List.of(
                "--state", temporary.resolve("state").toString(),
                "--run", temporary.resolve("run").toString(),
                "--machine-id", temporary.resolve("machine-id").toString(),
                "--server", "127.0.0.1:1",
                "--server", "127.0.0.1:" + server.joinString().port()));
    start();
    arrives("A");
  }
}
