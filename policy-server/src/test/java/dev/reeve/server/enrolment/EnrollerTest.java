package dev.reeve.server.enrolment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reeve.model.bundle.Digest;
import dev.reeve.model.bundle.Enrolment;
import dev.reeve.model.bundle.HostId;
import dev.reeve.model.bundle.JoinString;
import dev.reeve.model.gp.Dn;
import dev.reeve.server.enrolment.Enroller.Code;
import dev.reeve.server.enrolment.Enroller.Outcome;
import dev.reeve.server.enrolment.Enroller.Renewal;
import dev.reeve.server.enrolment.Token.Binding;
import dev.reeve.server.store.Database;
import dev.reeve.server.store.JdbcAudit;
import dev.reeve.server.store.JdbcHosts;
import dev.reeve.server.store.JdbcTokenStore;
import dev.reeve.trust.AgentTrust;
import dev.reeve.trust.Authority;
import dev.reeve.trust.Csr;
import dev.reeve.trust.EcKeys;
import dev.reeve.trust.HostCertificate;
import dev.reeve.trust.Pem;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;

class EnrollerTest {

  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Binding WEB_01 = new Binding.Computer(Dn.parse("CN=web-01,OU=Web,DC=corp"));

  @TempDir static Path directory;
  private static Authority authority;
  private static Enroller.ServerFacts server;

  private JdbcClient jdbc;
  private JdbcHosts hosts;
  private FakeDirectory computers;
  private Tokens tokens;
  private Enroller enroller;

  @BeforeAll
  static void make_an_authority() throws Exception {
    authority = Authority.openOrCreate(directory.resolve("ca"), NOON, RANDOM);
    server =
        new Enroller.ServerFacts(
            Pem.write(authority.issueSigner("1", NOON, Duration.ofDays(365)).chain()),
            List.of("reeve.example"));
  }

  @BeforeEach
  void start_empty() {
    var source = new JdbcDataSource();
    source.setUrl("jdbc:h2:mem:" + RANDOM.nextLong(Long.MAX_VALUE) + ";DB_CLOSE_DELAY=-1");
    Database.migrate(source);
    jdbc = JdbcClient.create(source);
    hosts = new JdbcHosts(jdbc);
    var store = new JdbcTokenStore(jdbc);
    var audit = new JdbcAudit(jdbc);
    computers = new FakeDirectory();
    computers.add("CN=web-01,OU=Web,DC=corp");
    tokens =
        new Tokens(
            store,
            computers,
            audit,
            RANDOM,
            new Tokens.Server("reeve.example", 7443, authority.pin()));
    enroller = new Enroller(store, hosts, computers, audit, authority, server, RANDOM);
  }

  private JoinString token(Binding binding) {
    return tokens.create(binding, Duration.ofHours(1), "root", NOON);
  }

  private static Enrolment.Request request(JoinString join, KeyPair keys, String hostName) {
    return new Enrolment.Request(
        join.tokenId(), join.secret(), Csr.create(keys), hostName, Map.of());
  }

  private Enrolment.Response enrolled(Enrolment.Request request) {
    return switch (enroller.enroll(request, NOON)) {
      case Outcome.Enrolled(var response) -> response;
      case Outcome.Refused(var code, var detail) -> throw new AssertionError(code + " " + detail);
    };
  }

  private Code refusal(Enrolment.Request request, Instant now) {
    return switch (enroller.enroll(request, now)) {
      case Outcome.Enrolled(var response) ->
          throw new AssertionError("enrolled " + response.host());
      case Outcome.Refused(var code, _) -> code;
    };
  }

  private long audited(Audit.Event event) {
    return jdbc.sql("select count(*) from audit where event = ?")
        .param(event.name())
        .query(Long.class)
        .single();
  }

