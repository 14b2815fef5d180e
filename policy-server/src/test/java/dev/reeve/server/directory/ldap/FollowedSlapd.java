package dev.reeve.server.directory.ldap;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.Modification;
import com.unboundid.ldap.sdk.ModificationType;
import dev.reeve.lab.NativeSlapd;
import dev.reeve.lab.TestCa;
import dev.reeve.model.gp.Dn;
import dev.reeve.schema.names.LdapAttribute;
import dev.reeve.server.directory.DirectoryException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// A real slapd, and a source that follows it by way of a line that can be cut.
@SuppressWarnings("NullAway.Init")
abstract class FollowedSlapd {

  static final String BASE = NativeSlapd.BASE;
  static final String SERVERS = "OU=Servers," + BASE;
  static final String WEB = "OU=Web," + SERVERS;
  static final String WEB_01 = "CN=web-01," + WEB;

  static final String PASSWORDS = "to attrs=userPassword by anonymous auth by * none";
  static final String ALL_READABLE =
      "to * by dn.exact=\"" + NativeSlapd.READER + "\" read by * none";

  @TempDir static Path shared;
  static TestCa ca;

  @TempDir Path dir;
  NativeSlapd slapd;
  Relay relay;
  LDAPConnection admin;
  Path password;
  final Collected seen = new Collected();
  Optional<LdapSource> source = Optional.empty();

  @BeforeAll
  static void makeCa() throws Exception {
    assumeTrue(NativeSlapd.missing().isEmpty(), () -> NativeSlapd.missing().orElse(""));
    ca = TestCa.make(shared, "localhost", "DNS:localhost,IP:127.0.0.1");
  }

  /// The directory of one test; a class may share one.
  NativeSlapd open() throws Exception {
    return NativeSlapd.start(dir.resolve("slapd"), ca);
  }

  /// Leaves it as the next test may find it.
  void leave() throws Exception {
    slapd.close();
  }

  @BeforeEach
  void start() throws Exception {
    slapd = open();
    relay = Relay.to(slapd.tlsAddress());
    admin = slapd.administrator();
    password = Files.writeString(dir.resolve("password"), NativeSlapd.PASSWORD + "\n");
  }

  @AfterEach
  void stop() throws Exception {
    source.ifPresent(LdapSource::close);
    relay.close();
    leave();
    admin.close();
  }

  LdapConfig config() {
    return config(NativeSlapd.READER, "ldaps://127.0.0.1:" + relay.port());
  }

  LdapConfig config(String account, String... urls) {
    return config(account, Optional.empty(), false, urls);
  }

  LdapConfig config(String account, Optional<FeedKind> feed, boolean startTls, String... urls) {
    return config(account, feed, startTls, Duration.ofHours(1), urls);
  }

  LdapConfig config(
      String account, Optional<FeedKind> feed, boolean startTls, Duration full, String... urls) {
    var timing =
        new LdapConfig.Timing(
            Duration.ofMillis(50),
            Duration.ofMillis(200),
            Duration.ofMillis(200),
            full,
            Duration.ofSeconds(20));
    return new LdapConfig(
        List.of(urls).stream().map(LdapAddress::parse).toList(),
        Dn.parse(BASE),
        new Credentials.Password(account, password),
        Optional.of(ca.caFile()),
        Optional.empty(),
        startTls,
        feed,
        timing);
  }

  void follow(LdapConfig config) throws DirectoryException {
    source = Optional.of(new LdapSource(config));
    source.get().start(seen);
  }

  /// What a fresh complete read shows.
  Collected truth() throws DirectoryException {
    var truth = new Collected();
    try (var fresh = new LdapSource(config())) {
      fresh.start(truth);
    }
    return truth;
  }

  void awaitTruth() throws Exception {
    var truth = truth().content();
    seen.await("the picture is the truth", s -> !s.isLost() && s.content().equals(truth));
  }

  static Modification replace(LdapAttribute attribute, String... values) {
    return new Modification(ModificationType.REPLACE, attribute.ldapName(), values);
  }

  void describe(String dn, String text) throws Exception {
    admin.modify(dn, replace(LdapAttribute.DESCRIPTION, text));
  }

  void addComputer(String dn) throws Exception {
    admin.add("dn: " + dn, "objectClass: computer", "cn: " + Dn.parse(dn).name());
  }

  /// Replaces a setting of the database.
  void access(String attribute, String... values) throws Exception {
    try (LDAPConnection configurator = slapd.configurator()) {
      configurator.modify(
          "olcDatabase={1}mdb,cn=config",
          new Modification(ModificationType.REPLACE, attribute, values));
    }
  }
}
