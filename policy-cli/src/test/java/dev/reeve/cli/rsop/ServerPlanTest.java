package dev.reeve.cli.rsop;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.reeve.cli.ExitCode;
import dev.reeve.cli.Golden;
import dev.reeve.cli.Ran;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `rsop plan --server`, against a TLS server that says what a test wants.
class ServerPlanTest {

  private static final String DOCUMENT =
      "{\"computer\":\"CN=a,DC=x\",\"site\":null,\"siteFrom\":\"no address known\",\"containers\":[\"DC=x\"],\"links\":[],\"assignment\":\"UNASSIGNED\",\"assigned\":null,\"settings\":{},\"problems\":[]}";

  @TempDir static Path directory;
  private static HttpsServer server;
  private static Path ca;
  private static String pin;
  private static volatile int status;
  private static volatile String body;
  private static final List<String> asked = new ArrayList<>();

  @BeforeAll
  static void start() throws Exception {
    Path keys = directory.resolve("keys.p12");
    String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    var made =
        new ProcessBuilder(
                keytool,
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "EC",
                "-dname",
                "CN=test",
                "-ext",
                "san=dns:localhost",
                "-validity",
                "2",
                "-keystore",
                keys.toString(),
                "-storepass",
                "secret",
                "-storetype",
                "PKCS12")
            .redirectErrorStream(true)
            .start();
    String said = new String(made.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(made.waitFor()).as(said).isZero();
    var store = KeyStore.getInstance(keys.toFile(), "secret".toCharArray());
    Certificate certificate = store.getCertificate("server");
    ca = directory.resolve("ca.pem");
    Files.writeString(
        ca,
        "-----BEGIN CERTIFICATE-----\n"
            + Base64.getMimeEncoder().encodeToString(certificate.getEncoded())
            + "\n-----END CERTIFICATE-----\n");
    pin =
        HexFormat.of()
            .formatHex(
                MessageDigest.getInstance("SHA-256")
                    .digest(certificate.getPublicKey().getEncoded()));
    var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(store, "secret".toCharArray());
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(managers.getKeyManagers(), null, null);
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(tls));
    server.createContext(
        "/",
        exchange -> {
          asked.add(
              exchange.getRequestURI()
                  + " "
                  + exchange.getRequestHeaders().getFirst("Authorization"));
          byte[] answer = body.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, answer.length == 0 ? -1 : answer.length);
          try (var out = exchange.getResponseBody()) {
            out.write(answer);
          }
        });
    server.start();
  }

  @AfterAll
  static void stop() {
    server.stop(0);
  }

  @BeforeEach
  void ordinary() {
    status = 200;
    body = DOCUMENT + "\n";
    asked.clear();
  }

  private static Ran plan(String... more) {
    var arguments =
        new ArrayList<>(
            List.of(
                "rsop", "plan", "--server", "https://localhost:" + server.getAddress().getPort()));
    arguments.addAll(List.of(more));
    return Ran.with(Map.of("REEVE_PASSWORD", "pässword"), arguments.toArray(String[]::new));
  }

  @Test
  void the_question_and_the_credentials_arrive_whole() {
    Ran ran =
        plan(
            "--cacert",
            ca.toString(),
            "--user",
            "CN=admin,DC=x",
            "--computer",
            "CN=a b+c,DC=x",
            "--ou",
            "OU=o,DC=x",
            "--site",
            "HQ",
            "--address",
            "10.0.0.1",
            "--address",
            "fd00::1",
            "--group",
            "CN=g,DC=x",
            "--fact",
            "os=Debian=12",
            "--output",
            "json");
    assertThat(ran).isEqualTo(new Ran(ExitCode.DONE, DOCUMENT + "\n", ""));
    String login =
        Base64.getEncoder()
            .encodeToString("CN=admin,DC=x:pässword".getBytes(StandardCharsets.UTF_8));
    assertThat(asked)
        .containsExactly(
            "/api/v1/rsop?computer=CN%3Da%20b%2Bc%2CDC%3Dx&ou=OU%3Do%2CDC%3Dx&site=HQ&address=10.0.0.1&address=fd00%3A%3A1&group=CN%3Dg%2CDC%3Dx&fact=os%3DDebian%3D12 Basic "
                + login);
  }

  @Test
  void many_documents_are_many_lines() {
    body = (DOCUMENT + "\n").repeat(3);
    Ran ran = plan("--cacert", ca.toString(), "--all", "--output", "json");
    assertThat(ran.out()).isEqualTo(body);
    assertThat(asked).containsExactly("/api/v1/rsop?all=true null");
  }

  @Test
  void people_are_shown_the_same_page_as_from_a_file() {
    assertThat(plan("--pin", pin, "--computer", "CN=a,DC=x").out())
        .contains("no IPsec policy: no GPO that applies assigns one")
        .contains("none (no address known)");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          400 | {"error":"BAD_REQUEST","detail":"no such thing"} | 1 | no such thing
          401 | ''                                               | 4 | does not accept this user
          403 | {"detail":"administrators only"}                 | 4 | administrators only
          404 | {"error":"NOT_ENROLLED","detail":"nobody"}       | 1 | nobody
          503 | {"detail":"the directory has not been read"}     | 3 | has not been read
          500 | <html>secret stack</html>                        | 3 | answers 500
          200 | this is no JSON                                  | 1 | no RSoP document
          """)
  void every_answer_of_a_server_has_its_exit_code(
      int answered, String said, int code, String message) {
    status = answered;
    body = said;
    Ran ran = plan("--cacert", ca.toString(), "--user", "CN=u", "--computer", "CN=a,DC=x");
    assertThat(ran.code()).isEqualTo(code);
    assertThat(ran.err()).contains(message).doesNotContain("stack");
    assertThat(ran.out()).isEmpty();
  }

  @Test
  void a_server_that_wants_a_user_says_so() {
    status = 401;
    assertThat(plan("--cacert", ca.toString(), "--computer", "CN=a,DC=x").err())
        .contains("give --user DN");
  }

  @Test
  void a_server_nobody_vouches_for_is_not_asked() {
    for (List<String> trust : List.of(List.<String>of(), List.of("--pin", "00".repeat(32)))) {
      var arguments = new ArrayList<>(List.of("--computer", "CN=a,DC=x"));
      arguments.addAll(trust);
      Ran ran = plan(arguments.toArray(String[]::new));
      assertThat(ran.code()).isEqualTo(ExitCode.UNREACHABLE);
      assertThat(ran.err()).contains("its certificate is not trusted");
      assertThat(asked).isEmpty();
    }
  }

  @Test
  void a_server_that_is_away_is_unreachable() throws IOException {
    int free;
    try (var socket = new ServerSocket(0)) {
      free = socket.getLocalPort();
    }
    Ran ran = Ran.reeve("rsop", "plan", "--server", "https://localhost:" + free, "--all");
    assertThat(ran.code()).isEqualTo(ExitCode.UNREACHABLE);
    assertThat(ran.err()).contains("cannot be reached");
  }

  @ParameterizedTest
  @CsvSource({"http://localhost:1, expected https", "localhost, expected https"})
  void a_password_never_travels_in_clear(String url, String message) {
    Ran ran = Ran.reeve("rsop", "plan", "--server", url, "--all");
    assertThat(ran.code()).isEqualTo(ExitCode.USAGE);
    assertThat(ran.err()).contains(message);
  }

  @Test
  void a_password_that_cannot_be_had_is_a_usage_error() {
    Ran ran =
        Ran.reeve("rsop", "plan", "--server", "https://localhost:1", "--all", "--user", "CN=u");
    assertThat(ran.code()).isEqualTo(ExitCode.USAGE);
    assertThat(ran.err()).contains("no password");
  }

  private static final String RECORD =
      """
      {"computer":"CN=a,DC=x","host":"0b1c2d3e","enrolled":"2026-11-20T08:00:00Z",
       "manifest":{"v":1,"epoch":"5f3a","version":7,"issued":"2026-11-22T09:40:58Z",
         "expires":"2026-11-29T09:40:58Z","newer":1},
       "rsop":{"site":"HQ","siteFrom":"the only site","containers":["DC=x"],"links":[
         {"gpo":"{A1}","gpoDn":"CN={A1},DC=x","name":"Base","som":"DC=x","linkOrder":1,
          "enforced":false,"verdict":"DENIED","reason":"LINK_DISABLED","precedence":null,
          "because":"the link on DC=x is disabled"}],
        "assignment":"UNASSIGNED","assigned":null,"settings":{},"problems":[]},
       "report":{"v":1,"time":"2026-11-22T09:41:00Z","running":"5f3a/6","engine":"linux",
         "outcome":"failed","detail":"nft says no",
         "rules":[{"id":"{A}","name":"Block telnet","state":"ENFORCED","detail":""}],
         "refused":["ROLLED_BACK: have 7, offered 6"],"problems":["no DNS"],"exempt":[]}}
      """
          .replace("\n", "");

  private static Ran log(String... more) {
    var arguments =
        new ArrayList<>(
            List.of(
                "rsop", "log", "--server", "https://localhost:" + server.getAddress().getPort()));
    arguments.addAll(List.of("--cacert", ca.toString()));
    arguments.addAll(List.of(more));
    return Ran.reeve(arguments.toArray(String[]::new));
  }

  @Test
  void what_a_host_really_got_is_shown_with_what_it_reported() {
    body = RECORD;
    Ran ran = log("--computer", "a b");
    assertThat(ran.err()).isEmpty();
    assertThat(ran.code()).isZero();
    assertThat(asked).containsExactly("/api/v1/rsop?mode=logging&computer=a%20b null");
    Golden.assertMatches("log/behind.txt", ran.out());
  }

  @Test
  void the_log_has_the_form_of_a_plan_and_more_members() {
    body = RECORD;
    Ran ran = log("--computer", "a", "--output", "json");
    assertThat(ran.out())
        .startsWith("{\"computer\":\"CN=a,DC=x\",\"site\":\"HQ\",\"siteFrom\":")
        .contains("\"because\":\"the link on DC=x is disabled\"")
        .contains("\"host\":\"0b1c2d3e\"")
        .contains("\"manifest\":{\"v\":1")
        .contains("\"report\":{\"v\":1");
  }

  @Test
  void a_host_that_has_nothing_yet_is_no_failure() {
    body =
        "{\"computer\":\"CN=a,DC=x\",\"host\":\"h\",\"manifest\":null,\"rsop\":null,\"report\":null}";
    assertThat(log("--computer", "a").out())
        .contains("nothing has been given to this host yet")
        .contains("nothing yet");
    assertThat(log("--computer", "a", "--output", "json").out())
        .contains("\"assignment\":\"UNKNOWN\"");
  }

  @Test
  void a_host_nobody_knows_is_a_no_and_a_log_without_server_is_no_command() {
    status = 404;
    body = "{\"error\":\"NOT_ENROLLED\",\"detail\":\"no host has enrolled as a\"}";
    Ran ran = log("--computer", "a");
    assertThat(ran.code()).isEqualTo(ExitCode.FAILED);
    assertThat(ran.err()).contains("no host has enrolled as a");
    Ran without = Ran.reeve("rsop", "log", "--computer", "a");
    assertThat(without.code()).isEqualTo(ExitCode.USAGE);
    assertThat(without.err()).contains("--server");
  }

  @Test
  void an_ou_is_picked_from_what_the_server_sends() {
    body = DOCUMENT + "\n" + DOCUMENT.replace("CN=a,DC=x", "CN=b,OU=o,DC=x") + "\n";
    Ran ran = plan("--cacert", ca.toString(), "--under", "OU=O,DC=x", "--output", "json");
    assertThat(ran.out().lines()).hasSize(1).first().asString().contains("CN=b,OU=o,DC=x");
    assertThat(asked).containsExactly("/api/v1/rsop?all=true null");
  }
}
