package dev.reeve.agent.diag;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.agent.TestBundles;
import dev.reeve.agent.TestServer;
import dev.reeve.agent.control.ControlServer;
import dev.reeve.agent.disk.Membership;
import dev.reeve.agent.disk.StateDirectory;
import dev.reeve.agent.http.Endpoint;
import dev.reeve.agent.join.Join;
import dev.reeve.model.json.JsonBuilder;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

  @ParameterizedTest(name = "{0} {1} {2}")
  @CsvSource(
      delimiter = '|',
      useHeadersInDisplayName = true,
      textBlock =
          """
          engine  | outcome | problem     | state  | said
          linux   | applied |             | OK     | runs, and the kernel holds what it should
          dry-run | applied |             | NOT_OK | it runs the dry-run engine: nothing is enforced
          linux   | failed  |             | NOT_OK | why it failed
          linux   | applied | no such nft | NOT_OK | no such nft
          """)
  void what_an_agent_says_of_itself_is_believed(
      String engine, String outcome, String problem, Finding.State state, String said)
      throws IOException {
    JsonObject sight =
        JsonBuilder.object()
            .put("engine", engine)
            .put("outcome", outcome)
            .put("detail", "why it failed")
            .putIfPresent("problem", Optional.ofNullable(problem))
            .build();
    try (var _ = ControlServer.open(run, _ -> sight)) {
      Finding agent = of("agent", findings(InstantSource.system()));
      assertThat(agent.state()).isEqualTo(state);
      assertThat(agent.detail()).isEqualTo(said);
    }
  }

  @ParameterizedTest(name = "level {0}, {1} {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          level | bytes | until                | state   | said
          0     |       |                      | SKIPPED | strongcrlcheck is 0: no peer is checked against a CRL
          1     | 300   | 2027-02-01T00:00:00Z | OK      | strongcrlcheck is 1; the CRL of 'CN=A' holds until 2027-02-01T00:00:00Z
          1     |       |                      | NOT_OK  | strongcrlcheck is 1; this host was sent no CRL of 'CN=A': whom it revoked is let in
          1     | 300   | 2027-01-15T12:00:00Z | NOT_OK  | strongcrlcheck is 1; the CRL of 'CN=A' ended 2027-01-15T12:00:00Z: whom it revoked since is let in
          1     | 65536 | 2027-02-01T00:00:00Z | NOT_OK  | strongcrlcheck is 1; the CRL of 'CN=A' has 65536 bytes, more than charon takes: whom it revoked is let in
          2     | 65535 |                      | OK      | strongcrlcheck is 2; the CRL of 'CN=A' holds until another comes
          2     |       |                      | NOT_OK  | strongcrlcheck is 2; this host was sent no CRL of 'CN=A': its peers are refused
          2     | 300   | 2027-01-01T00:00:00Z | NOT_OK  | strongcrlcheck is 2; the CRL of 'CN=A' ended 2027-01-01T00:00:00Z: its peers are refused
          """,
      useHeadersInDisplayName = true)
  void what_the_level_needs_is_looked_at(
      int level, String bytes, String until, Finding.State state, String said) throws IOException {
    var crl = JsonBuilder.object().put("authority", "CN=A");
    if (bytes != null) crl.put("bytes", Long.parseLong(bytes));
    if (until != null) crl.put("until", until);
    assertThat(crls(level, crl.build()))
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.state()).isEqualTo(state);
          assertThat(finding.detail()).isEqualTo(said);
          if (state == Finding.State.NOT_OK) assertThat(finding.advice()).contains("gpupdate");
        });
  }

  @Test
  void each_authority_is_told_of_and_a_host_without_a_certificate_has_none() throws IOException {
    var one = JsonBuilder.object().put("authority", "CN=A").build();
    var other = JsonBuilder.object().put("authority", "CN=B").put("bytes", 300).build();
    assertThat(crls(2, one, other))
        .extracting(Finding::state)
        .containsExactly(Finding.State.NOT_OK, Finding.State.OK);
    assertThat(crls(2))
        .containsExactly(
            Finding.skipped("crl", "strongcrlcheck is 2, and there is no certificate here"));
  }

  /// What is said of CRLs at noon, when the agent says that.
  private List<Finding> crls(int level, JsonObject... needed) throws IOException {
    JsonObject sight =
        JsonBuilder.object()
            .put("engine", "linux")
            .put("settings", JsonBuilder.object().put("strongCrlCheck", level).build())
            .putAll("crls", List.of(needed), crl -> crl)
            .build();
    try (var _ = ControlServer.open(run, _ -> sight)) {
      return findings(() -> TestBundles.NOON).stream()
          .filter(finding -> finding.check().equals("crl"))
          .toList();
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
