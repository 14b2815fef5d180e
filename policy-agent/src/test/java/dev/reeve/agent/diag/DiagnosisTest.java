package dev.reeve.agent.diag;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.agent.TestServer;
import dev.reeve.agent.control.ControlServer;
import dev.reeve.agent.disk.Membership;
import dev.reeve.agent.disk.StateDirectory;
import dev.reeve.agent.http.Endpoint;
import dev.reeve.agent.join.Join;
import dev.reeve.model.json.JsonText;
import dev.reeve.model.json.JsonValue.JsonObject;
import dev.reeve.trust.AgentTrust;
import dev.reeve.trust.Identity;
import dev.reeve.trust.Pem;
import dev.reeve.trust.TlsContexts;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What does not depend on the kernel below: identity, names, server and clock, with real
/// certificates and a real TLS server.
class DiagnosisTest {

  @TempDir Path temporary;
  private Path state;
  private Path run;

  @BeforeEach
  void places() {
    state = temporary.resolve("state");
    run = temporary.resolve("run");
  }

  private List<Finding> findings(InstantSource clock) {
    return new Diagnosis(state, run, Optional.empty(), this::tls, clock).findings();
  }

  private Function<Endpoint, SSLSocketFactory> tls(Membership membership) {
    return server -> {
      try {
        InstantSource now = InstantSource.system();
        var trust =
            AgentTrust.parse(
                membership.root(), membership.serverIssuers(), membership.signers(), now.instant());
        var identity =
            new Identity(
                StateDirectory.open(state).key(membership),
                Pem.parseCertificates(membership.certificate()));
        return TlsContexts.forAgent(identity, trust, membership.nameOf(server), now)
            .getSocketFactory();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    };
  }

  private static Finding of(String check, List<Finding> findings) {
    return findings.stream().filter(f -> f.check().equals(check)).findFirst().orElseThrow();
  }

  @Test
  void a_host_that_has_not_joined_is_told_so_and_nothing_of_it_is_wrong() {
    List<Finding> findings = findings(InstantSource.system());
    assertThat(of("agent", findings).state()).isEqualTo(Finding.State.NOT_OK);
    assertThat(of("agent", findings).advice()).contains("reeve agent");
    for (String check : List.of("identity", "dns", "server", "clock", "crl")) {
      assertThat(of(check, findings).state()).as(check).isEqualTo(Finding.State.SKIPPED);
    }
  }

  @Test
  void what_an_agent_says_of_itself_is_believed() throws IOException {
    for (String answer :
        List.of(
            "{\"engine\":\"linux\",\"outcome\":\"applied\",\"problem\":\"\",\"settings\":{\"strongCrlCheck\":2}}",
            "{\"engine\":\"dry-run\",\"outcome\":\"applied\",\"problem\":\"\"}",
            "{\"engine\":\"linux\",\"outcome\":\"failed\",\"detail\":\"no nft\",\"problem\":\"\"}")) {
      try (var _ = ControlServer.open(run, _ -> (JsonObject) JsonText.parse(answer))) {
        List<Finding> findings = findings(InstantSource.system());
        boolean good = answer.contains("settings");
        assertThat(of("agent", findings).state() == Finding.State.OK).as(answer).isEqualTo(good);
        if (good) assertThat(of("crl", findings).detail()).contains("strongcrlcheck is 2");
      }
    }
  }

  @Test
  void a_host_that_joined_is_tried_out_against_its_server() throws Exception {
    try (var server = new TestServer(temporary)) {
      var join =
          new Join(
              StateDirectory.open(state),
              Optional.of("0".repeat(32)),
              _ -> Map.of("hostname", "web-01"),
              InstantSource.system());
      var unused = join.run(server.joinString());

      List<Finding> findings = findings(InstantSource.system());
      assertThat(of("identity", findings).state()).isEqualTo(Finding.State.OK);
      assertThat(of("dns", findings).detail()).contains("127.0.0.1 is an address");
      assertThat(of("server", findings).detail()).contains("pinned issuer");

      List<Finding> old =
          findings(() -> InstantSource.system().instant().plus(Duration.ofDays(3650)));
      assertThat(of("identity", old).state()).isEqualTo(Finding.State.NOT_OK);
      assertThat(of("identity", old).detail()).contains("is valid from");
    }
    List<Finding> gone = findings(InstantSource.system());
    assertThat(of("server", gone).state()).isEqualTo(Finding.State.NOT_OK);
    assertThat(of("server", gone).advice()).contains("cached policy stays in force");
  }
}
