package dev.reeve.agent;

import static dev.reeve.agent.Deadline.until;
import static dev.reeve.agent.TestBundles.content;
import static dev.reeve.agent.TestBundles.policyBytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.agent.config.AgentConfig;
import dev.reeve.agent.control.ControlClient;
import dev.reeve.agent.disk.StateDirectory;
import dev.reeve.agent.join.Join;
import dev.reeve.agent.join.MachineId;
import dev.reeve.model.bundle.Part;
import dev.reeve.model.json.JsonMembers;
import dev.reeve.model.json.JsonValue.JsonObject;
import dev.reeve.model.spd.HostPolicy;
import dev.reeve.trust.Authority;
import dev.reeve.trust.Identity;
import dev.reeve.trust.SignerHandover;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The whole agent against a server that plays its part: real TLS, real signatures, real files.
/// Only the kernel is a fake.
class AgentTest {

  @TempDir Path temporary;

  private final FakeEngine engine = new FakeEngine();
  private TestServer server;
  private StateDirectory directory;
  private AgentConfig config;
  private Optional<Agent> running = Optional.empty();
  private Thread thread = new Thread();

  @BeforeEach
  void open() throws Exception {
    server = new TestServer(temporary);
    directory = StateDirectory.open(temporary.resolve("state"));
    Files.writeString(temporary.resolve("machine-id"), "0".repeat(32) + "\n");
    config =
        AgentConfig.parse(
            List.of(
                "--state", temporary.resolve("state").toString(),
                "--run", temporary.resolve("run").toString(),
                "--machine-id", temporary.resolve("machine-id").toString()));
  }

  @AfterEach
  void close() throws Exception {
    stop();
    server.close();
  }

  private void join() throws Exception {
    var unused =
        new Join(
                directory,
                MachineId.find(config.machineId()),
                _ -> Map.of("hostname", "web-01"),
                InstantSource.system())
            .run(server.joinString());
  }