  @Test
  void a_token_for_a_computer_lets_its_host_in() throws Exception {
    KeyPair keys = EcKeys.generate();
    Enrolment.Response response = enrolled(request(token(WEB_01), keys, "web-01.corp.example"));

    var certificate = Pem.parseCertificates(response.certificate()).getFirst();
    assertThat(certificate.getPublicKey()).isEqualTo(keys.getPublic());
    assertThat(HostCertificate.find(certificate).orElseThrow().host()).isEqualTo(response.host());
    assertThat(AgentTrust.parse(response, authority.pin(), NOON).root())
        .isEqualTo(authority.root());
    assertThat(response.computer()).isEqualTo("CN=web-01,OU=Web,DC=corp");
    assertThat(response.serverNames()).containsExactly("reeve.example");
    Host host = hosts.find(response.host()).orElseThrow();
    assertThat(host.epoch()).isEqualTo(response.epoch());
    assertThat(host.key()).isEqualTo(EcKeys.digest(keys.getPublic()));
    assertThat(host.serial()).isEqualTo(certificate.getSerialNumber());
    assertThat(audited(Audit.Event.ENROLLED)).isEqualTo(1);
  }

  @Test
  void the_secret_is_stored_nowhere() {
    JoinString join = token(WEB_01);
    assertThat(jdbc.sql("select * from token").query().singleRow().values().toString())
        .doesNotContain(join.secret());
    assertThat(jdbc.sql("select detail from audit").query(String.class).single())
        .contains(join.tokenId())
        .doesNotContain(join.secret());
  }

  @Test
  void the_same_key_again_is_the_same_host() {
    JoinString join = token(WEB_01);
    KeyPair keys = EcKeys.generate();
    Enrolment.Response first = enrolled(request(join, keys, "web-01"));
    Enrolment.Response second = enrolled(request(join, keys, "web-01"));

    assertThat(second.host()).isEqualTo(first.host());
    assertThat(second.epoch()).isEqualTo(first.epoch());
    assertThat(hosts.all()).hasSize(1);
    assertThat(audited(Audit.Event.ENROLMENT_REPEATED)).isEqualTo(1);
  }

  @Test
  void an_answer_lost_past_the_expiry_can_be_asked_for_again() {
    JoinString join = token(WEB_01);
    KeyPair keys = EcKeys.generate();
    Enrolment.Response first = enrolled(request(join, keys, "web-01"));
    var later = enroller.enroll(request(join, keys, "web-01"), NOON.plus(Duration.ofDays(1)));
    assertThat(later)
        .isInstanceOfSatisfying(
            Outcome.Enrolled.class, e -> assertThat(e.response().host()).isEqualTo(first.host()));
  }

  @Test
  void another_key_is_refused_and_audited() {
    JoinString join = token(WEB_01);
    enrolled(request(join, EcKeys.generate(), "web-01"));

    assertThat(refusal(request(join, EcKeys.generate(), "web-01"), NOON))
        .isEqualTo(Code.TOKEN_USED);
    assertThat(audited(Audit.Event.ENROLMENT_REFUSED)).isEqualTo(1);
    assertThat(hosts.all()).hasSize(1);
  }

