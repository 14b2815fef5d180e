package dev.reeve.server.endpoint;

import static dev.reeve.server.endpoint.EndpointWorld.HOST;
import static dev.reeve.server.endpoint.EndpointWorld.NOON;
import static dev.reeve.server.endpoint.FakeService.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reeve.model.bundle.Digest;
import dev.reeve.model.bundle.Enrolment;
import dev.reeve.model.status.StatusReport;
import dev.reeve.server.endpoint.Client.Response;
import dev.reeve.trust.Authority;
import dev.reeve.trust.HostTrust;
import dev.reeve.trust.Identity;
import dev.reeve.trust.PinnedIssuer;
import dev.reeve.trust.Purpose;
import io.netty.handler.ssl.OpenSsl;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Each request and each refusal, over real TLS on loopback.
class AgentEndpointTest {

  private static final String POLICY = "/agent/v1/policy";

  @TempDir Path directory;
  private EndpointWorld world;

  @BeforeEach
  void open() throws Exception {
    world = new EndpointWorld(directory.resolve("ca"), AgentConnection.Patience.USUAL);
  }

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void boringssl_is_used_where_it_was_built_for() {
    if (System.getProperty("os.name").equals("Linux"))
      assertThat(OpenSsl.isAvailable()).as(String.valueOf(OpenSsl.unavailabilityCause())).isTrue();
  }

  @Test
  void a_poll_is_answered_with_the_manifest() throws IOException {
    try (Client client = world.connect()) {
      Response response = client.get(POLICY, Map.of("Reeve-Floor", "0".repeat(32) + "/7"));
      assertThat(response.status()).isEqualTo(200);
      assertThat(response.text()).isEqualTo("manifest \"v1\"");
      assertThat(response.headers())
          .containsEntry("etag", "\"v1\"")
          .containsEntry("content-type", "application/cms")
          .containsEntry("date", "Sun, 22 Nov 2026 12:00:00 GMT")
          .doesNotContainKey("reeve-facts-wanted");
      assertThat(world.service.asked).containsExactly("poll " + HOST + " " + "0".repeat(32) + "/7");
    }
  }

  @Test
  void a_poll_that_has_it_already_gets_304_on_the_same_connection() throws IOException {
    try (Client client = world.connect()) {
      for (int i = 0; i < 3; i++) {
        Response response = client.get(POLICY, Map.of("If-None-Match", "\"v1\""));
        assertThat(response.status()).isEqualTo(304);
        assertThat(response.headers()).containsEntry("etag", "\"v1\"").containsKey("date");
      }
    }
  }

  @Test
  void facts_that_the_server_lacks_are_asked_for_at_once() throws IOException {
    world.service.wanted = Set.of(AgentService.Wanted.FACTS);
    try (Client client = world.connect()) {
      Response response =
          client.get(
              POLICY,
              Map.of(
                  "If-None-Match",
                  "\"v1\"",
                  "Prefer",
                  "wait=60",
                  "Reeve-Facts",
                  Digest.of(new byte[0]).hex()));
      assertThat(response.status()).isEqualTo(304);
      assertThat(response.headers()).containsEntry("reeve-facts-wanted", "yes");
    }
  }

  @Test
  void a_key_that_the_server_lacks_is_asked_for_at_once_and_handed_on() throws IOException {
    world.service.wanted = Set.of(AgentService.Wanted.ENCRYPTION_KEY);
    try (Client client = world.connect()) {
      Response response =
          client.get(
              POLICY,
              Map.of(
                  "If-None-Match",
                  "\"v1\"",
                  "Prefer",
                  "wait=60",
                  "Reeve-Key",
                  Digest.of(new byte[0]).hex()));
      assertThat(response.status()).isEqualTo(304);
      assertThat(response.headers()).containsEntry("reeve-key-wanted", "yes");
      assertThat(
              client
                  .ask("PUT", "/agent/v1/encryption-key", Map.of(), FakeService.bytes("pem"))
                  .status())
          .isEqualTo(204);
      assertThat(world.service.asked).contains("key pem");
    }
  }

  @Test
  void facts_and_reports_are_handed_on() throws IOException {
    var report =
        new StatusReport(
            NOON, "-", "dry-run", "applied", "", List.of(), List.of(), List.of(), List.of());
    try (Client client = world.connect()) {
      assertThat(
              client.ask("PUT", "/agent/v1/facts", Map.of(), bytes("{\"os\":\"debian\"}")).status())
          .isEqualTo(204);
      assertThat(client.ask("POST", "/agent/v1/report", Map.of(), report.toBytes()).status())
          .isEqualTo(204);
    }
    assertThat(world.service.asked).containsExactly("facts {os=debian}", "report applied");
  }

