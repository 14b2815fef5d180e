package dev.reeve.server.directory.ldap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.unboundid.ldap.sdk.Entry;
import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.Modification;
import com.unboundid.ldap.sdk.ModificationType;
import com.unboundid.ldap.sdk.SearchScope;
import dev.reeve.lab.NativeSlapd;
import dev.reeve.lab.TestCa;
import dev.reeve.model.bundle.Digest;
import dev.reeve.model.gp.Dn;
import dev.reeve.server.directory.CurrentSnapshot.View;
import dev.reeve.server.directory.DirectoryException;
import dev.reeve.server.directory.Outage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What administrators of a directory get wrong, and what becomes of every host's policy: nothing.
/// A real slapd, manifests as they are published; and when the directory is mended, it goes on by
/// itself.
@SuppressWarnings("NullAway.Init")
class SlipIT {

  private static final String BASE = NativeSlapd.BASE;
  private static final String SERVERS = "OU=Servers," + BASE;
  private static final String WEB_01 = "CN=web-01,OU=Web," + SERVERS;
  private static final String READABLE =
      "to * by dn.exact=\"" + NativeSlapd.READER + "\" read by * none";

  @TempDir static Path shared;
  private static TestCa ca;

  @TempDir Path dir;
  private NativeSlapd slapd;
  private LDAPConnection admin;
  private Path password;
  private PublishedFleet fleet;
  private Map<String, Digest> before;

  @BeforeAll
  static void makeCa() throws Exception {
    assumeTrue(NativeSlapd.missing().isEmpty(), () -> NativeSlapd.missing().orElse(""));
    ca = TestCa.make(shared, "localhost", "DNS:localhost,IP:127.0.0.1");
  }

  @BeforeEach
  void every_computer_has_its_policy() throws Exception {
    slapd = NativeSlapd.start(dir.resolve("slapd"), ca);
    admin = slapd.administrator();
    password = Files.writeString(dir.resolve("password"), NativeSlapd.PASSWORD + "\n");
    fleet = new PublishedFleet(Files.createDirectory(dir.resolve("server")));
    fleet.start(config(BASE));
    fleet.joinAll();
    fleet.awaitSaved();
    before = fleet.held();
  }

  @AfterEach
  void stop() throws Exception {
    fleet.close();
    admin.close();
    slapd.close();
  }

  private LdapConfig config(String base) {
    return new LdapConfig(
        List.of(LdapAddress.parse("ldaps://127.0.0.1:" + slapd.tlsAddress().getPort())),
        Dn.parse(base),
        new Credentials.Password(NativeSlapd.READER, password),
        Optional.of(ca.caFile()),
        Optional.empty(),
        false,
        Optional.empty(),
        new LdapConfig.Timing(
            Duration.ofMillis(50),
            Duration.ofMillis(200),
            Duration.ofMillis(200),
            Duration.ofHours(1),
            Duration.ofSeconds(60)));
  }

  private void everyHostKeepsItsPolicy(String when) {
    fleet.poll();
    assertThat(fleet.held()).as(when).isEqualTo(before);
  }

  /// Contact is there, every host is told its policy again, and a change arrives.
  private void goesOnByItself() throws Exception {
    fleet.await(
        "everybody's policy",
        view -> view.outage().isEmpty() && fleet.assigned().size() == before.size());
    everyHostKeepsItsPolicy("mended");
    assertThat(fleet.brake().look(fleet.contents()).isHolding()).isFalse();
    admin.modify("OU=Web," + SERVERS, new Modification(ModificationType.REPLACE, "gPOptions", "1"));
    fleet.await(
        "a change",
        view ->
            view.snapshot()
                .findSom(Dn.parse("OU=Web," + SERVERS))
                .orElseThrow()
                .blocksInheritance());
  }

  private void access(String... rules) throws LDAPException {
    var all = new ArrayList<>(List.of("to attrs=userPassword by anonymous auth by * none"));
    all.addAll(List.of(rules));
    all.add(READABLE);
    try (LDAPConnection configurator = slapd.configurator()) {
      configurator.modify(
          "olcDatabase={1}mdb,cn=config",
          new Modification(ModificationType.REPLACE, "olcAccess", all.toArray(String[]::new)));
    }
  }