  /// The answers differ in the id that was asked for, which the asker knows.
  @Test
  void an_unknown_token_and_a_wrong_secret_look_the_same() {
    JoinString join = token(WEB_01);
    String csr = Csr.create(EcKeys.generate());
    String unknown = "f".repeat(16);
    var noToken = new Enrolment.Request(unknown, join.secret(), csr, "web-01", Map.of());
    var noSecret = new Enrolment.Request(join.tokenId(), "f".repeat(64), csr, "web-01", Map.of());
    var answers =
        Stream.of(noToken, noSecret)
            .map(request ->
                enroller.enroll(request, NOON).toString().replace(request.tokenId(), "ID"))
            .toList();
    assertThat(answers.get(0)).isEqualTo(answers.get(1)).contains("TOKEN_INVALID");
    assertThat(audited(Audit.Event.ENROLMENT_REFUSED)).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\0", "' or '1'='1", "ffffffffffffffff\n", "0123456789abcde"})
  void a_token_id_that_is_none_is_refused(String id) {
    var request =
        new Enrolment.Request(id, "\0", Csr.create(EcKeys.generate()), "web\n-01", Map.of());
    assertThat(refusal(request, NOON)).isEqualTo(Code.TOKEN_INVALID);
    assertThat(jdbc.sql("select actor from audit").query(String.class).list())
        .as("no line of its own in a log")
        .containsExactly("web?-01");
  }

  @Test
  void an_expired_token_is_refused() {
    var request = request(token(WEB_01), EcKeys.generate(), "web-01");
    assertThat(refusal(request, NOON.plus(Duration.ofHours(1)).plusSeconds(1)))
        .isEqualTo(Code.TOKEN_EXPIRED);
    enrolled(request); // not used up by the refusal
  }

  @Test
  void a_request_that_is_no_csr_does_not_use_the_token_up() {
    JoinString join = token(WEB_01);
    var broken =
        new Enrolment.Request(join.tokenId(), join.secret(), "-----BEGIN", "web-01", Map.of());
    assertThat(refusal(broken, NOON)).isEqualTo(Code.MALFORMED_REQUEST);
    enrolled(request(join, EcKeys.generate(), "web-01"));
  }

  @Test
  void a_computer_that_is_gone_is_refused_and_the_token_waits() {
    var request = request(token(WEB_01), EcKeys.generate(), "web-01");
    computers.remove("CN=web-01,OU=Web,DC=corp");
    assertThat(refusal(request, NOON)).isEqualTo(Code.NO_COMPUTER);
    computers.add("CN=web-01,OU=Web,DC=corp");
    enrolled(request);
  }

  @Test
  void no_token_is_made_for_what_is_not_there() {
    assertThatThrownBy(() -> token(new Binding.Computer(Dn.parse("CN=no,DC=corp"))))
        .hasMessage("no computer CN=no,DC=corp");
    assertThatThrownBy(() -> token(new Binding.Ou(Dn.parse("CN=web-01,OU=Web,DC=corp"))))
        .hasMessageStartingWith("no OU");
  }

  @Test
  void a_token_for_an_ou_makes_the_entry() {
    JoinString join = token(new Binding.Ou(Dn.parse("OU=New,DC=corp")));
    assertThat(enrolled(request(join, EcKeys.generate(), "db-07")).computer())
        .isEqualTo("CN=db-07,OU=New,DC=corp");
  }

  @Test
  void an_open_token_needs_exactly_one_computer_of_the_name() {
    var first = request(token(Binding.Name.NAME), EcKeys.generate(), "web-02");
    assertThat(refusal(first, NOON)).isEqualTo(Code.NO_COMPUTER);

    computers.add("CN=web-02,OU=Web,DC=corp");
    assertThat(enrolled(first).computer()).isEqualTo("CN=web-02,OU=Web,DC=corp");

    computers.add("CN=web-02,OU=Old,DC=corp");
    var second = request(token(Binding.Name.NAME), EcKeys.generate(), "web-02");
    assertThat(refusal(second, NOON)).isEqualTo(Code.SEVERAL_COMPUTERS);
  }

  @Test
  void a_name_the_directory_refuses_is_refused_and_the_token_waits() {
    JoinString join = token(new Binding.Ou(Dn.parse("OU=New,DC=corp")));
    KeyPair keys = EcKeys.generate();
    assertThat(refusal(request(join, keys, "web-01,OU=Admins"), NOON)).isEqualTo(Code.NO_COMPUTER);
    enrolled(request(join, keys, "db-08"));
  }

  @Test
  void of_many_keys_at_once_one_gets_in() throws Exception {
    JoinString join = token(WEB_01);
    List<Callable<Outcome>> all =
        Stream.generate(EcKeys::generate)
            .limit(8)
            .map(keys -> request(join, keys, "web-01"))
            .map(request -> (Callable<Outcome>) () -> enroller.enroll(request, NOON))
            .toList();
    try (var pool = Executors.newFixedThreadPool(8)) {
      int in = 0;
      for (var answer : pool.invokeAll(all)) if (answer.get() instanceof Outcome.Enrolled) in++;
      assertThat(in).isEqualTo(1);
    }
    assertThat(hosts.all()).hasSize(1);
  }

  @Test
  void one_key_many_times_at_once_is_one_host() throws Exception {
    JoinString join = token(WEB_01);
    var request = request(join, EcKeys.generate(), "web-01");
    List<Callable<Outcome>> all =
        Stream.generate(() -> (Callable<Outcome>) () -> enroller.enroll(request, NOON))
            .limit(8)
            .toList();
    try (var pool = Executors.newFixedThreadPool(8)) {
      var ids = new HashSet<HostId>();
      var epochs = new HashSet<String>();
      for (var answer : pool.invokeAll(all)) {
        if (!(answer.get() instanceof Outcome.Enrolled(var response)))
          throw new AssertionError(answer.get());
        ids.add(response.host());
        epochs.add(response.epoch());
      }
      assertThat(ids).hasSize(1);
      assertThat(epochs).hasSize(1);
    }
  }

  @Test
  void a_second_host_of_a_computer_replaces_the_first() {
    var first = enrolled(request(token(WEB_01), EcKeys.generate(), "web-01"));
    var second = enrolled(request(token(WEB_01), EcKeys.generate(), "web-01"));
    assertThat(second.host()).isNotEqualTo(first.host());
    assertThat(second.epoch()).isNotEqualTo(first.epoch());
    assertThat(hosts.revoked()).containsExactly(first.host());
    assertThat(audited(Audit.Event.REVOKED)).isEqualTo(1);
  }

  @Test
  void a_host_renews_with_a_new_key() {
    var response = enrolled(request(token(WEB_01), EcKeys.generate(), "web-01"));
    KeyPair next = EcKeys.generate();
    Instant late = NOON.plus(Duration.ofDays(200)); // its certificate has expired

    if (!(enroller.renew(response.host(), Csr.create(next), late)
        instanceof Renewal.Renewed(var pem))) throw new AssertionError("refused");

    var certificate = HostCertificate.find(Pem.parseCertificates(pem).getFirst()).orElseThrow();
    assertThat(certificate.host()).isEqualTo(response.host());
    assertThat(certificate.until()).isEqualTo(late.plus(Authority.HOST_VALIDITY));
    Host host = hosts.find(response.host()).orElseThrow();
    assertThat(host.key()).isEqualTo(EcKeys.digest(next.getPublic()));
    assertThat(host.validUntil()).isEqualTo(certificate.until());
  }

  @Test
  void a_revoked_host_gets_no_certificate() {
    JoinString join = token(WEB_01);
    KeyPair keys = EcKeys.generate();
    var response = enrolled(request(join, keys, "web-01"));
    hosts.revoke(response.host(), NOON);

    assertThat(enroller.renew(response.host(), Csr.create(keys), NOON))
        .isInstanceOfSatisfying(
            Renewal.Refused.class, r -> assertThat(r.code()).isEqualTo(Code.REVOKED));
    assertThat(refusal(request(join, keys, "web-01"), NOON)).isEqualTo(Code.REVOKED);
  }

  @Test
  void an_unknown_host_is_refused() {
    assertThat(enroller.renew(new HostId("0".repeat(32)), Csr.create(EcKeys.generate()), NOON))
        .isInstanceOfSatisfying(
            Renewal.Refused.class, r -> assertThat(r.code()).isEqualTo(Code.NOT_ENROLLED));
  }

  /// Killed between using the token and remembering the host.
  @Test
  void a_token_used_by_a_host_nobody_remembers_lets_the_same_key_in() {
    JoinString join = token(WEB_01);
    KeyPair keys = EcKeys.generate();
    var id = new HostId("a".repeat(32));
    Digest key = EcKeys.digest(keys.getPublic());
    assertThat(new JdbcTokenStore(jdbc).use(join.tokenId(), key, id).host()).isEqualTo(id);

    assertThat(enrolled(request(join, keys, "web-01")).host()).isEqualTo(id);
  }
}
