package dev.reeve.server.directory.ldap;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.unboundid.ldap.sdk.Attribute;
import com.unboundid.ldap.sdk.Entry;
import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.Modification;
import com.unboundid.ldap.sdk.ModificationType;
import dev.reeve.lab.NativeSlapd;
import dev.reeve.lab.TestCa;
import dev.reeve.model.bundle.Admission;
import dev.reeve.model.bundle.BundleGate;
import dev.reeve.model.bundle.Enrolment;
import dev.reeve.model.bundle.GateState;
import dev.reeve.model.bundle.JoinString;
import dev.reeve.model.bundle.Manifest;
import dev.reeve.model.bundle.Part;
import dev.reeve.model.bundle.VerifiedManifest;
import dev.reeve.model.gp.Dn;
import dev.reeve.model.json.JsonMembers;
import dev.reeve.model.json.JsonText;
import dev.reeve.model.status.RuleStatus;
import dev.reeve.model.status.StatusReport;
import dev.reeve.server.ServerMain;
import dev.reeve.server.admin.AdminClient;
import dev.reeve.server.admin.AdminRequest;
import dev.reeve.trust.AgentTrust;
import dev.reeve.trust.CmsSignatureCheck;
import dev.reeve.trust.Csr;
import dev.reeve.trust.EcKeys;
import dev.reeve.trust.Identity;
import dev.reeve.trust.Pem;
import dev.reeve.trust.TlsContexts;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The server as a process, a real slapd, and hosts that poll: one goes away, then the other, then
/// both come back.
@SuppressWarnings("NullAway.Init")
class OutageIT {

  private static final String WEB = "OU=Web,OU=Servers," + NativeSlapd.BASE;
  private static final String KEY = "a pre-shared key";
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final Pattern READY =
      Pattern.compile("ready ldap=\\S+ agents=(\\S+) admin=(\\S+) .*");

  @TempDir Path dir;
  private NativeSlapd slapd;
  private Path state;
  private Path password;
  private Optional<Running> server = Optional.empty();

  private record Running(Process process, URI agents, URI admin, StringBuffer log) {}

  /// A host that has joined, and speaks to whatever server there is.
  private record JoinedHost(HttpClient client, BundleGate gate, GateState state) {}

  @BeforeEach
  void start() throws Exception {
    assumeTrue(NativeSlapd.missing().isEmpty(), () -> NativeSlapd.missing().orElse(""));
    TestCa ca = TestCa.make(dir, "localhost", "DNS:localhost,IP:127.0.0.1");
    slapd = NativeSlapd.start(dir.resolve("slapd"), ca);
    state = Files.createDirectory(dir.resolve("server"));
    password = Files.writeString(dir.resolve("password"), NativeSlapd.PASSWORD);
  }

  @AfterEach
  void stop() throws Exception {
    if (server.isPresent()) kill();
    slapd.close();
  }