  @Test
  void an_object_may_be_kept_for_ever() throws IOException {
    try (Client client = world.connect()) {
      Response response = client.get("/agent/v1/objects/" + FakeService.OBJECT, Map.of());
      assertThat(response.status()).isEqualTo(200);
      assertThat(response.body()).containsExactly(1);
      assertThat(response.headers().get("cache-control")).contains("immutable");
    }
  }

  @ParameterizedTest(name = "{0} {1} → {3} {4}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          GET    | /agent/v1/objects/0000000000000000000000000000000000000000000000000000000000000000 |        | 404 | NO_OBJECT
          GET    | /agent/v1/objects/../../etc/passwd | ''     | 400 | BAD_REQUEST
          GET    | /agent/v1/objects/                 | ''     | 400 | BAD_REQUEST
          GET    | /                                  | ''     | 404 | NOT_FOUND
          DELETE | /agent/v1/policy                   | ''     | 404 | NOT_FOUND
          PUT    | /agent/v1/facts                    | '[]'   | 400 | BAD_REQUEST
          PUT    | /agent/v1/facts                    | '{"a":1}' | 400 | BAD_REQUEST
          POST   | /agent/v1/report                   | '{}'   | 400 | BAD_REQUEST
          """)
  void what_is_wrong_is_said_in_one_line(
      String method, String path, String body, int status, String code) throws IOException {
    try (Client client = world.connect()) {
      Response response = client.ask(method, path, Map.of(), bytes(body == null ? "" : body));
      assertThat(response.status()).isEqualTo(status);
      assertThat(response.text()).startsWith("{\"error\":\"" + code + "\",\"detail\":\"");
      assertThat(response.text().lines()).hasSize(1);
    }
  }

  @ParameterizedTest
  @CsvSource({"Reeve-Floor, 7", "Reeve-Floor, x/1", "Reeve-Facts, abc"})
  void a_header_that_is_wrong_is_refused(String name, String value) throws IOException {
    try (Client client = world.connect()) {
      assertThat(client.get(POLICY, Map.of(name, value)).status()).isEqualTo(400);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /agent/v1/policy",
    "GET, /agent/v1/objects/" + "00",
    "PUT, /agent/v1/facts",
    "POST, /agent/v1/report",
    "POST, /agent/v1/renew"
  })
  void without_a_certificate_only_joining_is_possible(String method, String path)
      throws IOException {
    String whole = path.endsWith("00") ? "/agent/v1/objects/" + FakeService.OBJECT : path;
    try (Client client = world.stranger()) {
      Response response = client.ask(method, whole, Map.of(), new byte[0]);
      assertThat(response.status()).isEqualTo(401);
      assertThat(response.text()).contains("NO_CERTIFICATE");
    }
    assertThat(world.service.asked).isEmpty();
  }

  private static byte[] enrolment(String secret) {
    return new Enrolment.Request("f".repeat(16), secret, "csr", "web-01", Map.of()).toBytes();
  }

  @Test
  void a_host_joins_without_a_certificate() throws IOException {
    try (Client client = world.stranger()) {
      Response response = client.ask("POST", "/agent/v1/enroll", Map.of(), enrolment("right"));
      assertThat(response.status()).isEqualTo(200);
      assertThat(Enrolment.Response.parse(response.body()).computer()).isEqualTo("CN=x");
    }
  }

  @Test
  void guessing_tokens_is_slowed_down() throws IOException {
    try (Client client = world.stranger()) {
      for (int i = 0; i < AttemptLimiter.MAX_FAILURES; i++) {
        assertThat(client.ask("POST", "/agent/v1/enroll", Map.of(), enrolment("wrong")).status())
            .isEqualTo(403);
      }
    }
    try (Client another = world.stranger()) {
      Response response = another.ask("POST", "/agent/v1/enroll", Map.of(), enrolment("right"));
      assertThat(response.status()).isEqualTo(429);
      assertThat(response.text()).contains("TOO_MANY_ATTEMPTS");
    }
  }

  @Test
  void a_bug_of_ours_is_not_explained_to_strangers() throws IOException {
    try (Client client = world.stranger()) {
      Response response = client.ask("POST", "/agent/v1/enroll", Map.of(), enrolment("bug"));
      assertThat(response.status()).isEqualTo(500);
      assertThat(response.text())
          .isEqualTo("{\"error\":\"FAILED\",\"detail\":\"the server's log says why\"}\n");
      assertThat(client.isClosedByServer()).isTrue();
    }
  }

  @Test
  void a_revoked_host_is_refused() throws IOException {
    try (Client client =
        world.connect(EndpointWorld.host(world.authority(), FakeService.REVOKED, NOON))) {
      Response response = client.get(POLICY, Map.of("Prefer", "wait=60"));
      assertThat(response.status()).isEqualTo(403);
      assertThat(response.text()).contains("REVOKED");
    }
  }

  @Test
  void an_expired_certificate_is_good_for_its_renewal_only() throws IOException {
    Instant longAgo = NOON.minus(Duration.ofDays(91));
    // Its issuer is younger than the certificate would be; the host's clock is not asked.
    Identity expired = EndpointWorld.host(world.authority(), HOST, longAgo);
    try (Client client = world.connect(expired)) {
      Response poll = client.get(POLICY, Map.of());
      assertThat(poll.status()).isEqualTo(401);
      assertThat(poll.text()).contains("CERTIFICATE_EXPIRED");

      Response renewal = client.ask("POST", "/agent/v1/renew", Map.of(), bytes("csr"));
      assertThat(renewal.status()).isEqualTo(200);
      assertThat(renewal.text()).isEqualTo("renewed");
    }
    assertThat(world.service.asked).containsExactly("renew " + HOST + " csr");
  }

  @Test
  void a_host_of_another_root_does_not_get_in() throws Exception {
    var theirs = Authority.openOrCreate(directory.resolve("theirs"), NOON, new SecureRandom());
    assertThatThrownBy(
            () -> {
              try (Client client = world.connect(EndpointWorld.host(theirs, HOST, NOON))) {
                Response unused = client.get(POLICY, Map.of());
              }
            })
        .isInstanceOf(IOException.class);
    assertThat(world.service.asked).isEmpty();
  }

  @Test
  void a_signer_does_not_pass_for_a_host() {
    Identity signer = world.authority().issueSigner("1", NOON, Duration.ofDays(1));
    assertThatThrownBy(
            () -> {
              try (Client client = world.connect(signer)) {
                Response unused = client.get(POLICY, Map.of());
              }
            })
        .isInstanceOf(IOException.class);
    assertThat(world.service.asked).isEmpty();
  }

  @Test
  void tls_1_2_is_refused() {
    var old = new SSLParameters();
    old.setProtocols(new String[] {"TLSv1.2"});
    var tls = world.tls(EndpointWorld.host(world.authority(), HOST, NOON));
    assertThatThrownBy(() -> Client.connect(world.endpoint.address(), tls, old))
        .isInstanceOf(IOException.class);
  }

  @Test
  void a_body_that_is_too_large_is_not_read() throws IOException {
    try (Client client = world.connect()) {
      client.send("PUT /agent/v1/facts HTTP/1.1\r\nHost: x\r\nContent-Length: 100000000\r\n\r\n");
      assertThat(client.read().status()).isEqualTo(413);
      assertThat(client.isClosedByServer()).isTrue();
    }
    assertThat(world.service.asked).isEmpty();
  }

  @Test
  void headers_without_end_are_refused() throws IOException {
    try (Client client = world.connect()) {
      client.send("GET " + POLICY + " HTTP/1.1\r\nX: " + "x".repeat(20_000) + "\r\n\r\n");
      assertThat(client.read().status()).isEqualTo(400);
      assertThat(client.isClosedByServer()).isTrue();
    }
  }

  @Test
  void a_port_in_use_is_named() throws Exception {
    var address = world.endpoint.address();
    var authority = world.authority();
    var hosts =
        new HostTrust(
            PinnedIssuer.of(authority.issuer(Purpose.HOST), authority.root(), Purpose.HOST, NOON));
    Identity server = authority.issueServer(List.of("x"), NOON, Duration.ofDays(1));
    assertThatThrownBy(() ->
            AgentEndpoint.open(address, server, hosts, world.service, InstantSource.fixed(NOON)))
        .isInstanceOf(EndpointException.class)
        .hasMessageContaining(":" + address.getPort());
  }
}
