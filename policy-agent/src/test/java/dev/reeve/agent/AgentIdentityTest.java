package dev.reeve.agent;

import static dev.reeve.agent.Deadline.until;
import static dev.reeve.agent.TestBundles.content;
import static dev.reeve.agent.TestBundles.policyBytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.agent.config.AgentConfig;
import dev.reeve.agent.control.ControlClient;
import dev.reeve.model.bundle.Part;
import dev.reeve.model.json.JsonMembers;
import dev.reeve.trust.Authority;
import dev.reeve.trust.Identity;
import dev.reeve.trust.SignerHandover;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whom a running agent believes, and as whom it asks.
class AgentIdentityTest extends RunningAgent {

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
    server.forgetRequests();
    start();
    arrives("A");
    assertThat(status().string("lastError")).contains("copy").contains("join it again");
    assertThat(server.requests).isEmpty();
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
}
