package dev.reeve.server.directory.ldap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.Modification;
import com.unboundid.ldap.sdk.ModificationType;
import com.unboundid.ldap.sdk.SearchScope;
import dev.reeve.lab.NativeSlapd;
import dev.reeve.lab.Programs;
import dev.reeve.lab.TestCa;
import dev.reeve.model.gp.Dn;
import dev.reeve.schema.names.LdapAttribute;
import dev.reeve.server.directory.DirectoryChange;
import dev.reeve.server.directory.DirectoryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A real slapd, and what goes wrong with one.
@SuppressWarnings("NullAway.Init")
class SlapdSourceIT {

  private static final String BASE = NativeSlapd.BASE;
  private static final String SERVERS = "OU=Servers," + BASE;
  private static final String WEB = "OU=Web," + SERVERS;
  private static final String WEB_01 = "CN=web-01," + WEB;

  @TempDir static Path shared;
  private static TestCa ca;

  @TempDir Path dir;
  private NativeSlapd slapd;
  private Relay relay;
  private LDAPConnection admin;
  private Path password;
  private final Collected seen = new Collected();
  private Optional<LdapSource> source = Optional.empty();

  @BeforeAll
  static void makeCa() throws Exception {
    assumeTrue(NativeSlapd.missing().isEmpty(), () -> NativeSlapd.missing().orElse(""));
    ca = TestCa.make(shared, "localhost", "DNS:localhost,IP:127.0.0.1");
  }

  @BeforeEach
  void start() throws Exception {
    slapd = NativeSlapd.start(dir.resolve("slapd"), ca);
    relay = Relay.to(slapd.tlsAddress());
    admin = slapd.administrator();
    password = Files.writeString(dir.resolve("password"), NativeSlapd.PASSWORD + "\n");
  }

  @AfterEach
  void stop() throws Exception {
    source.ifPresent(LdapSource::close);
    relay.close();
    admin.close();
    slapd.close();
  }

  private LdapConfig config() {
    return config(NativeSlapd.READER, "ldaps://127.0.0.1:" + relay.port());
  }

  private LdapConfig config(String account, String... urls) {
    return config(account, Optional.empty(), false, urls);
  }

  private LdapConfig config(
      String account, Optional<FeedKind> feed, boolean startTls, String... urls) {
    return config(account, feed, startTls, Duration.ofHours(1), urls);
  }

