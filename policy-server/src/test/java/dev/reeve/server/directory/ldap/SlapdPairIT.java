package dev.reeve.server.directory.ldap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.Modification;
import com.unboundid.ldap.sdk.ModificationType;
import dev.reeve.lab.NativeSlapd;
import dev.reeve.model.gp.DirectoryContent;
import dev.reeve.schema.names.LdapAttribute;
import dev.reeve.server.directory.DirectoryChange;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Two real slapd that hold the same content and write to each other what they are told, as
/// OpenLDAP's multi-provider replication has it: one is killed, then the other.
@SuppressWarnings("NullAway.Init")
class SlapdPairIT extends FollowedSlapd {

  private static final String DATABASE = "olcDatabase={1}mdb,cn=config";

  private NativeSlapd other;
  private Relay replication; // from the first to the other
  private Optional<LDAPConnection> otherAdmin = Optional.empty();

  @BeforeEach
  void pair() throws Exception {
    other = NativeSlapd.start(dir.resolve("other"), ca);
    other.stop();
    try (var files = Files.list(other.database())) {
      for (Path file : files.toList()) Files.delete(file);
    }
    other.start();
    replication = Relay.to(slapd.ldapAddress());
    pull(other, 2, replication.port());
    pull(slapd, 1, other.port());
    otherAdmin = Optional.of(other.administrator());
    describe(admin, "to both");
    awaitAt(otherAdmin(), "to both");
  }

  /// @param id of the server that pulls
  private static void pull(NativeSlapd server, int id, int port) throws Exception {
    try (LDAPConnection configurator = server.configurator()) {
      configurator.modify(
          "cn=config",
          new Modification(ModificationType.REPLACE, "olcServerID", Integer.toString(id)));
      configurator.modify(
          DATABASE,
          new Modification(
              ModificationType.REPLACE,
              "olcSyncrepl",
              """
              rid=001 provider=ldap://127.0.0.1:%d searchbase="%s" type=refreshAndPersist \
              retry="1 +" bindmethod=simple binddn="%s" credentials=%s\
              """
                  .formatted(port, BASE, NativeSlapd.ADMIN, NativeSlapd.PASSWORD)),
          new Modification(ModificationType.REPLACE, "olcMultiProvider", "TRUE"));
    }
  }

  @AfterEach
  void part() throws Exception {
    otherAdmin.ifPresent(LDAPConnection::close);
    if (replication != null) replication.close();
    if (other != null) other.close();
  }

  private void followBoth() throws Exception {
    follow(
        config(
            NativeSlapd.READER,
            "ldaps://127.0.0.1:" + slapd.tlsAddress().getPort(),
            "ldaps://127.0.0.1:" + other.tlsAddress().getPort()));
  }

  private static void describe(LDAPConnection connection, String text) throws Exception {
    connection.modify(WEB, replace(LdapAttribute.DESCRIPTION, text));
  }

  private static void awaitAt(LDAPConnection connection, String text) {
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() ->
            Optional.ofNullable(connection.getEntry(WEB))
                .filter(entry -> text.equals(entry.getAttributeValue("description")))
                .isPresent());
  }

  private void awaitSeen(String text) throws Exception {
    seen.await(text, s -> s.text(WEB, LdapAttribute.DESCRIPTION).equals(Optional.of(text)));
  }

  private LDAPConnection otherAdmin() {
    return otherAdmin.orElseThrow();
  }

  @Test
  void when_the_first_is_killed_the_other_goes_on_where_it_was_and_so_back_again()
      throws Exception {
    followBoth();
    describe(admin, "by the first");
    awaitSeen("by the first");
    awaitAt(otherAdmin(), "by the first");
    slapd.kill();
    otherAdmin().delete(WEB_01);
    describe(otherAdmin(), "by the other");
    awaitSeen("by the other");
    seen.await("the deletion", s -> s.find(WEB_01).isEmpty());
    assertThat(seen.losses()).isEmpty();

    slapd.start();
    admin = slapd.administrator();
    awaitAt(admin, "by the other");
    describe(admin, "by the first again"); // which comes by way of the other
    awaitAt(otherAdmin(), "by the first again");
    awaitSeen("by the first again");
    other.kill();
    describe(admin, "by the first alone");
    awaitSeen("by the first alone");

    assertThat(seen.resets()).as("full reads").isEqualTo(1);
    assertThat(seen.changes().stream().filter(DirectoryChange.Delete.class::isInstance)).hasSize(1);
    assertTruth(slapd);
  }

  private void assertTruth(NativeSlapd server) throws Exception {
    var truth = new Collected();
    String url = "ldaps://127.0.0.1:" + server.tlsAddress().getPort();
    try (var fresh = new LdapSource(config(NativeSlapd.READER, url))) {
      fresh.start(truth);
    }
    assertSame(content(truth));
  }

  private static DirectoryContent content(Collected collected) {
    return SmallDomain.snapshot(collected).content();
  }

  /// In replicated entries OpenLDAP spells names its own way: names are compared, not their texts.
  private void assertSame(DirectoryContent wanted) {
    assertThat(ContentDifference.between(content(seen), wanted)).isEmpty();
  }

  /// What it has not been told yet is not there for us either, until it is told.
  @Test
  void when_the_other_is_behind_its_content_counts_and_no_more_is_withdrawn() throws Exception {
    followBoth();
    int before = seen.entries().size();
    replication.cut();
    addComputer("CN=web-50," + WEB);
    describe(admin, "by the first alone");
    awaitSeen("by the first alone");
    assertThat(seen.entries()).hasSize(before + 1);

    slapd.kill();
    describe(otherAdmin(), "by the other alone");
    awaitSeen("by the other alone");
    assertThat(seen.entries()).hasSize(before);
    assertTruth(other);
    assertThat(seen.losses()).isEmpty();

    slapd.start();
    replication.mend();
    seen.await("what was held back", s -> s.find("CN=web-50," + WEB).isPresent());
    assertThat(seen.entries()).hasSize(before + 1);
    assertTruth(other);
  }

  /// Both are gone for a while, and the one that comes back first is not the one that was followed.
  @Test
  void when_both_are_gone_the_picture_stays_and_either_ends_the_outage() throws Exception {
    followBoth();
    describe(admin, "by the first");
    awaitSeen("by the first");
    awaitAt(otherAdmin(), "by the first");
    var before = content(seen);
    other.kill();
    slapd.kill();
    seen.await("the loss", Collected::isLost);
    assertSame(before);

    other.start();
    seen.await("contact", s -> !s.isLost());
    assertSame(before);
    try (LDAPConnection connection = other.administrator()) {
      describe(connection, "by the other");
    }
    awaitSeen("by the other");
    assertThat(seen.changes().stream().filter(DirectoryChange.Delete.class::isInstance)).isEmpty();
  }
}
