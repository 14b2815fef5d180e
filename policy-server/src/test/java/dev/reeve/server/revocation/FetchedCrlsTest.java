package dev.reeve.server.revocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.reeve.trust.CheckedCrl;
import dev.reeve.trust.Pem;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// From a web server of this process, over HTTP.
class FetchedCrlsTest {

  private static final Instant NOON = Instant.parse("2026-11-28T12:00:00Z");
  private static final Instant NEXT_WEEK = NOON.plus(7, ChronoUnit.DAYS);

  @TempDir Path directory;

  private interface Answer {
    void to(HttpExchange exchange) throws IOException;
  }

  private final AtomicInteger asked = new AtomicInteger();
  private final CountDownLatch over = new CountDownLatch(1);
  private Instant now = NOON;
  private HttpServer web;
  private volatile Answer answer;

  private static TestCa acme;
  private static TestCa forger;

  @BeforeAll
  static void make_keys() throws Exception {
    acme = new TestCa("CN=Acme device CA,O=Acme", NOON);
    forger = new TestCa("CN=Acme device CA,O=Acme", NOON);
  }

  @BeforeEach
  void a_ca_with_a_web_server() throws Exception {
    web = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    web.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    web.createContext(
        "/acme.crl",
        exchange -> {
          asked.incrementAndGet();
          answer.to(exchange);
          exchange.close();
        });
    web.start();
    Pem.writeCertificates(directory.resolve("acme.pem"), List.of(acme.certificate));
    answer = with(acme.crl(NOON.minusSeconds(60), NEXT_WEEK, 0));
  }

  @AfterEach
  void stop() {
    over.countDown();
    web.stop(0);
  }

  private static Answer with(byte[] body) {
    return exchange -> {
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    };
  }

  private String url() {
    return "http://127.0.0.1:" + web.getAddress().getPort() + "/acme.crl";
  }

  private FetchedCrls server() throws IOException {
    var source = new CrlSource(directory.resolve("acme.pem"), URI.create(url()));
    return FetchedCrls.open(
        List.of(source), directory.resolve("crls"), Duration.ofSeconds(2), () -> now);
  }

  private FetchedCrls fetched() throws IOException {
    FetchedCrls crls = server();
    crls.fetchDue();
    return crls;
  }

