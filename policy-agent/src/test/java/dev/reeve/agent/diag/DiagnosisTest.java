package dev.reeve.agent.diag;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.agent.TestBundles;
import dev.reeve.agent.TestServer;
import dev.reeve.agent.control.ControlServer;
import dev.reeve.agent.disk.Membership;
import dev.reeve.agent.disk.StateDirectory;
import dev.reeve.agent.http.Endpoint;
import dev.reeve.agent.join.Join;
import dev.reeve.engine.ike.CharonCheck;
import dev.reeve.engine.nft.Nft;
import dev.reeve.engine.xfrm.Xfrm;
import dev.reeve.model.json.JsonBuilder;
import dev.reeve.model.json.JsonValue.JsonObject;
import dev.reeve.model.net.IpAddress;
import dev.reeve.trust.AgentTrust;
import dev.reeve.trust.Identity;
import dev.reeve.trust.Pem;
import dev.reeve.trust.TlsContexts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
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

/// Identity, server and clock with real certificates and a real TLS server; names, kernel, charon
/// and peers as each test has them.
class DiagnosisTest {

  @TempDir Path temporary;
  private Path state;
  private Path run;

  @BeforeEach
  void places() {
    state = temporary.resolve("state");
    run = temporary.resolve("run");
  }

  private Diagnosis.Resolver names = _ -> new InetAddress[] {InetAddress.getLoopbackAddress()};
  private Nft nft = nft("echo '{\"nftables\":[]}'");
  private Xfrm xfrm = ip("");
  private CharonCheck.Result charon = new CharonCheck.Fit("it runs");
  private Diagnosis.Ike ike = _ -> Optional.empty();
  private Optional<IpAddress> peer = Optional.empty();

  private List<Finding> findings(InstantSource clock) {
    var host = new Diagnosis.Host(this::tls, names, nft, xfrm, _ -> charon, ike, clock);
    return new Diagnosis(state, run, peer, host).findings();
  }

  private Finding now(String check) {
    return of(check, findings(InstantSource.system()));
  }

  private static Nft nft(String script) {
    return Nft.by(List.of("sh", "-c", script, "nft"));
  }

