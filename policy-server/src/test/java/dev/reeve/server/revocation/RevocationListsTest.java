package dev.reeve.server.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.model.bundle.Digest;
import dev.reeve.model.bundle.HostId;
import dev.reeve.model.bundle.Revocations;
import dev.reeve.server.enrolment.Host;
import dev.reeve.server.store.Database;
import dev.reeve.server.store.JdbcHosts;
import dev.reeve.server.store.JdbcRevocationStore;
import dev.reeve.trust.Authority;
import dev.reeve.trust.CheckedCrl;
import dev.reeve.trust.Purpose;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/// On a real database, with a real authority.
class RevocationListsTest {

  private static final Instant NOON = Instant.parse("2026-11-28T12:00:00Z");
  private static final HostId WEB = new HostId("1".repeat(32));
  private static final HostId DB = new HostId("2".repeat(32));

  @TempDir Path directory;

  private Instant now = NOON;
  private Authority authority;
  private JdbcHosts hosts;
  private JdbcRevocationStore store;
  private RevocationLists lists;

  @BeforeEach
  void two_hosts_joined() throws Exception {
    authority = Authority.openOrCreate(directory.resolve("pki"), NOON, new SecureRandom());
    var source = new JdbcDataSource();
    source.setUrl("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
    Database.migrate(source);
    var jdbc = JdbcClient.create(source);
    hosts = new JdbcHosts(jdbc);
    store = new JdbcRevocationStore(jdbc);
    lists = server();
    joined(WEB, 101);
    joined(DB, 202);
  }

  private RevocationLists server() {
    return new RevocationLists(store, authority::issueCrl, List.of(root()), () -> now);
  }

  private RootsCrl root() {
    return new RootsCrl(authority.rootCrl(), directory.resolve("pki"));
  }

  private void joined(HostId id, long serial) {
    assertThat(
            hosts.add(
                new Host(
                    id,
                    "e".repeat(32),
                    "guid-" + id,
                    "CN=x,DC=corp",
                    "x",
                    NOON,
                    Digest.of(new byte[0]),
                    BigInteger.valueOf(serial),
                    NOON.plus(Duration.ofDays(90)),
                    Optional.empty())))
        .isTrue();
  }

  private static X509CRL crl(byte[] object) throws Exception {
    return (X509CRL)
        CertificateFactory.getInstance("X.509")
            .generateCRL(new ByteArrayInputStream(Revocations.parse(object).crl()));
  }

  private static boolean names(X509CRL crl, long serial) {
    return crl.getRevokedCertificate(BigInteger.valueOf(serial)) != null;
  }

  @Test
  void a_list_is_signed_by_the_issuer_of_hosts_and_names_nobody_at_first() throws Exception {
    X509CRL crl = crl(lists.current());
    crl.verify(authority.issuer(Purpose.HOST).getPublicKey());
    assertThat(crl.getIssuerX500Principal())
        .isEqualTo(authority.issuer(Purpose.HOST).getSubjectX500Principal());
    assertThat(crl.getRevokedCertificates()).isNull();
    assertThat(crl.getThisUpdate().toInstant()).isBefore(NOON);
    assertThat(crl.getNextUpdate().toInstant()).isEqualTo(NOON.plus(RevocationLists.VALIDITY));
    assertThat(Revocations.parse(lists.current()).hosts()).isEmpty();
  }

  @Test
  void the_roots_own_crl_comes_with_it() throws Exception {
    List<byte[]> others = Revocations.parse(lists.current()).others();
    assertThat(others).hasSize(1);
    var crl =
        (X509CRL)
            CertificateFactory.getInstance("X.509")
                .generateCRL(new ByteArrayInputStream(others.getFirst()));
    crl.verify(authority.root().getPublicKey());
    assertThat(crl.getRevokedCertificates()).isNull();
    assertThat(lists.state().warnings()).isEmpty();
  }

  /// Lists of before are found in the database after an update.
  @Test
  void a_list_without_the_roots_crl_is_replaced_when_there_is_one() {
    var none = new RootsCrl(Optional.empty(), directory.resolve("pki"));
    var before = new RevocationLists(store, authority::issueCrl, List.of(none), () -> now);
    assertThat(Revocations.parse(before.current()).others()).isEmpty();
    assertThat(before.state().warnings())
        .singleElement()
        .asString()
        .contains("strongCrlCheck 2 refuses every peer", "pki/root.crl", "Bring root.key back");
    assertThat(Revocations.parse(lists.current()).others()).hasSize(1);
  }

  private record Have(List<CheckedCrl> current) implements OtherCrls {
    @Override
    public List<String> warnings(Instant now) {
      return List.of();
    }
  }

  /// Each server fetches for itself; the newest counts for all, or hosts would be sent back and
  /// forth.
  @Test
  void of_two_servers_with_other_crls_the_newest_of_each_authority_is_given_out() throws Exception {
    var ca = new TestCa("CN=Acme", NOON);
    Instant until = NOON.plus(Duration.ofDays(2));
    byte[] older = ca.crl(NOON.minusSeconds(60), until, 0);
    byte[] newer = ca.crl(NOON, until, 1);
    var slow = having(CheckedCrl.of(older, ca.certificate));
    var quick = having(CheckedCrl.of(newer, ca.certificate));
    assertThat(Revocations.parse(slow.look()).others()).containsExactly(older);
    byte[] both = quick.look();
    assertThat(Revocations.parse(both).others()).containsExactly(newer);
    assertThat(slow.look()).isEqualTo(both);
    assertThat(having().look()).isEqualTo(both);

    now = until.plusSeconds(1); // nobody has anything newer
    assertThat(Revocations.parse(having().look()).others()).isEmpty();
  }

  private RevocationLists having(CheckedCrl... crls) {
    return new RevocationLists(
        store, authority::issueCrl, List.of(new Have(List.of(crls))), () -> now);
  }

  @Test
  void the_end_of_the_roots_crl_is_told_a_year_before() {
    Instant end = authority.rootCrl().orElseThrow().until();
    now = end.minus(Duration.ofDays(366));
    lists.look();
    assertThat(lists.state().warnings()).isEmpty();
    now = end.minus(Duration.ofDays(364));
    lists.look();
    assertThat(lists.state().warnings()).singleElement().asString().contains("ends " + end);
    now = end.plusSeconds(1);
    lists.look();
    assertThat(lists.state().warnings()).singleElement().asString().contains("ended " + end);
  }

  /// Some 1,800 fit; from four fifths on it is told, with how many there are.
  @Test
  void a_list_that_grows_too_long_for_hosts_is_told_in_good_time() {
    for (int i = 0; i < 1400; i++) {
      hosts.certified(
          DB,
          Digest.of(new byte[0]),
          BigInteger.ONE.shiftLeft(126).add(BigInteger.valueOf(i)),
          NOON.plus(Duration.ofDays(90)));
    }
    hosts.revoke(DB, NOON);
    lists.look();
    assertThat(lists.state().certificates()).isEqualTo(1401);
    assertThat(lists.state().warnings()).isEmpty();
    for (int i = 1400; i < 1600; i++) {
      hosts.certified(
          DB,
          Digest.of(new byte[0]),
          BigInteger.ONE.shiftLeft(126).add(BigInteger.valueOf(i)),
          NOON.plus(Duration.ofDays(90)));
    }
    lists.look();
    assertThat(lists.state().bytes())
        .isBetween(Revocations.LONGEST_CRL / 100 * 80, Revocations.LONGEST_CRL);
    assertThat(lists.state().warnings())
        .singleElement()
        .asString()
        .contains("for 1601 certificates", "65535");
  }

  @Test
  void every_certificate_of_a_revoked_host_is_on_it_until_it_expires() throws Exception {
    hosts.certified(
        DB, Digest.of(new byte[0]), BigInteger.valueOf(203), NOON.plus(Duration.ofDays(120)));
    hosts.revoke(DB, NOON);
    X509CRL crl = crl(lists.look());
    assertThat(names(crl, 202)).isTrue();
    assertThat(names(crl, 203)).isTrue();
    assertThat(names(crl, 101)).isFalse();
    assertThat(Revocations.parse(lists.current()).hosts()).containsExactly(DB);

    now = NOON.plus(Duration.ofDays(100));
    assertThat(names(crl(lists.look()), 202)).isFalse();
    assertThat(names(crl(lists.look()), 203)).isTrue();
    now = NOON.plus(Duration.ofDays(121));
    assertThat(Revocations.parse(lists.look()).hosts()).isEmpty();
  }

  @Test
  void a_new_list_comes_with_a_revocation_or_when_half_its_time_is_over() {
    var told = new AtomicInteger();
    lists.onChange(told::incrementAndGet);
    byte[] first = lists.current();
    long generation = lists.generation();
    assertThat(lists.look()).isEqualTo(first);
    assertThat(lists.generation()).isEqualTo(generation);
    assertThat(told).hasValue(1);

    hosts.revoke(DB, NOON);
    byte[] second = lists.look();
    assertThat(second).isNotEqualTo(first);
    assertThat(lists.current()).isEqualTo(second);
    assertThat(lists.generation()).isGreaterThan(generation);
    assertThat(told).hasValue(2);

    now = NOON.plus(RevocationLists.VALIDITY.dividedBy(2)).plusSeconds(1);
    assertThat(lists.look()).isNotEqualTo(second);
    assertThat(told).hasValue(3);
  }

  @Test
  void servers_on_one_database_give_out_the_same_list() {
    RevocationLists other = server();
    assertThat(other.current()).isEqualTo(lists.current());
    hosts.revoke(WEB, NOON);
    assertThat(other.look()).isEqualTo(lists.look());
    assertThat(server().current()).isEqualTo(lists.current());
  }

  @Test
  void of_two_servers_that_issue_at_once_one_wins() {
    byte[] content = lists.current();
    var late = new RevocationStore.Issued(1, Digest.of(content), NOON, new byte[] {1});
    assertThat(store.save(late)).isFalse();
    assertThat(store.findLatest().orElseThrow().content()).isEqualTo(content);
  }
}