  private static boolean isLost(View view) {
    return view.outage().isPresent();
  }

  private void everyHostIsToldItsPolicy(String when) {
    assertThat(fleet.assigned()).as(when).hasSameSizeAs(before.keySet());
    everyHostKeepsItsPolicy(when);
  }

  @Test
  void hours_without_the_directory_and_a_restart_in_between() throws Exception {
    Duration hour = Duration.ofHours(1);
    try (var logged = new Logged()) {
      slapd.kill();
      fleet.await("the loss", SlipIT::isLost);
      fleet.pass(hour);
      everyHostIsToldItsPolicy("an hour later");
      assertThat(fleet.age()).isBetween(hour, hour.plusMinutes(10));
      fleet.stop();

      fleet.start(config(BASE));
      assertThat(fleet.age()).as("of the saved picture").isGreaterThanOrEqualTo(hour);
      fleet.pass(hour);
      everyHostIsToldItsPolicy("another hour after a restart");
      assertThat(fleet.age()).isBetween(hour.multipliedBy(2), hour.multipliedBy(2).plusMinutes(10));
      String lost = "ERROR: lost the directory, going on with the ";
      for (String said :
          List.of(
              "picture of .*, [0-9]{1,3} s",
              "picture of .*, [0-9]{4} s",
              "saved picture of .*, [0-9]{4} s"))
        logged.await(line -> line.matches(lost + said + " old: .*"));
    }

    slapd.start();
    admin = slapd.administrator();
    goesOnByItself();
    assertThat(fleet.age()).isZero();
  }