  /// @param said what `ip` says when it fails; empty for success
  private static Xfrm ip(String said) {
    String script = said.isEmpty() ? "cat >/dev/null" : "echo '" + said + "' >&2; exit 2";
    return new Xfrm(List.of("sh", "-c", script, "x"));
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
      } catch (CertificateException e) {
        throw new UncheckedIOException(new IOException(e));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
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
          xfrm    | applied |             | NOT_OK | nftables is not installed (Debian package nftables): blocked and permitted by the kernel's IPsec policies alone; nothing is negotiated, and what must be secured is dropped
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

  @Test
  void what_is_found_of_crls_is_told() throws IOException {
    JsonObject sight =
        JsonBuilder.object()
            .put("engine", "linux")
            .put("settings", JsonBuilder.object().put("strongCrlCheck", 2).build())
            .putAll(
                "crls", List.of("CN=A"), one -> JsonBuilder.object().put("authority", one).build())
            .build();
    try (var _ = ControlServer.open(run, _ -> sight)) {
      assertThat(of("crl", findings(() -> TestBundles.NOON)).state())
          .isEqualTo(Finding.State.NOT_OK);
    }
  }

  @Test
  void a_host_that_joined_is_tried_out_against_its_server() throws Exception {
    try (var server = new TestServer(temporary)) {
      var unused = join(server);
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

  private Membership join(TestServer server) throws Exception {
    var join =
        new Join(
            StateDirectory.open(state),
            Optional.of("0".repeat(32)),
            _ -> Map.of("hostname", "web-01"),
            InstantSource.system());
    var unused = join.run(server.joinString());
    return StateDirectory.open(state).findMembership().orElseThrow();
  }

  /// The same with another key, certificate and root, and asking another server.
  private void write(
      Membership was, String keyFile, String certificate, String root, Endpoint server)
      throws IOException {
    StateDirectory.open(state)
        .write(
            new Membership(
                was.host(),
                was.epoch(),
                was.computer(),
                keyFile,
                was.machineId(),
                List.of(server),
                was.serverNames(),
                certificate,
                root,
                was.serverIssuers(),
                was.signers(),
                was.formerSigners()));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          another root       | does not hang from the pinned root
          another key        | the key is not that of the certificate of CN=
          a torn certificate | it cannot be used:
          """)
  void an_identity_that_does_not_fit_together_is_told(String trouble, String said)
      throws Exception {
    try (var server = new TestServer(temporary)) {
      Membership was = join(server);
      Endpoint asked = was.servers().getFirst();
      switch (trouble) {
        case "another root" -> {
          try (var other = new TestServer(temporary.resolve("other"))) {
            String root = Pem.write(other.authority.root());
            write(was, was.keyFile(), was.certificate(), root, asked);
          }
        }
        case "another key" -> {
          String file = "key-" + "0".repeat(16) + ".pem";
          var unused = StateDirectory.open(state).keyPair(file);
          write(was, file, was.certificate(), was.root(), asked);
        }
        case "a torn certificate" -> {
          String torn = was.certificate().substring(0, 100);
          write(was, was.keyFile(), torn, was.root(), asked);
        }
        default -> throw new IllegalArgumentException(trouble);
      }
      Finding identity = now("identity");
      assertThat(identity.state()).isEqualTo(Finding.State.NOT_OK);
      assertThat(identity.detail()).contains(said);
      assertThat(identity.advice()).contains("reeve join");
    }
  }

  @Test
  void a_certificate_that_ends_soon_and_was_not_renewed_is_told() throws Exception {
    try (var server = new TestServer(temporary)) {
      server.certificateLife = Duration.ofDays(10);
      var unused = join(server);
      assertThat(now("identity").detail()).contains("and was not renewed");
    }
  }

  @Test
  void a_name_that_does_not_resolve_is_told() throws Exception {
    try (var server = new TestServer(temporary)) {
      Membership was = join(server);
      var named = new Endpoint("localhost", was.servers().getFirst().port());
      write(was, was.keyFile(), was.certificate(), was.root(), named);
      assertThat(now("dns")).isEqualTo(Finding.ok("dns", "localhost is 127.0.0.1"));

      names =
          name -> {
            throw new UnknownHostException(name);
          };
      assertThat(now("dns").state()).isEqualTo(Finding.State.NOT_OK);
      assertThat(now("dns").detail()).isEqualTo("localhost does not resolve");
      assertThat(now("dns").advice()).contains("/etc/resolv.conf");
    }
  }

  @ParameterizedTest(name = "{0} min")
  @CsvSource({
    "0, OK, the server's",
    "10, NOT_OK, ahead of the server's",
    "-10, NOT_OK, behind the server's"
  })
  void the_clock_is_compared_with_the_servers(int minutes, Finding.State state, String said)
      throws Exception {
    try (var server = new TestServer(temporary)) {
      var unused = join(server);
      Finding clock =
          of(
              "clock",
              findings(() -> InstantSource.system().instant().plus(Duration.ofMinutes(minutes))));
      assertThat(clock.state()).isEqualTo(state);
      assertThat(clock.detail()).contains(said);
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          our table  | OK     | works, and has our table
          no table   | OK     | works; our table is not there
          no nft     | NOT_OK | cannot run
          no right   | NOT_OK | not permitted
          """)
  void nftables_is_tried_out(String here, Finding.State state, String said) {
    nft =
        switch (here) {
          case "our table" -> nft("echo '{\"nftables\":[]}'");
          case "no table" ->
              nft("case \"$*\" in *tables) echo '{\"nftables\":[]}';; *) exit 1;; esac");
          case "no nft" -> Nft.by(List.of("/nowhere/nft"));
          case "no right" -> nft("echo 'Operation not permitted (you must be root)' >&2; exit 1");
          default -> throw new IllegalArgumentException(here);
        };
    Finding found = now("nftables");
    assertThat(found.state()).isEqualTo(state);
    assertThat(found.detail()).contains(said);
    if (state == Finding.State.NOT_OK) assertThat(found.advice()).contains("package nftables");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      emptyValue = "",
      textBlock =
          """
          ''                                             | OK     | this kernel protects packets
          RTNETLINK answers: Protocol not supported      | NOT_OK | this kernel has no ESP
          RTNETLINK answers: Operation not permitted     | NOT_OK | run as root or with CAP_NET_ADMIN
          """)
  void the_kernels_esp_is_tried_out(String ip, Finding.State state, String said) {
    xfrm = ip(ip);
    assertThat(now("esp").state()).isEqualTo(state);
    assertThat(now("esp").detail()).contains(said);
    if (state == Finding.State.NOT_OK) assertThat(now("esp").advice()).contains("CONFIG_INET_ESP");
  }

  @Test
  void what_the_agent_would_not_use_as_charon_is_not_ok() {
    assertThat(now("charon")).isEqualTo(Finding.ok("charon", "it runs"));
    charon = new CharonCheck.NotStarted("not needed");
    assertThat(now("charon")).isEqualTo(Finding.skipped("charon", "not needed"));
    charon = new CharonCheck.Missing("no package");
    assertThat(now("charon").state()).isEqualTo(Finding.State.NOT_OK);
    assertThat(now("charon").detail()).isEqualTo("no package");
    charon = new CharonCheck.Unfit("no plug-in", "install it");
    assertThat(now("charon")).isEqualTo(Finding.notOk("charon", "no plug-in", "install it"));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          associated | OK     | 10.0.0.2: an association stands
          connecting | NOT_OK | 10.0.0.2: no answer to IKE in 3 s
          another's  | NOT_OK | 10.0.0.2: no answer to IKE in 3 s
          answers    | OK     | 10.0.0.2: it answers IKE
          silent     | NOT_OK | 10.0.0.2: no answer to IKE in 3 s
          closed     | NOT_OK | 10.0.0.2: nothing listens
          """)
  void a_peer_is_asked_unless_an_association_stands(String peer, Finding.State state, String said)
      throws IOException {
    this.peer = Optional.of(IpAddress.parse("10.0.0.2"));
    ike =
        _ ->
            switch (peer) {
              case "associated" -> throw new AssertionError("it is known without being asked");
              case "answers" -> Optional.of("it answers IKE");
              case "closed" -> throw new IOException("nothing listens");
              default -> Optional.empty();
            };
    JsonObject mainMode =
        JsonBuilder.object()
            .put("state", peer.equals("connecting") ? "CONNECTING" : "ESTABLISHED")
            .put("remote", peer.equals("another's") ? "10.0.0.3" : "10.0.0.2")
            .build();
    boolean one = List.of("associated", "connecting", "another's").contains(peer);
    JsonObject sight =
        JsonBuilder.object()
            .put(
                "activity",
                JsonBuilder.object()
                    .putAll("mainModes", one ? List.of(mainMode) : List.<JsonObject>of(), m -> m)
                    .build())
            .build();
    try (var _ = ControlServer.open(run, _ -> sight)) {
      Finding found = now("peer");
      assertThat(found.state()).isEqualTo(state);
      assertThat(found.detail()).isEqualTo(said);
      if (state == Finding.State.NOT_OK) assertThat(found.advice()).contains("ports 500 and 4500");
    }
  }
}