  @Test
  void what_the_ca_signed_is_believed_as_der_and_as_pem() throws Exception {
    byte[] der = acme.crl(NOON.minusSeconds(60), NEXT_WEEK, 3);
    answer = with(der);
    FetchedCrls crls = fetched();
    assertThat(crls.current()).containsExactly(CheckedCrl.of(der, acme.certificate));
    assertThat(crls.current().getFirst().entries()).isEqualTo(3);
    assertThat(crls.warnings(now)).isEmpty();

    String pem =
        "-----BEGIN X509 CRL-----\n"
            + Base64.getMimeEncoder().encodeToString(der)
            + "\n-----END X509 CRL-----\n";
    answer = with(pem.getBytes(StandardCharsets.US_ASCII));
    now = now.plus(1, ChronoUnit.HOURS);
    crls.fetchDue();
    assertThat(crls.current().getFirst().der()).isEqualTo(der);
    assertThat(crls.warnings(now)).isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          a redirection       | answered 302 to http://10.0.0.1/
          not found           | answered 404
          something else      | no CRL:
          another CA          | of O=Else,CN=Acme device CA, expected one of O=Acme,CN=Acme device CA
          a forger            | not signed by O=Acme,CN=Acme device CA
          too long            | longer than 65535 bytes
          never ending        | longer than 65535 bytes
          slow                | not there within 2 s
          hangs up            | java.io
          of CAs alone        | speaks of a part of the certificates
          older               | older than the one at hand
          ended               | it ended 2026-11-28T11:59:00Z
          """)
  void anything_else_is_told_and_the_last_good_one_stays(String trouble, String told)
      throws Exception {
    FetchedCrls crls = fetched();
    List<CheckedCrl> good = crls.current();
    assertThat(good).hasSize(1);
    answer = bad(trouble);
    now = now.plus(1, ChronoUnit.HOURS);
    crls.fetchDue();
    assertThat(crls.current()).isEqualTo(good);
    assertThat(crls.warnings(now))
        .singleElement()
        .asString()
        .contains(url() + ": ", told, "holds until " + NEXT_WEEK);

    answer = with(acme.crl(now, NEXT_WEEK, 1)); // and when it is over
    now = now.plus(5, ChronoUnit.MINUTES);
    crls.fetchDue();
    assertThat(crls.warnings(now)).isEmpty();
    assertThat(crls.current().getFirst().entries()).isEqualTo(1);
  }

  private Answer bad(String trouble) throws Exception {
    return switch (trouble) {
      case "a redirection" ->
          exchange -> {
            exchange.getResponseHeaders().set("Location", "http://10.0.0.1/");
            exchange.sendResponseHeaders(302, -1);
          };
      case "not found" -> exchange -> exchange.sendResponseHeaders(404, -1);
      case "something else" ->
          with("<html>log in first</html>".getBytes(StandardCharsets.US_ASCII));
      case "another CA" ->
          with(new TestCa("CN=Acme device CA,O=Else", NOON).crl(NOON, NEXT_WEEK, 0));
      case "a forger" -> with(forger.crl(NOON, NEXT_WEEK, 0));
      case "too long" -> with(acme.crl(NOON, NEXT_WEEK, 4000));
      case "never ending" ->
          exchange -> {
            exchange.sendResponseHeaders(200, 0);
            for (int i = 0; i < 1 << 20; i++) exchange.getResponseBody().write(new byte[4096]);
          };
      case "slow" ->
          exchange -> {
            exchange.sendResponseHeaders(200, 1000);
            exchange.getResponseBody().write(1);
            exchange.getResponseBody().flush();
            try {
              over.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          };
      case "hangs up" -> HttpExchange::close;
      case "of CAs alone" -> with(acme.crl(NOON, NEXT_WEEK, 0, true));
      case "older" -> with(acme.crl(NOON.minusSeconds(120), NEXT_WEEK, 0));
      case "ended" -> with(acme.crl(NOON.minusSeconds(59), NOON.minusSeconds(60), 0));
      default -> throw new IllegalArgumentException(trouble);
    };
  }

  @Test
  void the_last_good_one_is_there_after_a_restart_without_the_web() throws Exception {
    List<CheckedCrl> good = fetched().current();
    web.stop(0);
    FetchedCrls again = fetched();
    assertThat(again.current()).isEqualTo(good);
    now = NEXT_WEEK.plusSeconds(1);
    assertThat(again.warnings(now)).singleElement().asString().contains("ended " + NEXT_WEEK);
  }

  @Test
  void a_kept_one_that_was_changed_is_not_used() throws Exception {
    Path kept;
    fetched();
    try (var files = Files.list(directory.resolve("crls"))) {
      kept = files.findFirst().orElseThrow();
    }
    Files.write(kept, forger.crl(NOON, NEXT_WEEK, 0));
    assertThat(server().current()).isEmpty();
  }

  /// Every hour, or half of what is left; after a failure soon.
  @Test
  void it_is_asked_well_before_the_next_one_is_due_and_not_in_between() throws Exception {
    answer = with(acme.crl(NOON, NOON.plus(40, ChronoUnit.MINUTES), 0));
    FetchedCrls crls = fetched();
    crls.fetchDue();
    now = NOON.plus(19, ChronoUnit.MINUTES);
    crls.fetchDue();
    assertThat(asked).hasValue(1);
    answer = exchange -> exchange.sendResponseHeaders(503, -1);
    now = NOON.plus(20, ChronoUnit.MINUTES);
    crls.fetchDue();
    assertThat(asked).hasValue(2);
    now = NOON.plus(24, ChronoUnit.MINUTES);
    crls.fetchDue();
    assertThat(asked).hasValue(2);
    answer = with(acme.crl(now, NEXT_WEEK, 0));
    now = NOON.plus(25, ChronoUnit.MINUTES);
    crls.fetchDue();
    assertThat(asked).hasValue(3);
    now = NOON.plus(84, ChronoUnit.MINUTES);
    crls.fetchDue();
    assertThat(asked).hasValue(3);
    now = NOON.plus(85, ChronoUnit.MINUTES);
    crls.fetchDue();
    assertThat(asked).hasValue(4);
  }

  @Test
  void a_certificate_of_no_ca_is_refused_by_name() throws Exception {
    Files.writeString(directory.resolve("acme.pem"), "nothing");
    assertThatThrownBy(this::server)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("acme.pem");
  }

  @ParameterizedTest
  @CsvSource({
    "/ca.pem",
    "/ca.pem=ftp://host/x.crl",
    "/ca.pem=file:///etc/passwd",
    "=http://host/x.crl",
    "/ca.pem=http://user@host/x.crl",
    "/ca.pem=http:///x.crl",
    "/ca.pem=http://ho st/",
  })
  void a_source_that_is_none_is_refused(String text) {
    assertThatThrownBy(() -> CrlSource.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