  private LdapConfig config(
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

  private void follow(LdapConfig config) throws DirectoryException {
    source = Optional.of(new LdapSource(config));
    source.get().start(seen);
  }

  /// What a fresh complete read shows.
  private Collected truth() throws DirectoryException {
    var truth = new Collected();
    try (var fresh = new LdapSource(config())) {
      fresh.start(truth);
    }
    return truth;
  }

  private void awaitTruth() throws Exception {
    var truth = truth().content();
    seen.await("the picture is the truth", s -> !s.isLost() && s.content().equals(truth));
  }

  private static Modification replace(LdapAttribute attribute, String... values) {
    return new Modification(ModificationType.REPLACE, attribute.ldapName(), values);
  }

  private void describe(String dn, String text) throws Exception {
    admin.modify(dn, replace(LdapAttribute.DESCRIPTION, text));
  }

  private void addComputer(String dn) throws Exception {
    admin.add("dn: " + dn, "objectClass: computer", "cn: " + Dn.parse(dn).name());
  }

  @ParameterizedTest
  @EnumSource(names = {"SYNC", "POLL"})
  void every_kind_of_change_arrives(FeedKind feed) throws Exception {
    follow(
        config(
            NativeSlapd.READER,
            Optional.of(feed),
            false,
            "ldaps://127.0.0.1:" + slapd.tlsAddress().getPort()));
    assertThat(seen.entries()).hasSizeGreaterThan(150);

    addComputer("CN=web-99," + WEB);
    seen.await("the new computer", s -> s.find("CN=web-99," + WEB).isPresent());
    admin.modify(WEB, replace(LdapAttribute.GP_OPTIONS, "1"));
    seen.await("the block", s -> s.text(WEB, LdapAttribute.GP_OPTIONS).equals(Optional.of("1")));
    admin.modifyDN("CN=web-99," + WEB, "CN=web-98", true, "OU=Files," + SERVERS);
    seen.await("the move", s -> s.find("CN=web-98,OU=Files," + SERVERS).isPresent());
    admin.delete("CN=web-98,OU=Files," + SERVERS);
    seen.await("the deletion", s -> s.find("CN=web-98,OU=Files," + SERVERS).isEmpty());
    admin.modify(
        "CN=Web Servers,OU=Groups," + BASE,
        new Modification(ModificationType.ADD, "member", "CN=files-01,OU=Files," + SERVERS));
    seen.await(
        "the new member",
        s ->
            s
                .find("CN=Web Servers,OU=Groups," + BASE)
                .orElseThrow()
                .texts(LdapAttribute.MEMBER)
                .stream()
                .anyMatch(m -> Dn.parse(m).name().equals("files-01")));

    awaitTruth();
    assertThat(seen.losses()).isEmpty();
  }

  @Test
  void a_renamed_container_is_one_change_and_takes_everything_along() throws Exception {
    follow(config());
    String guid = seen.text(WEB_01, LdapAttribute.ENTRY_UUID).orElseThrow();

    admin.modifyDN(SERVERS, "OU=Machines", true);

    String there = "CN=web-01,OU=Web,OU=Machines," + BASE;
    seen.await("the computer's new name", s -> s.find(there).isPresent());
    assertThat(seen.text(there, LdapAttribute.ENTRY_UUID)).contains(guid);
    assertThat(seen.changes())
        .containsOnlyOnce(
            new DirectoryChange.Moved(Dn.parse(SERVERS), Dn.parse("OU=Machines," + BASE)))
        .hasSizeLessThan(4);
    awaitTruth();
    assertThat(seen.resets()).isEqualTo(1);
  }

  @Test
  void what_happens_while_the_line_is_cut_is_caught_up_without_reading_everything()
      throws Exception {
    follow(config());
    relay.cut();
    seen.await("the loss", Collected::isLost);

    admin.delete(WEB_01);
    addComputer("CN=web-50," + WEB);
    admin.modifyDN("OU=Files," + SERVERS, "OU=Shares", true);
    relay.mend();

    awaitTruth();
    assertThat(seen.resets()).as("caught up by cookie").isEqualTo(1);
  }

  @Test
  void deletions_are_found_when_the_session_log_was_lost_in_a_restart() throws Exception {
    follow(config());
    describe(WEB, "so that there is a cookie of its own");
    seen.await("it", s -> s.text(WEB, LdapAttribute.DESCRIPTION).orElse("").startsWith("so that"));
    relay.cut();

    admin.delete(WEB_01);
    addComputer("CN=web-50," + WEB);
    slapd.stop();
    slapd.start();
    relay.mend();

    admin = slapd.administrator();
    awaitTruth();
    assertThat(seen.find(WEB_01)).isEmpty();
  }

  @Test
  void a_killed_directory_is_said_to_be_lost_and_then_followed_again() throws Exception {
    follow(config());
    int before = seen.entries().size();

    slapd.kill();
    seen.await("the loss", Collected::isLost);
    assertThat(seen.entries()).hasSize(before);
    slapd.start();
    admin = slapd.administrator();
    addComputer("CN=web-50," + WEB);

    awaitTruth();
    assertThat(seen.find("CN=web-50," + WEB)).isPresent();
  }

  /// Result 53: after kill -9, or when the directory came back from a backup.
  @Test
  void a_cookie_that_is_ahead_of_the_directory_is_thrown_away() throws Exception {
    follow(config());
    slapd.stop();
    Path backup = Files.createDirectory(dir.resolve("backup"));
    copy(slapd.database(), backup);
    slapd.start();
    admin = slapd.administrator();
    describe(WEB, "to be undone");
    seen.await("it", s -> s.text(WEB, LdapAttribute.DESCRIPTION).orElse("").equals("to be undone"));

    relay.cut();
    slapd.stop();
    copy(backup, slapd.database());
    slapd.start();
    relay.mend();

    seen.await("a full read", s -> s.resets() > 1);
    admin = slapd.administrator();
    awaitTruth();
    assertThat(seen.text(WEB, LdapAttribute.DESCRIPTION).orElse("")).isNotEqualTo("to be undone");
  }

  private static void copy(Path from, Path to) throws IOException {
    try (var files = Files.list(from)) {
      for (Path file : files.toList())
        Files.copy(
            file,
            to.resolve(file.getFileName()),
            java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"SYNC", "POLL"})
  void an_answer_cut_short_by_a_limit_is_not_the_directory(FeedKind feed) {
    var limited =
        config(NativeSlapd.LIMITED, Optional.of(feed), false, "ldaps://127.0.0.1:" + relay.port());
    assertThatThrownBy(() -> follow(limited))
        .isInstanceOf(DirectoryException.class)
        .hasMessageContaining("cut short")
        .hasMessageContaining(
            "olcLimits: dn.exact=\"" + NativeSlapd.LIMITED + "\" size=unlimited time=unlimited");
    assertThat(seen.resets()).isZero();
  }

  @Test
  void a_limit_set_while_it_runs_loses_the_directory_and_nothing_else() throws Exception {
    follow(config());
    int before = seen.entries().size();
    relay.cut();
    access("olcLimits", "dn.exact=\"" + NativeSlapd.READER + "\" size=20 time=unlimited");
    slapd.stop(); // with the session log, so that many entries have to be named again
    slapd.start();
    admin = slapd.administrator();
    for (int i = 0; i < 60; i++) addComputer("CN=new-" + i + ",CN=Computers," + BASE);
    relay.mend();

    seen.await("the reason", s -> s.losses().stream().anyMatch(why -> why.contains("cut short")));
    assertThat(seen.entries()).hasSize(before);

    access("olcLimits", "dn.exact=\"" + NativeSlapd.READER + "\" size=unlimited time=unlimited");
    awaitTruth();
  }

  /// Replaces a setting of the database.
  private void access(String attribute, String... values) throws Exception {
    try (LDAPConnection configurator = slapd.configurator()) {
      configurator.modify(
          "olcDatabase={1}mdb,cn=config",
          new Modification(ModificationType.REPLACE, attribute, values));
    }
  }

  private static final String PASSWORDS = "to attrs=userPassword by anonymous auth by * none";
  private static final String ALL_READABLE =
      "to * by dn.exact=\"" + NativeSlapd.READER + "\" read by * none";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "to * attrs=entry,objectClass,children by * read",
        "to dn.subtree=\"CN=Reeve,CN=System,DC=corp,DC=example\" by * none",
        "to dn.subtree=\"CN=Policies,CN=System,DC=corp,DC=example\" attrs=entry by * read",
        "to dn.base=\"DC=corp,DC=example\" by * none"
      })
  void an_account_that_sees_too_little_is_told_so_at_the_start(String slip) throws Exception {
    if (slip.startsWith("to * attrs"))
      access(
          "olcAccess", PASSWORDS, "to attrs=entry by * read", "to attrs=objectClass by * search");
    else if (slip.startsWith("to dn.subtree=\"CN=Reeve"))
      access(
          "olcAccess",
          PASSWORDS,
          "to dn.children=\"CN=Reeve,CN=System,DC=corp,DC=example\" by * none",
          ALL_READABLE);
    else if (slip.contains("Policies"))
      access(
          "olcAccess",
          PASSWORDS,
          "to dn.children=\"CN=Policies,CN=System,DC=corp,DC=example\" attrs=entry by * read",
          "to dn.children=\"CN=Policies,CN=System,DC=corp,DC=example\" attrs=objectClass by * search",
          "to dn.children=\"CN=Policies,CN=System,DC=corp,DC=example\" by * none",
          ALL_READABLE);
    else access("olcAccess", PASSWORDS, slip, ALL_READABLE);

    assertThatThrownBy(() -> follow(config()))
        .isInstanceOf(DirectoryException.class)
        .hasMessageContaining("may not")
        .hasMessageContaining(NativeSlapd.READER);
    assertThat(seen.resets()).isZero();
  }

