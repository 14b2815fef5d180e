package dev.reeve.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reeve.model.bundle.BundleVersion;
import dev.reeve.model.bundle.Digest;
import dev.reeve.model.bundle.Facts;
import dev.reeve.model.bundle.HostId;
import dev.reeve.model.gp.Dn;
import dev.reeve.model.status.StatusReport;
import dev.reeve.server.enrolment.Audit;
import dev.reeve.server.enrolment.Host;
import dev.reeve.server.enrolment.Token;
import dev.reeve.server.enrolment.Token.Binding;
import dev.reeve.server.publish.Ledger;
import dev.reeve.server.reports.Reports;
import dev.reeve.server.withdrawal.Parts;
import dev.reeve.server.withdrawal.Remembered;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/// What every database must do. Each test uses hosts of its own, so the tables may be shared.
@TestInstance(Lifecycle.PER_CLASS)
abstract class StoreContract {

  static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
  private static final String EPOCH = "0".repeat(31) + "1";

  abstract DataSource open() throws Exception;

  abstract void close() throws Exception;

  private DataSource source;
  private JdbcClient jdbc;

  @BeforeAll
  void connect() throws Exception {
    source = open();
    Database.migrate(source);
    jdbc = JdbcClient.create(source);
  }

  @AfterAll
  void disconnect() throws Exception {
    close();
  }

  static HostId someHost() {
    return new HostId(UUID.randomUUID().toString().replace("-", ""));
  }

  private static Host host(HostId id, String guid, Instant enrolled) {
    return new Host(
        id,
        EPOCH,
        guid,
        "CN=wéb-01\\, old,OU=Web,DC=corp,DC=example",
        "web-01",
        enrolled,
        Digest.of(new byte[] {1}),
        BigInteger.TWO.pow(126).add(BigInteger.ONE),
        enrolled.plus(Duration.ofDays(90)),
        Optional.empty());
  }

  @Test
  void a_host_comes_back_as_it_was_stored() {
    var hosts = new JdbcHosts(jdbc);
    Host host = host(someHost(), UUID.randomUUID().toString(), NOON.plusNanos(123_456_000));
    assertThat(hosts.find(host.id())).isEmpty();

    assertThat(hosts.add(host)).isTrue();

    assertThat(hosts.find(host.id())).contains(host);
    assertThat(hosts.all()).contains(host);
  }

  @Test
  void a_host_is_added_once() {
    var hosts = new JdbcHosts(jdbc);
    Host host = host(someHost(), UUID.randomUUID().toString(), NOON);
    assertThat(hosts.add(host)).isTrue();
    assertThat(hosts.add(host(host.id(), "another", NOON))).isFalse();
    assertThat(hosts.find(host.id())).contains(host);
  }

  @Test
  void hosts_of_a_computer_come_newest_first() {
    var hosts = new JdbcHosts(jdbc);
    String guid = UUID.randomUUID().toString();
    Host older = host(someHost(), guid, NOON);
    Host newer = host(someHost(), guid, NOON.plusSeconds(1));
    assertThat(hosts.add(older) && hosts.add(newer)).isTrue();
    assertThat(hosts.ofComputer(guid)).containsExactly(newer, older);
  }

  @Test
  void a_new_certificate_is_remembered() {
    var hosts = new JdbcHosts(jdbc);
    Host host = host(someHost(), UUID.randomUUID().toString(), NOON);
    assertThat(hosts.add(host)).isTrue();
    Digest key = Digest.of(new byte[] {2});
    hosts.certified(host.id(), key, BigInteger.TEN, NOON.plusSeconds(5));
    Host after = hosts.find(host.id()).orElseThrow();
    assertThat(after.key()).isEqualTo(key);
    assertThat(after.serial()).isEqualTo(BigInteger.TEN);
    assertThat(after.validUntil()).isEqualTo(NOON.plusSeconds(5));
  }

  @Test
  void the_first_revocation_stays() {
    var hosts = new JdbcHosts(jdbc);
    Host host = host(someHost(), UUID.randomUUID().toString(), NOON);
    assertThat(hosts.add(host)).isTrue();
    assertThat(hosts.revoked()).doesNotContain(host.id());
    hosts.revoke(host.id(), NOON);
    hosts.revoke(host.id(), NOON.plusSeconds(1));
    assertThat(hosts.find(host.id()).orElseThrow().revoked()).contains(NOON);
    assertThat(hosts.revoked()).contains(host.id());
  }

  static List<Binding> bindings() {
    return List.of(
        new Binding.Computer(Dn.parse("CN=a\\,b,DC=corp")),
        new Binding.Ou(Dn.parse("OU=Wüb,DC=corp")),
        Binding.Name.NAME);
  }

  private static Token token(Binding binding) {
    return new Token(
        UUID.randomUUID().toString().replace("-", "").substring(0, 16),
        Digest.of(new byte[] {3}),
        binding,
        NOON,
        NOON.plusSeconds(60),
        Optional.empty());
  }

