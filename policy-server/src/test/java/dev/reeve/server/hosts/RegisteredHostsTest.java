package dev.reeve.server.hosts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.reeve.model.bundle.Digest;
import dev.reeve.model.bundle.Facts;
import dev.reeve.model.bundle.HostId;
import dev.reeve.server.enrolment.Host;
import dev.reeve.server.rsop.HostRegister;
import dev.reeve.server.store.Database;
import dev.reeve.server.store.JdbcHostFacts;
import dev.reeve.server.store.JdbcHosts;
import dev.reeve.trust.EcKeys;
import java.math.BigInteger;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class RegisteredHostsTest {

  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
  private static final HostId OLD = new HostId("1".repeat(32));
  private static final HostId NEW = new HostId("2".repeat(32));

  private JdbcHosts hosts;
  private RegisteredHosts register;

  @BeforeEach
  void two_hosts_joined() {
    var source = new JdbcDataSource();
    source.setUrl("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
    Database.migrate(source);
    var jdbc = JdbcClient.create(source);
    hosts = new JdbcHosts(jdbc);
    register = new RegisteredHosts(hosts, new JdbcHostFacts(jdbc));
    for (HostId id : new HostId[] {OLD, NEW}) {
      assertThat(
              hosts.add(
                  new Host(
                      id,
                      "e".repeat(32),
                      "guid",
                      "CN=web-01,DC=corp",
                      "web-01",
                      NOON,
                      Digest.of(new byte[0]),
                      BigInteger.ONE,
                      NOON.plus(Duration.ofDays(90)),
                      Optional.empty())))
          .isTrue();
    }
    assertThat(isRevoked(OLD)).isFalse();
    assertThat(isRevoked(NEW)).isFalse();
  }

  private boolean isRevoked(HostId host) {
    return register.find(host).orElseThrow().revoked();
  }

  @Test
  void a_host_that_was_replaced_is_known_to_be_revoked_at_once() {
    hosts.revoke(OLD, NOON);
    register.refresh(NEW); // it has just joined in the other's place
    assertThat(isRevoked(OLD)).isTrue();
    assertThat(isRevoked(NEW)).isFalse();
  }

  @Test
  void what_selects_policy_is_known_of_all_hosts_whether_they_have_asked_or_not() {
    var sent = Map.of("os", "debian");
    assertThat(register.saveFacts(OLD, sent, Digest.of(Facts.toBytes(sent)), NOON)).isTrue();
    String guid = register.find(NEW).orElseThrow().computerGuid();

    var fleet = register.fleet();

    assertThat(fleet.apply(OLD).orElseThrow().facts()).isEqualTo(sent);
    assertThat(fleet.apply(NEW)).contains(new HostRegister.Selecting(guid, Map.of()));
    assertThat(fleet.apply(new HostId("3".repeat(32)))).isEmpty();
  }

  @Test
  void a_host_that_another_server_revoked_is_noticed() {
    hosts.revoke(OLD, NOON);
    await().atMost(Duration.ofSeconds(60)).until(() -> isRevoked(OLD));
  }

  @Test
  void the_key_that_secrets_are_sealed_to_is_kept_and_a_new_one_replaces_it() {
    PublicKey first = EcKeys.generate().getPublic();
    PublicKey second = EcKeys.generate().getPublic();
    assertThat(register.knowsEncryptionKey(NEW, EcKeys.digest(first))).isFalse();

    assertThat(register.saveEncryptionKey(NEW, first)).isTrue();
    assertThat(register.saveEncryptionKey(NEW, first)).isFalse();
    long before = register.find(NEW).orElseThrow().version();
    assertThat(register.saveEncryptionKey(NEW, second)).isTrue();

    assertThat(register.knowsEncryptionKey(NEW, EcKeys.digest(second))).isTrue();
    assertThat(register.knowsEncryptionKey(NEW, EcKeys.digest(first))).isFalse();
    assertThat(register.find(NEW).orElseThrow().encryptionKey()).contains(second);
    assertThat(register.find(NEW).orElseThrow().version()).isGreaterThan(before);
    assertThat(register.find(OLD).orElseThrow().encryptionKey()).isEmpty();
  }

  @Test
  void a_key_that_another_server_took_is_found_when_the_host_names_it() {
    PublicKey key = EcKeys.generate().getPublic();
    hosts.saveEncryptionKey(NEW, key);
    assertThat(register.find(NEW).orElseThrow().encryptionKey()).isEmpty();
    assertThat(register.knowsEncryptionKey(NEW, EcKeys.digest(key))).isTrue();
    assertThat(register.find(NEW).orElseThrow().encryptionKey()).contains(key);
  }
}