  private void start() throws IOException {
    Agent agent =
        Agent.build(
            config,
            directory,
            new EngineChoice(
                engine,
                new IkeCredentials(directory, new OtherCertificates(config.certificates())),
                List.of()));
    running = Optional.of(agent);
    thread =
        Thread.ofPlatform()
            .daemon()
            .start(() -> {
              try {
                boolean unused = agent.run();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
  }

  private void stop() throws Exception {
    if (running.isEmpty()) return;
    running.get().stop();
    thread.join();
    running.get().close();
    running = Optional.empty();
  }

  private void arrives(String name) throws Exception {
    until(name + " in force", () -> engine.domain().equals(Optional.of(name)));
  }

  private JsonMembers status() throws Exception {
    return JsonMembers.of("$", new ControlClient(config.run()).status());
  }

  private boolean reported(Predicate<String> version) {
    return server.reports.stream().anyMatch(report -> version.test(report.running()));
  }

  private void joinedWith(String policy) throws Exception {
    join();
    server.publish(1, content(policyBytes(policy)), policyBytes(policy));
    start();
    arrives(policy);
    until("the server is reached", () -> status().bool("reachable")); // said after it is applied
  }

  @Test
  void a_policy_arrives_and_is_reported() throws Exception {
    joinedWith("A");
    until("the report", () -> reported(r -> r.endsWith("/1")));
    until("the facts", () -> !server.facts.isEmpty());
    assertThat(server.facts.getFirst()).contains("\"address\":\"127.0.0.1\"");
  }

  /// As the agent's process does when it is to be built anew.
  private void rebuilt() throws Exception {
    thread.join();
    running.orElseThrow().close();
    start();
  }

  private Identity nextSigner() {
    return server.authority.issueSigner("next", Instant.now(), Duration.ofDays(30));
  }

  @Test
  void a_new_signer_that_the_old_one_names_is_obeyed_without_joining_again() throws Exception {
    joinedWith("A");
    Identity next = nextSigner();
    server.handovers.add(SignerHandover.sign(server.signer, next.chain()));
    server.signer = next;
    server.publish(2, content(policyBytes("B")), policyBytes("B"));
    rebuilt();
    arrives("B");
    stop();

    server.goAway();
    start();
    until("what the new one signed, kept", () -> status().string("running").endsWith("/2"));
    assertThat(status().strings("problems")).isEmpty();
  }

  /// Between the handover and the first manifest of the new signer, the old one's last stays.
  @Test
  void what_a_former_signer_signed_stays_in_force_through_a_restart_without_a_server()
      throws Exception {
    joinedWith("A");
    Identity next = nextSigner();
    server.handovers.add(SignerHandover.sign(server.signer, next.chain()));
    server.signer = next;
    server.publish(2, content(policyBytes("B"))); // whose object cannot be had
    thread.join();
    running.orElseThrow().close();
    server.goAway();
    start();
    arrives("A");
    until("what the old one signed, kept", () -> status().string("running").endsWith("/1"));
    assertThat(status().strings("problems")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"itself", "an old one", "nobody"})
  void a_new_signer_that_no_trusted_one_names_is_refused(String names) throws Exception {
    joinedWith("A");
    Identity next = nextSigner();
    switch (names) {
      case "itself" -> server.handovers.add(SignerHandover.sign(next, next.chain()));
      case "an old one" -> server.handovers.add(SignerHandover.sign(nextSigner(), next.chain()));
      default -> {}
    }
    server.signer = next;
    server.publish(2, content(policyBytes("B")), policyBytes("B"));
    until("the refusal", () -> reportedRefusal("FOREIGN_SIGNER"));
    assertThat(engine.domain()).contains("A");
    assertThat(thread.isAlive()).isTrue();
  }

  private boolean reportedRefusal(String reason) {
    return server.reports.stream()
        .anyMatch(report -> report.refused().stream().anyMatch(r -> r.startsWith(reason)));
  }

  /// A host that was away while the signer changed learns it with its certificate, at the latest.
  @Test
  void renewing_the_certificate_asks_for_new_signers_too() throws Exception {
    server.certificateAge = server.certificateLife.dividedBy(2);
    join();
    Identity next = nextSigner();
    server.handovers.add(SignerHandover.sign(server.signer, next.chain()));
    String before = directory.findMembership().orElseThrow().signers();
    server.publish(1, content(policyBytes("A")), policyBytes("A"));
    start();
    until(
        "the new signer", () -> !directory.findMembership().orElseThrow().signers().equals(before));
    assertThat(directory.findMembership().orElseThrow().formerSigners()).isEqualTo(before);
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
    server.requests.clear();
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
    server.requests.clear();
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
  void a_host_that_joins_while_the_agent_runs_is_built_anew() throws Exception {
    start();
    assertThat(status().bool("joined")).isFalse();
    assertThat(
            JsonMembers.of("$", new ControlClient(config.run()).gpupdate(false, 5)).string("poll"))
        .isEqualTo("not-joined");
    join();
    until("the agent asks to be built anew", () -> !thread.isAlive());
  }

  @Test
  void a_copied_machine_does_not_ask_but_stays_protected() throws Exception {
    joinedWith("A");
    stop();
    Files.writeString(temporary.resolve("machine-id"), "1".repeat(32) + "\n");
    engine.holds = Optional.empty();
    server.requests.clear();
    start();
    arrives("A");
    assertThat(status().string("lastError")).contains("copy").contains("join it again");
    assertThat(server.requests).isEmpty();
  }

  @Test
  void a_certificate_is_renewed_once_a_third_of_its_life_is_over() throws Exception {
    server.certificateAge = Authority.HOST_VALIDITY.dividedBy(2);
    renewedWhenStarted();
  }

  @Test
  void a_certificate_that_expired_while_the_host_was_off_is_renewed() throws Exception {
    server.certificateAge = Authority.HOST_VALIDITY.plusDays(1);
    renewedWhenStarted();
  }

  private void renewedWhenStarted() throws Exception {
    join();
    String before = directory.findMembership().orElseThrow().certificate();
    server.publish(1, content(policyBytes("A")), policyBytes("A"));
    start();
    arrives("A");
    assertThat(directory.findMembership().orElseThrow().certificate()).isNotEqualTo(before);
    server.publish(2, content(policyBytes("B")), policyBytes("B"));
    arrives("B");
    assertThat(server.requests.stream().filter(r -> r.contains("/renew"))).hasSize(1);
    assertThat(thread.isAlive()).isTrue();
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
  void a_server_of_another_authority_is_not_asked_for_policy() throws Exception {
    joinedWith("A");
    server.goAway();
    try (var impostor = new TestServer(temporary.resolve("impostor"))) {
      stop();
      config =
          AgentConfig.parse(
              List.of(
                  "--state", temporary.resolve("state").toString(),
                  "--run", temporary.resolve("run").toString(),
                  "--machine-id", temporary.resolve("machine-id").toString(),
                  "--server", "127.0.0.1:" + impostor.joinString().port()));
      impostor.publish(2, Part.None.NONE);
      start();
      until("it is said", () -> status().string("lastError").contains("no issuer of ours"));
      assertThat(impostor.requests).isEmpty();
      assertThat(engine.domain()).contains("A");
    }
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