  @ParameterizedTest
  @MethodSource("bindings")
  void a_token_comes_back_as_it_was_stored(Binding binding) {
    var tokens = new JdbcTokenStore(jdbc);
    Token token = token(binding);
    tokens.add(token);
    assertThat(tokens.find(token.id())).contains(token);
    assertThat(tokens.find("f".repeat(16))).isEmpty();
  }

  @Test
  void of_many_that_use_a_token_at_once_one_wins_and_all_learn_who() throws Exception {
    var tokens = new JdbcTokenStore(jdbc);
    Token token = token(Binding.Name.NAME);
    tokens.add(token);
    List<Callable<Token.Use>> all =
        IntStream.range(0, 16)
            .mapToObj(i ->
                (Callable<Token.Use>)
                    () -> tokens.use(token.id(), Digest.of(new byte[] {(byte) i}), someHost()))
            .toList();
    try (var pool = Executors.newFixedThreadPool(8)) {
      var answers = new java.util.HashSet<Token.Use>();
      for (var answer : pool.invokeAll(all)) answers.add(answer.get());
      assertThat(answers).hasSize(1);
      assertThat(tokens.find(token.id()).orElseThrow().use())
          .isEqualTo(answers.stream().findFirst());
    }
  }

  static Ledger.Entry entry(long version, String signed) {
    return new Ledger.Entry(
        new BundleVersion(EPOCH, version), signed.getBytes(StandardCharsets.UTF_8));
  }

  private static void assertSame(Optional<Ledger.Entry> found, Ledger.Entry expected) {
    assertThat(found.map(Ledger.Entry::version)).contains(expected.version());
    assertThat(found.orElseThrow().signed()).isEqualTo(expected.signed());
  }

  @Test
  void the_newest_version_is_found() {
    var ledger = new JdbcLedger(jdbc);
    HostId host = someHost();
    assertThat(ledger.latest(host)).isEmpty();
    ledger.record(host, entry(9, "nine"));
    ledger.record(host, entry(10, "ten"));
    assertSame(ledger.latest(host), entry(10, "ten"));
    assertThat(ledger.latest(someHost())).isEmpty();
  }

  @Test
  void a_version_means_one_thing() {
    var ledger = new JdbcLedger(jdbc);
    HostId host = someHost();
    ledger.record(host, entry(2, "two"));
    for (long late : List.of(1L, 2L)) {
      assertThatThrownBy(() -> ledger.record(host, entry(late, "other")))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("another server recorded version " + late + " or later");
    }
    assertSame(ledger.latest(host), entry(2, "two"));
  }

  @Test
  void of_many_servers_that_record_a_version_at_once_one_wins() throws Exception {
    var ledger = new JdbcLedger(jdbc);
    HostId host = someHost();
    List<Callable<Boolean>> all =
        IntStream.range(0, 16)
            .mapToObj(i -> (Callable<Boolean>) () -> records(ledger, host, entry(1, "by " + i)))
            .toList();
    try (var pool = Executors.newFixedThreadPool(8)) {
      int winners = 0;
      for (var answer : pool.invokeAll(all)) if (answer.get()) winners++;
      assertThat(winners).isEqualTo(1);
    }
  }

  private static boolean records(Ledger ledger, HostId host, Ledger.Entry entry) {
    try {
      ledger.record(host, entry);
      return true;
    } catch (IllegalStateException _) {
      return false;
    }
  }

  @Test
  void a_version_is_renewed_in_place() {
    var ledger = new JdbcLedger(jdbc);
    HostId host = someHost();
    ledger.record(host, entry(1, "until Monday"));
    ledger.renew(host, entry(1, "until Friday"));
    assertSame(ledger.latest(host), entry(1, "until Friday"));
  }

  @Test
  void old_versions_are_forgotten_and_still_mean_one_thing() {
    var ledger = new JdbcLedger(jdbc);
    HostId host = someHost();
    for (long version = 1; version <= 50; version++) ledger.record(host, entry(version, "x"));
    assertThat(
            jdbc.sql("select count(*) from ledger where host_id = ?")
                .param(host.text())
                .query(Integer.class)
                .single())
        .isEqualTo(21);
    assertThat(records(ledger, host, entry(1, "again"))).isFalse();
  }

  private HostId joined() {
    Host host = host(someHost(), UUID.randomUUID().toString(), NOON);
    assertThat(new JdbcHosts(jdbc).add(host)).isTrue();
    return host.id();
  }

  private static Remembered remembered(
      HostId host, Parts had, Optional<Instant> since, Optional<Instant> confirmed) {
    return new Remembered(host, host(host, "", NOON).computerDn(), had, since, confirmed);
  }

