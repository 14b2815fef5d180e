package dev.reeve.server.directory.ldap;

import static org.assertj.core.api.Assertions.assertThat;

import com.unboundid.ldap.sdk.Modification;
import com.unboundid.ldap.sdk.ModificationType;
import com.unboundid.ldap.sdk.SearchScope;
import dev.reeve.lab.NativeSlapd;
import dev.reeve.model.gp.Dn;
import dev.reeve.schema.names.LdapAttribute;
import dev.reeve.server.directory.DirectoryChange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A real slapd that is written to, cut off, restarted, killed and set back.
class SlapdSourceIT extends FollowedSlapd {

  private LdapConfig config(FeedKind feed) {
    return config(
        NativeSlapd.READER, Optional.of(feed), false, "ldaps://127.0.0.1:" + relay.port());
  }

  @ParameterizedTest
  @EnumSource(names = {"SYNC", "POLL"})
  void every_kind_of_change_arrives(FeedKind feed) throws Exception {
    follow(config(feed));
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

  @ParameterizedTest
  @EnumSource(names = {"SYNC", "POLL"})
  void what_happens_while_the_line_is_cut_is_caught_up_without_reading_everything(FeedKind feed)
      throws Exception {
    follow(config(feed));
    relay.cut();
    seen.await("the loss", Collected::isLost);

    admin.delete(WEB_01);
    addComputer("CN=web-50," + WEB);
    admin.modifyDN("OU=Files," + SERVERS, "OU=Shares", true);
    relay.mend();

    awaitTruth();
    assertThat(seen.resets()).as("full reads").isEqualTo(1);
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

  @ParameterizedTest
  @EnumSource(names = {"SYNC", "POLL"})
  void a_killed_directory_is_said_to_be_lost_and_then_followed_again(FeedKind feed)
      throws Exception {
    follow(config(feed));
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
    try (var logged = new Logged()) {
      relay.mend();
      seen.await("a full read", s -> s.resets() > 1);
      assertThat(logged.lines())
          .anyMatch(line -> line.matches("WARN: reading everything again: .*\\(53 .*"));
    }
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
    try (var logged = new Logged()) {
      follow(config());
      assertThat(logged.lines()).anyMatch(line -> line.contains("feed=\"poll\""));
    }

    addComputer("CN=web-50," + WEB);
    admin.delete(WEB_01);
    seen.await("both", s -> s.find(WEB_01).isEmpty() && s.find("CN=web-50," + WEB).isPresent());
    awaitTruth();
  }
}