  @Test
  void a_wrong_base_dn() throws Exception {
    fleet.stop();
    for (String wrong : List.of("DC=other,DC=example", SERVERS)) {
      assertThatThrownBy(() -> fleet.start(config(wrong)))
          .isInstanceOf(DirectoryException.class)
          .hasMessageContaining(wrong)
          .hasMessageContaining("is a picture of " + BASE);
    }
    String branch = "DC=branch," + BASE; // a whole domain, and not ours
    admin.add("dn: " + branch, "objectClass: domain", "dc: branch");
    for (String container : List.of("CN=System,", "CN=Policies,CN=System,"))
      admin.add("dn: " + container + branch, "objectClass: container");
    fleet.start(config(branch));
    everyHostKeepsItsPolicy("of another domain");
    fleet.stop();

    fleet.start(config(BASE));
    goesOnByItself();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "to attrs=gPLink by * none",
        "to dn.subtree=\"OU=Web,OU=Servers,DC=corp,DC=example\" attrs=gPLink by * none",
        "to attrs=versionNumber,gPCMachineExtensionNames by * none",
        "to attrs=ipsecData,ipsecOwnersReference by * none",
        "to dn.children=\"DC=corp,DC=example\" by * none"
      })
  void an_acl_slip_while_it_runs_and_across_a_restart(String slip) throws Exception {
    access(slip);
    fleet.await("the loss", SlipIT::isLost);
    everyHostKeepsItsPolicy("rights lost while it runs");
    fleet.stop();

    fleet.start(config(BASE));
    fleet.await("the saved picture", SlipIT::isLost);
    everyHostKeepsItsPolicy("after a restart");
    fleet.await(
        "what to do about it",
        view ->
            view.outage().map(Outage::why).orElse("").contains("olcAccess: {0}to")
                && view.outage().orElseThrow().saved());
    access();
    goesOnByItself();
  }

  /// Such a first read cannot be told from a directory without links: here the brake holds.
  @Test
  void an_acl_slip_before_a_start_without_a_saved_picture() throws Exception {
    fleet.stop();
    fleet.forgetSaved();
    access("to attrs=gPLink by * none");

    fleet.start(config(BASE));
    everyHostKeepsItsPolicy("all links hidden");
    assertThat(fleet.brake().look(fleet.contents()).hosts()).hasSize(before.size());
    access();
    goesOnByItself();
  }

  @Test
  void a_deleted_ou() throws Exception {
    Path backup = backup();
    delete(SERVERS, Optional.empty());
    fleet.await("the deletion", view -> view.snapshot().findComputer(Dn.parse(WEB_01)).isEmpty());
    everyHostKeepsItsPolicy("its OU is gone");
    fleet.stop();
    fleet.start(config(BASE));
    everyHostKeepsItsPolicy("after a restart");

    restore(backup);
    goesOnByItself();
  }

  @Test
  void an_emptied_directory() throws Exception {
    Path backup = backup();
    delete(BASE, Optional.empty());
    fleet.await("the end", view -> isLost(view) || view.snapshot().computers().isEmpty());
    everyHostKeepsItsPolicy("nothing is left");
    fleet.stop();
    fleet.start(config(BASE));
    everyHostKeepsItsPolicy("after a restart");

    restore(backup);
    goesOnByItself();
  }

  /// The assignments go first, and for a while every GPO looks like one that assigns nothing.
  @Test
  void a_directory_that_is_emptied_slowly() throws Exception {
    Path backup = backup();
    delete("CN=Policies,CN=System," + BASE, Optional.of("CN=IPSEC,"));
    fleet.pass(Duration.ofMinutes(1));
    delete("CN=Policies,CN=System," + BASE, Optional.of("CN=Reeve,"));
    fleet.await("the assignments' end", _ -> fleet.assigned().isEmpty());
    everyHostKeepsItsPolicy("no GPO assigns anything");
    assertThat(fleet.brake().look(fleet.contents()).hosts()).hasSize(before.size());
    delete(BASE, Optional.empty());
    fleet.await("the end", view -> isLost(view) || view.snapshot().computers().isEmpty());
    everyHostKeepsItsPolicy("nothing is left");

    restore(backup);
    goesOnByItself();
  }

  @Test
  void every_link_removed_by_one_script() throws Exception {
    var linked = admin.search(BASE, SearchScope.SUB, "(gPLink=*)", "gPLink").getSearchEntries();
    for (Entry entry : linked)
      admin.modify(entry.getDN(), new Modification(ModificationType.DELETE, "gPLink"));
    fleet.await("no policy", _ -> fleet.assigned().isEmpty());
    everyHostKeepsItsPolicy("no link is left");
    assertThat(fleet.brake().look(fleet.contents()).hosts()).hasSize(before.size());

    for (Entry entry : linked)
      admin.modify(
          entry.getDN(),
          new Modification(ModificationType.REPLACE, "gPLink", entry.getAttributeValues("gPLink")));
    goesOnByItself();
  }

  /// Deepest entries first, as LDAP wants it.
  private void delete(String dn, Optional<String> named) throws LDAPException {
    var names = new ArrayList<String>();
    for (Entry entry :
        admin.search(dn, SearchScope.SUB, "(objectClass=*)", "1.1").getSearchEntries())
      if (named
              .filter(start -> !entry.getDN().regionMatches(true, 0, start, 0, start.length()))
              .isEmpty()
          && !isAccount(entry.getDN())) names.add(entry.getDN());
    names.sort(Comparator.comparing((String name) -> Dn.parse(name).depth()).reversed());
    for (String name : names) if (!name.equalsIgnoreCase(BASE)) admin.delete(name);
  }

  /// Who empties a directory leaves the accounts to read it, or nobody would notice.
  private static boolean isAccount(String dn) {
    return dn.equalsIgnoreCase(NativeSlapd.READER) || dn.equalsIgnoreCase(NativeSlapd.LIMITED);
  }

  private Path backup() throws Exception {
    slapd.stop();
    Path backup = Files.createDirectory(dir.resolve("backup"));
    copy(slapd.database(), backup);
    slapd.start();
    admin = slapd.administrator();
    fleet.await("contact", view -> !isLost(view));
    return backup;
  }

  private void restore(Path backup) throws Exception {
    slapd.stop();
    copy(backup, slapd.database());
    slapd.start();
    admin = slapd.administrator();
  }

  private static void copy(Path from, Path to) throws IOException {
    try (var files = Files.list(from)) {
      for (Path file : files.toList())
        Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