  @Test
  void whether_a_host_has_policy_is_remembered_and_an_unknown_changes_nothing() {
    var memory = new JdbcPolicyMemory(jdbc);
    HostId host = joined();
    assertThat(memory.find(host)).isEmpty();

    memory.remember(host, Optional.of(true), Optional.of(false), NOON);
    var has = remembered(host, new Parts(true, false), Optional.empty(), Optional.empty());
    assertThat(memory.find(host)).contains(has);
    assertThat(memory.all()).contains(has);

    memory.remember(host, Optional.empty(), Optional.empty(), NOON.plusSeconds(1));
    assertThat(memory.find(host)).contains(has);

    memory.remember(host, Optional.of(false), Optional.empty(), NOON.plusSeconds(2));
    assertThat(memory.find(host))
        .contains(remembered(host, Parts.NONE, Optional.of(NOON.plusSeconds(2)), Optional.empty()));

    new JdbcHosts(jdbc).revoke(host, NOON);
    assertThat(memory.find(host)).isEmpty();
    assertThat(memory.all()).noneMatch(r -> r.host().equals(host));
  }

  @Test
  void a_confirmation_lasts_until_the_policy_is_back() {
    var memory = new JdbcPolicyMemory(jdbc);
    HostId host = joined();
    memory.remember(host, Optional.of(true), Optional.of(true), NOON);
    memory.confirm(List.of(host), NOON.plusSeconds(1));
    memory.remember(host, Optional.of(false), Optional.of(false), NOON.plusSeconds(2));
    assertThat(memory.find(host))
        .contains(
            remembered(
                host,
                Parts.NONE,
                Optional.of(NOON.plusSeconds(2)),
                Optional.of(NOON.plusSeconds(1))));

    memory.remember(host, Optional.of(true), Optional.of(false), NOON.plusSeconds(3));
    var back = remembered(host, new Parts(true, false), Optional.empty(), Optional.empty());
    assertThat(memory.find(host)).contains(back);

    memory.confirm(List.of(host), NOON.plusSeconds(4));
    memory.forgetConfirmation(List.of(host));
    assertThat(memory.find(host)).contains(back);
  }

  @Test
  void an_object_is_stored_under_its_digest_however_often() {
    var objects = new JdbcObjectStore(jdbc);
    byte[] large = new byte[3 << 20];
    new java.util.Random(7).nextBytes(large);
    Digest digest = Digest.of(large);
    assertThat(objects.find(digest)).isEmpty();
    objects.put(digest, large);
    objects.put(digest, large);
    assertThat(objects.find(digest).orElseThrow()).isEqualTo(large);
  }

  @Test
  void facts_are_replaced_and_only_a_difference_is_a_change() {
    var facts = new JdbcHostFacts(jdbc);
    HostId host = someHost();
    Map<String, String> first = Map.of("os", "Débian", "odd", "a\u0000b");
    assertThat(facts.read(host)).isEmpty();
    assertThat(facts.findDigest(host)).isEmpty();

    assertThat(facts.save(host, first, NOON)).isTrue();
    assertThat(facts.save(host, first, NOON)).isFalse();
    assertThat(facts.read(host)).isEqualTo(first);
    assertThat(facts.findDigest(host)).contains(Digest.of(Facts.toBytes(first)));

    assertThat(facts.save(host, Map.of("os", "Alpine"), NOON)).isTrue();
    assertThat(facts.read(host)).isEqualTo(Map.of("os", "Alpine"));
  }

  @Test
  void the_newest_reports_are_kept_in_order() {
    var reports = new JdbcReports(jdbc);
    HostId host = someHost();
    HostId other = someHost();
    reports.save(other, report(99), NOON);
    for (int i = 0; i < Reports.KEPT + 5; i++) reports.save(host, report(i), NOON.plusSeconds(i));

    assertThat(reports.findLatest(host))
        .contains(
            new Reports.Received(NOON.plusSeconds(Reports.KEPT + 4), report(Reports.KEPT + 4)));
    assertThat(reports.history(host)).hasSize(Reports.KEPT);
    assertThat(reports.history(host).getLast().report()).isEqualTo(report(5));
    assertThat(reports.history(other)).hasSize(1);
    assertThat(reports.findLatest(someHost())).isEmpty();
  }

  private static StatusReport report(int number) {
    return new StatusReport(
        NOON.plusSeconds(number),
        EPOCH + "/" + number,
        "linux",
        "applied",
        "",
        List.of(),
        List.of(),
        List.of("clock is off"),
        List.of());
  }

  @Test
  void the_audit_takes_whatever_is_said() {
    var audit = new JdbcAudit(jdbc);
    String actor = UUID.randomUUID().toString();
    audit.record(NOON, actor, Audit.Event.ENROLMENT_REFUSED, "a\0b" + "x".repeat(5000));
    assertThat(
            jdbc.sql("select detail from audit where actor = ?")
                .param(actor)
                .query(String.class)
                .single())
        .startsWith("a?bx")
        .hasSize(4000);
  }

  @Test
  void migrating_again_changes_nothing() {
    Database.migrate(source);
    assertThat(new JdbcHosts(jdbc).find(someHost())).isEmpty();
  }
}
