package dev.reeve.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reeve.model.bundle.JoinString;
import dev.reeve.model.gp.Dn;
import dev.reeve.model.json.JsonText;
import dev.reeve.server.admin.AdminClient;
import dev.reeve.server.admin.AdminRequest;
import dev.reeve.trust.Pem;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The server as a process, with the sample domain.
class ServerIT {

  private static final String WEB = "CN=web-01,OU=Web,OU=Servers,DC=corp,DC=example";
  private static final Pattern READY =
      Pattern.compile("ready ldap=(\\S+) agents=(\\S+) admin=(\\S+) .*");

  @TempDir static Path state;
  private static Process server;
  private static Matcher ready;
  private static HttpClient https;

  @BeforeAll
  static void start() throws Exception {
    server = launch(state, "127.0.0.1:0", "127.0.0.1:0", "127.0.0.1:0");
    var out =
        new BufferedReader(new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8));
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      ready = READY.matcher(line);
      if (ready.matches()) break;
    }
    assertThat(ready.matches()).as("the server says where it can be reached").isTrue();
    Thread.ofPlatform().daemon().start(() -> out.lines().forEach(_ -> {}));
    https =
        HttpClient.newBuilder()
            .sslContext(trusting(state.resolve("trust").resolve("root.pem")))
            .build();
  }

  @AfterAll
  static void stop() throws InterruptedException {
    server.destroy();
    if (!server.waitFor(20, TimeUnit.SECONDS)) server.destroyForcibly().waitFor();
  }

  private static Process launch(Path state, String ldap, String agents, String admin)
      throws IOException {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                ServerMain.class.getName()));
    command.addAll(
        List.of(
            "--state",
            state.toString(),
            "--sample",
            "--ldap",
            ldap,
            "--agents",
            agents,
            "--admin",
            admin,
            "--name",
            "127.0.0.1",
            "--name",
            "policy.corp.example"));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  private static SSLContext trusting(Path root) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setCertificateEntry("root", Pem.readCertificates(root).getFirst());
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  private static HttpResponse<String> get(String path, Optional<String> userAndPassword)
      throws Exception {
    var request = HttpRequest.newBuilder(URI.create(ready.group(3) + path));
    userAndPassword.ifPresent(text ->
        request.header(
            "Authorization",
            "Basic " + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8))));
    return https.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static Optional<String> administrator() throws IOException {
    return Optional.of(
        "cn=admin,DC=corp,DC=example:" + Files.readString(ServerMain.adminPassword(state)).strip());
  }

  private static String rsop(String computer) {
    return "/api/v1/rsop?computer=" + URLEncoder.encode(computer, StandardCharsets.UTF_8);
  }

  @Test
  void anyone_may_ask_whether_it_is_well() throws Exception {
    assertThat(get("/actuator/health", Optional.empty()).body())
        .contains("\"status\":\"UP\"")
        .contains("\"computers\":31");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cn=admin,DC=corp,DC=example:",
        "cn=admin,DC=corp,DC=example:wrong",
        ":",
        "nobody:x"
      })
  void a_wrong_or_empty_password_gets_nothing(String userAndPassword) throws Exception {
    assertThat(get(rsop(WEB), Optional.of(userAndPassword)).statusCode()).isEqualTo(401);
    assertThat(get(rsop(WEB), Optional.empty()).statusCode()).isEqualTo(401);
    assertThat(get("/anything", administrator()).statusCode()).isEqualTo(403);
  }

  @Test
  void a_directory_user_may_plan_by_dn_or_name() throws Exception {
    var answer = get(rsop(WEB), administrator());

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(
            JsonText.parseObject(answer.body().getBytes(StandardCharsets.UTF_8))
                .string("assignment"))
        .isEqualTo("ASSIGNED");
    assertThat(get(rsop("web-01"), administrator()).body()).isEqualTo(answer.body());
    assertThat(get(rsop(WEB) + "&site=Branch", administrator()).body())
        .contains("\"site\":\"Branch\"");
    assertThat(get("/api/v1/rsop?all=true", administrator()).body().lines()).hasSize(31);
  }

  @Test
  void a_question_that_makes_no_sense_is_told_so() throws Exception {
    assertThat(get(rsop("no-such-host"), administrator()))
        .satisfies(a -> {
          assertThat(a.statusCode()).isEqualTo(400);
          assertThat(a.body()).contains("no-such-host");
        });
    assertThat(get(rsop(WEB) + "&address=10.0.0", administrator()).statusCode()).isEqualTo(400);
    assertThat(get(rsop(WEB) + "&mode=logging", administrator()).statusCode()).isEqualTo(404);
  }

  @Test
  void root_gets_a_join_string_for_a_computer_that_exists() throws Exception {
    var token =
        new AdminRequest.CreateToken(
            Optional.of(Dn.parse(WEB)), Optional.empty(), Duration.ofMinutes(5));
    var join = JoinString.parse(AdminClient.ask(state, token).string("join"));

    assertThat(join.host() + ":" + join.port()).isEqualTo(ready.group(2));
    var nobody =
        new AdminRequest.CreateToken(
            Optional.of(Dn.parse("CN=x," + WEB)), Optional.empty(), Duration.ofMinutes(5));
    assertThatThrownBy(() -> AdminClient.ask(state, nobody))
        .hasMessageContaining("no computer CN=x");
  }

  /// People ask on the server's own machine, whatever it is called; hosts know it by its names.
  @Test
  void only_the_web_certificate_has_the_loopback_names_as_well() throws Exception {
    assertThat(namesOf(ready.group(2)))
        .containsExactlyInAnyOrder("127.0.0.1", "policy.corp.example");
    assertThat(namesOf(URI.create(ready.group(3)).getAuthority()))
        .containsExactlyInAnyOrder(
            "127.0.0.1", "policy.corp.example", "localhost", "0:0:0:0:0:0:0:1");
  }

  private static List<Object> namesOf(String hostAndPort) throws Exception {
    URI server = URI.create("https://" + hostAndPort);
    SSLContext context = trusting(state.resolve("trust").resolve("root.pem"));
    try (var socket =
        (SSLSocket) context.getSocketFactory().createSocket(server.getHost(), server.getPort())) {
      socket.startHandshake();
      var leaf = (X509Certificate) socket.getSession().getPeerCertificates()[0];
      return leaf.getSubjectAlternativeNames().stream().<Object>map(name -> name.get(1)).toList();
    }
  }

  @Test
  void a_second_server_on_the_same_state_says_so_and_ends(@TempDir Path other) throws Exception {
    assertThat(other).isEmptyDirectory();
    assertEnds(launch(state, "127.0.0.1:0", "127.0.0.1:0", "127.0.0.1:0"), state.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"ldap", "agents", "admin"})
  void a_port_in_use_is_named(String which, @TempDir Path other) throws Exception {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String busy = "127.0.0.1:" + taken.getLocalPort();
      String free = "127.0.0.1:0";
      assertEnds(
          launch(
              other,
              which.equals("ldap") ? busy : free,
              which.equals("agents") ? busy : free,
              which.equals("admin") ? busy : free),
          Integer.toString(taken.getLocalPort()));
    }
  }

  private static void assertEnds(Process process, String named) throws Exception {
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isEqualTo(1);
    assertThat(
            said.lines().filter(line -> line.startsWith("reeve server:")).findFirst().orElse(said))
        .contains(named);
  }
}