  private Running launch(String agents) throws IOException {
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
            "--directory",
            "ldaps://127.0.0.1:" + slapd.tlsAddress().getPort(),
            "--base-dn",
            NativeSlapd.BASE,
            "--bind-dn",
            NativeSlapd.READER,
            "--password-file",
            password.toString(),
            "--ca-file",
            slapd.caFile().toString(),
            "--agents",
            agents,
            "--admin",
            "127.0.0.1:0",
            "--name",
            "127.0.0.1"));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var log = new StringBuffer();
    var out = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      log.append(line).append('\n');
      Matcher ready = READY.matcher(line);
      if (!ready.matches()) continue;
      Thread.ofPlatform()
          .daemon()
          .start(() -> out.lines().forEach(more -> log.append(more).append('\n')));
      var running =
          new Running(
              process, URI.create("https://" + ready.group(1)), URI.create(ready.group(2)), log);
      server = Optional.of(running);
      return running;
    }
    throw new AssertionError("the server ended: " + log);
  }

  /// As in a power cut.
  private void kill() throws InterruptedException {
    boolean unused = server.orElseThrow().process.destroyForcibly().waitFor(20, TimeUnit.SECONDS);
    server = Optional.empty();
  }

  private JoinedHost join(String computer) throws Exception {
    var token =
        new AdminRequest.CreateToken(
            Optional.of(Dn.parse(computer)), Optional.empty(), Duration.ofMinutes(5));
    var join = JoinString.parse(AdminClient.ask(state, token).string("join"));
    KeyPair keys = EcKeys.generate();
    var request =
        new Enrolment.Request(
            join.tokenId(), join.secret(), Csr.create(keys), Dn.parse(computer).name(), Map.of());
    var answer =
        client(TlsContexts.forJoining(join.pin(), "127.0.0.1", Clock.systemUTC()))
            .send(
                HttpRequest.newBuilder(server.orElseThrow().agents.resolve("/agent/v1/enroll"))
                    .POST(HttpRequest.BodyPublishers.ofByteArray(request.toBytes()))
                    .build(),
                HttpResponse.BodyHandlers.ofByteArray());
    assertThat(answer.statusCode()).as(new String(answer.body(), UTF_8)).isEqualTo(200);
    var joined = Enrolment.Response.parse(answer.body());
    AgentTrust trust = AgentTrust.parse(joined, join.pin(), Instant.now());
    var identity = new Identity(keys.getPrivate(), Pem.parseCertificates(joined.certificate()));
    return new JoinedHost(
        client(TlsContexts.forAgent(identity, trust, "127.0.0.1", Clock.systemUTC())),
        new BundleGate(new CmsSignatureCheck(trust.signers())),
        GateState.enrolled(joined.host(), joined.epoch(), Instant.EPOCH));
  }

  private static HttpClient client(SSLContext tls) {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .sslContext(tls)
        .sslParameters(TlsContexts.parameters())
        .build();
  }

  private HttpResponse<byte[]> poll(JoinedHost host, String has) throws Exception {
    var request =
        HttpRequest.newBuilder(server.orElseThrow().agents.resolve("/agent/v1/policy"))
            .header("If-None-Match", has);
    return host.client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  private Manifest manifest(JoinedHost host, HttpResponse<byte[]> answer) {
    assertThat(answer.statusCode()).as(new String(answer.body(), UTF_8)).isEqualTo(200);
    if (host.gate.open(answer.body(), host.state, Instant.now())
        instanceof Admission.Accepted<VerifiedManifest>(var verified)) return verified.manifest();
    throw new AssertionError("the host would refuse its manifest");
  }

  private static String etag(HttpResponse<?> answer) {
    return answer.headers().firstValue("ETag").orElseThrow();
  }

  private HttpResponse<String> ask(String path, Optional<String> user) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setCertificateEntry(
        "root", Pem.readCertificates(state.resolve("trust/root.pem")).getFirst());
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(null, trust.getTrustManagers(), null);
    var request = HttpRequest.newBuilder(server.orElseThrow().admin.resolve(path));
    user.ifPresent(dn ->
        request.header(
            "Authorization",
            "Basic "
                + Base64.getEncoder()
                    .encodeToString((dn + ":" + NativeSlapd.PASSWORD).getBytes(UTF_8))));
    return client(tls).send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private String health() throws Exception {
    return ask("/actuator/health", Optional.empty()).body();
  }

  private HttpResponse<String> rsop() throws Exception {
    return rsop("planning");
  }

  private HttpResponse<String> rsop(String mode) throws Exception {
    String computer = URLEncoder.encode("CN=web-01," + WEB, UTF_8);
    return ask(
        "/api/v1/rsop?mode=" + mode + "&computer=" + computer, Optional.of(NativeSlapd.LIMITED));
  }

  private StatusReport report(JoinedHost host, Manifest runs) throws Exception {
    var report =
        new StatusReport(
            Instant.now(),
            runs.version().toString(),
            "linux",
            "applied",
            "",
            List.of(new RuleStatus("{A}", "Block telnet", RuleStatus.State.ENFORCED, "")),
            List.of(),
            List.of("DNS name gw.branch.example does not resolve"),
            List.of());
    var request =
        HttpRequest.newBuilder(server.orElseThrow().agents.resolve("/agent/v1/report"))
            .POST(HttpRequest.BodyPublishers.ofByteArray(report.toBytes()));
    var answer = host.client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 204);
    return report;
  }

  /// RSoP logging has what the host was really given, by which GPO, and what it said last.
  private void assertLogged(
      JoinedHost web, HttpResponse<byte[]> given, StatusReport said, String gpo) throws Exception {
    JsonMembers record = json(rsop("logging"));
    assertThat(record.string("host")).isEqualTo(web.state.host().text());
    assertThat(record.get("manifest")).isEqualTo(JsonText.parse(manifest(web, given).toBytes()));
    assertThat(record.get("report")).isEqualTo(JsonText.parse(said.toBytes()));
    assertThat(record.object("rsop").object("assigned").string("gpo")).isEqualTo(gpo);
  }

  private static JsonMembers json(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JsonText.parseObject(answer.body().getBytes(UTF_8));
  }

  private double metric(String name) throws Exception {
    Matcher value =
        Pattern.compile("\"value\":([0-9.E-]+)")
            .matcher(ask("/actuator/metrics/" + name, Optional.empty()).body());
    assertThat(value.find()).as(name).isTrue();
    return Double.parseDouble(value.group(1));
  }

  @Test
  void hosts_are_served_while_the_directory_is_gone_through_a_restart_and_changes_come_after()
      throws Exception {
    try (LDAPConnection admin = slapd.administrator()) {
      admin.add(
          new Entry(
              "CN=readable,CN=IP Security,CN=System," + NativeSlapd.BASE,
              new Attribute("objectClass", "ipsecNFA"),
              new Attribute("ipsecDataType", "598"),
              new Attribute("ipsecData", KEY.getBytes(UTF_16LE))));
    }
    Running first = launch("127.0.0.1:0");
    JoinedHost web = join("CN=web-01," + WEB);
    JoinedHost database = join("CN=db-01,OU=Database,OU=Servers," + NativeSlapd.BASE);
    HttpResponse<byte[]> ofWeb = poll(web, "");
    HttpResponse<byte[]> ofDatabase = poll(database, "");
    assertThat(manifest(web, ofWeb).policy()).isInstanceOf(Part.Content.class);
    await().atMost(PATIENCE).until(() -> Files.exists(state.resolve("directory.picture")));
    assertThat(metric("reeve.directory.age")).isZero();
    StatusReport applied = report(web, manifest(web, ofWeb));
    assertLogged(web, ofWeb, applied, "{3FB4383B-0A65-594A-8B3B-1AA08E10CCA7}");

    slapd.kill();
    await().atMost(PATIENCE).until(() -> health().contains("DEGRADED"));
    assertThat(poll(web, etag(ofWeb)).statusCode()).isEqualTo(304);
    assertThat(metric("reeve.directory.lost")).isEqualTo(1);

    kill();
    Running second = launch(first.agents.getAuthority());
    assertThat(poll(web, etag(ofWeb)).statusCode()).isEqualTo(304);
    assertThat(etag(poll(database, ""))).isEqualTo(etag(ofDatabase));
    assertThat(health())
        .contains("\"status\":\"DEGRADED\"", "\"saved\":true", "\"asOf\":", "\"ageSeconds\":");
    JsonMembers outage =
        json(ask("/api/v1/directory", Optional.empty())).findObject("outage").orElseThrow();
    assertThat(outage.bool("saved")).isTrue();
    assertThat(outage.number("ageSeconds")).isPositive();
    assertThat(metric("reeve.directory.age")).isPositive();
    assertThat(second.log.toString())
        .contains("ERROR directory: ", "going on with the saved picture of ", " s old: ");
    assertThat(rsop())
        .satisfies(answer -> {
          assertThat(answer.statusCode()).isEqualTo(503);
          assertThat(answer.body()).contains("NO_DIRECTORY", "/api/v1/directory");
        });

    slapd.start();
    try (LDAPConnection admin = slapd.administrator()) {
      admin.modify(WEB, new Modification(ModificationType.DELETE, "gPLink"));
    }
    await().atMost(PATIENCE).until(() -> poll(web, etag(ofWeb)).statusCode() == 200);
    HttpResponse<byte[]> unlinked = poll(web, "");
    assertThat(manifest(web, unlinked).policy()).isNotEqualTo(manifest(web, ofWeb).policy());
    assertLogged(web, unlinked, applied, "{7902F496-D161-5C85-9017-8CFC9C93B222}");
    assertThat(poll(database, etag(ofDatabase)).statusCode()).isEqualTo(304);
    await()
        .atMost(PATIENCE)
        .until(() -> health().startsWith("{\"components\"") && !health().contains("DEGRADED"));
    assertThat(metric("reeve.directory.age")).isZero();
    assertThat(json(rsop()).find("outage")).isEmpty();

    kill();
    Files.writeString(password, "changed by somebody");
    launch(first.agents.getAuthority());
    assertThat(poll(database, etag(ofDatabase)).statusCode()).isEqualTo(304);
    assertThat(json(rsop()).findObject("outage").orElseThrow().string("why"))
        .contains("refuses the login of " + NativeSlapd.READER);
    assertNoKeyIsReadable();
  }

  private void assertNoKeyIsReadable() throws IOException {
    try (var files = Files.walk(state)) {
      for (Path file : files.filter(Files::isRegularFile).toList())
        assertThat(new String(Files.readAllBytes(file), ISO_8859_1))
            .as(file.toString())
            .doesNotContain(KEY, new String(KEY.getBytes(UTF_16LE), ISO_8859_1));
    }
  }
}