  @Test
  void a_wrong_base_is_named_with_those_there_are() {
    var config =
        new LdapConfig(
            config().addresses(),
            Dn.parse("DC=other,DC=example"),
            config().credentials(),
            config().caFile(),
            Optional.empty(),
            false,
            Optional.empty(),
            config().timing());
    assertThatThrownBy(() -> follow(config))
        .hasMessageContaining("DC=other,DC=example")
        .hasMessageContainingAll("naming contexts", "--base-dn");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "to attrs=gPLink by * none",
        "to dn.subtree=\"OU=Servers,DC=corp,DC=example\" attrs=gPLink by * none",
        "to dn.children=\"CN=Policies,CN=System,DC=corp,DC=example\" by * none",
        "to attrs=ipsecData,ipsecOwnersReference by * none",
        "to dn.children=\"DC=corp,DC=example\" by * none"
      })
  void rights_lost_while_it_runs_withdraw_nothing(String slip) throws Exception {
    follow(config());
    var before = seen.content();

    access("olcAccess", PASSWORDS, slip, ALL_READABLE);
    seen.await("the loss", Collected::isLost);
    assertThat(seen.content()).isEqualTo(before);
    assertThat(seen.losses().getLast()).contains(NativeSlapd.READER, "olcAccess: {0}to");

    access("olcAccess", PASSWORDS, ALL_READABLE);
    awaitTruth();
    assertThat(seen.content()).isEqualTo(before);
  }

  @Test
  void an_entry_written_while_its_links_are_hidden_keeps_them() throws Exception {
    follow(config());
    String links = seen.text(WEB, LdapAttribute.GP_LINK).orElseThrow();

    access(
        "olcAccess",
        PASSWORDS,
        "to dn.subtree=\"" + SERVERS + "\" attrs=gPLink by * none",
        ALL_READABLE);
    describe(WEB, "written while the slip lasts");
    seen.await("the loss", Collected::isLost);
    assertThat(seen.text(WEB, LdapAttribute.GP_LINK)).contains(links);

    access("olcAccess", PASSWORDS, ALL_READABLE);
    awaitTruth();
    assertThat(seen.text(WEB, LdapAttribute.DESCRIPTION)).contains("written while the slip lasts");
  }

  @Test
  void a_link_that_was_really_removed_is_removed_at_once() throws Exception {
    follow(config());
    admin.modify(WEB, new Modification(ModificationType.DELETE, "gPLink"));
    seen.await("the removal", s -> s.text(WEB, LdapAttribute.GP_LINK).isEmpty());
    assertThat(seen.losses()).isEmpty();
  }

  @Test
  void a_directory_found_without_any_gpo_is_not_believed() throws Exception {
    follow(config());
    int before = seen.entries().size();
    relay.cut();
    deleteBelow("CN=Policies,CN=System," + BASE);
    slapd.stop(); // with the session log: what is gone is found by comparing
    slapd.start();
    relay.mend();

    seen.await(
        "the doubt",
        s -> s.losses().stream().anyMatch(why -> why.contains("not one group policy object")));
    assertThat(seen.entries()).hasSize(before);
    source.orElseThrow().close();
    source = Optional.empty();
    assertThat(truth().entries()).as("a fresh start believes it").hasSizeLessThan(before);
  }

  private void deleteBelow(String dn) throws Exception {
    var found =
        admin.search(dn, SearchScope.SUB, "(objectClass=*)", "1.1").getSearchEntries().reversed();
    for (var entry : found) if (!entry.getDN().equalsIgnoreCase(dn)) admin.delete(entry.getDN());
  }

  @Test
  void a_new_password_in_the_file_needs_no_restart() throws Exception {
    follow(config());
    admin.modify(
        NativeSlapd.READER, new Modification(ModificationType.REPLACE, "userPassword", "x"));
    relay.cut();
    seen.await("the loss", Collected::isLost);
    relay.mend();
    seen.await(
        "the reason",
        s -> s.losses().getLast().contains("refuses the login of " + NativeSlapd.READER));
    assertThat(seen.entries()).hasSizeGreaterThan(150);

    Files.writeString(password, "x");
    seen.await("contact", s -> !s.isLost());
    awaitTruth();
  }

  @Test
  void StartTLS_works_and_a_wrong_name_or_authority_does_not() throws Exception {
    String url = "ldap://127.0.0.1:" + slapd.port();
    follow(config(NativeSlapd.READER, Optional.empty(), true, url));
    assertThat(seen.entries()).hasSizeGreaterThan(150);

    var named = config();
    assertThatThrownBy(() ->
            new LdapSource(
                    new LdapConfig(
                        named.addresses(),
                        named.baseDn(),
                        named.credentials(),
                        named.caFile(),
                        Optional.of("dc1.corp.example"),
                        false,
                        Optional.empty(),
                        named.timing()))
                .start(new Collected()))
        .hasMessageContaining("dc1.corp.example");
    TestCa other = TestCa.make(dir.resolve("other"), "localhost", "IP:127.0.0.1");
    assertThatThrownBy(() ->
            new LdapSource(
                    new LdapConfig(
                        named.addresses(),
                        named.baseDn(),
                        named.credentials(),
                        Optional.of(other.caFile()),
                        Optional.empty(),
                        false,
                        Optional.empty(),
                        named.timing()))
                .start(new Collected()))
        .isInstanceOf(DirectoryException.class);
  }

  @Test
  void the_second_server_is_used_when_the_first_does_not_answer() throws Exception {
    int dead = Programs.freePort();
    follow(
        config(
            NativeSlapd.READER, "ldaps://127.0.0.1:" + dead, "ldaps://127.0.0.1:" + relay.port()));
    assertThat(seen.entries()).hasSizeGreaterThan(150);
  }

  @Test
  void the_other_server_takes_over_without_a_word_and_without_reading_everything()
      throws Exception {
    try (var other = Relay.to(slapd.tlsAddress())) {
      follow(
          config(
              NativeSlapd.READER,
              "ldaps://127.0.0.1:" + relay.port(),
              "ldaps://127.0.0.1:" + other.port()));
      describe(WEB, "by the first");
      seen.await("it", s -> s.text(WEB, LdapAttribute.DESCRIPTION).orElse("").contains("first"));
      relay.cut();
      describe(WEB, "by the second");
      seen.await("it", s -> s.text(WEB, LdapAttribute.DESCRIPTION).orElse("").contains("second"));
      assertThat(seen.resets()).isEqualTo(1);
      assertThat(seen.losses()).isEmpty();

      relay.mend();
      other.cut();
      describe(WEB, "and back");
      seen.await("it", s -> s.text(WEB, LdapAttribute.DESCRIPTION).orElse("").contains("back"));
      assertThat(seen.resets()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"SYNC", "POLL"})
  void everything_is_read_again_when_it_is_time(FeedKind feed) throws Exception {
    follow(
        config(
            NativeSlapd.READER,
            Optional.of(feed),
            false,
            Duration.ofMillis(500),
            "ldaps://127.0.0.1:" + relay.port()));
    seen.await("two more full reads", s -> s.resets() >= 3);
    describe(WEB, "between two of them");
    seen.await("it", s -> s.text(WEB, LdapAttribute.DESCRIPTION).orElse("").contains("between"));
    assertThat(seen.losses()).isEmpty();
  }

  @Test
  void without_syncprov_it_polls() throws Exception {
    slapd.stop();
    try (var files = Files.walk(dir.resolve("slapd").resolve("config"))) {
      for (Path file : files.filter(f -> f.toString().contains("syncprov")).toList())
        Files.delete(file);
    }
    slapd.start();
    admin = slapd.administrator();
    follow(config());

    addComputer("CN=web-50," + WEB);
    admin.delete(WEB_01);
    seen.await("both", s -> s.find(WEB_01).isEmpty() && s.find("CN=web-50," + WEB).isPresent());
    awaitTruth();
  }

  @Test
  void people_log_in_with_their_own_password_and_computers_are_made() throws Exception {
    follow(config());
    var accounts = new LdapAccounts(config());
    assertThat(accounts.login(NativeSlapd.LIMITED, NativeSlapd.PASSWORD))
        .contains(NativeSlapd.LIMITED);
    assertThat(accounts.login(NativeSlapd.LIMITED, "wrong")).isEmpty();
    assertThat(accounts.login(NativeSlapd.LIMITED, "")).isEmpty();
    assertThat(accounts.login("nobody", NativeSlapd.PASSWORD)).isEmpty();
    assertThatThrownBy(() -> accounts.createComputer(Dn.parse("CN=x," + WEB), "x"))
        .isInstanceOf(DirectoryException.class)
        .hasMessageContaining("CN=x," + WEB);

    access(
        "olcAccess", PASSWORDS, "to * by dn.exact=\"" + NativeSlapd.READER + "\" write by * none");
    String guid = accounts.createComputer(Dn.parse("CN=made-1," + WEB), "made-1");
    seen.await("it", s -> s.find("CN=made-1," + WEB).isPresent());
    assertThat(seen.text("CN=made-1," + WEB, LdapAttribute.ENTRY_UUID)).contains(guid);
  }
}
