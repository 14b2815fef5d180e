package dev.reeve.server.directory.ldap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.model.gp.Dn;
import dev.reeve.schema.names.LdapAttribute;
import dev.reeve.schema.read.LdapEntry;
import dev.reeve.server.directory.ldap.SyncMessages.Message;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// From when on changes are read again, and which of those found count.
class LatelyTest {

  private static final LdapConfig CONFIG =
      new LdapConfig(
          List.of(LdapAddress.parse("ldaps://127.0.0.1")),
          Dn.parse("DC=corp,DC=example"),
          new Credentials.Password("cn=reeve", Path.of("password")),
          Optional.empty(),
          Optional.empty(),
          false,
          Optional.empty(),
          LdapConfig.Timing.DEFAULTS);

  private static UUID id(String name) {
    return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
  }

  private static SeenEntry entry(String name, String stamp) {
    var content =
        LdapEntry.named(Dn.parse("OU=" + name + ",DC=corp,DC=example"))
            .add(LdapAttribute.OU, name)
            .build();
    return SeenEntry.of(id(name), content, stamp, false);
  }

  private static SeenEntry at(String name, String time) {
    return entry(name, Replica.TIME + time);
  }

  @Test
  void all_of_an_outage_is_read_again_and_a_minute_before() throws Exception {
    var known = new Replica();
    List<LdapEntry> all = known.reset(List.of(at("one", "20261101100000Z")), Duration.ZERO);
    assertThat(all).hasSize(1);
    var lately = new Lately(CONFIG);
    lately.begin(known);
    assertThat(lately.since(known)).startsWith(Replica.TIME + "20261101095900");
    assertThat(lately.since(known)).as("nothing new").isEqualTo(Replica.TIME + "20261101100000Z");

    var unused = known.put(at("two", "20261101101500Z")); // the last that a long outage brought
    assertThat(lately.since(known)).startsWith(Replica.TIME + "20261101095900");
    assertThat(lately.since(known)).startsWith(Replica.TIME + "20261101101400");
    assertThat(lately.since(known)).as("no more").isEqualTo(Replica.TIME + "20261101101500Z");
    unused = known.put(at("three", "20261101101501Z"));
    assertThat(lately.since(known)).startsWith(Replica.TIME + "20261101101400");
  }

  @Test
  void where_stamps_are_no_times_nothing_is_read() throws Exception {
    var known = new Replica();
    List<LdapEntry> all = known.reset(List.of(entry("one", "csn 1")), Duration.ZERO);
    assertThat(all).hasSize(1);
    var lately = new Lately(CONFIG);
    lately.begin(known);
    assertThat(lately.since(known)).isEmpty();
  }

  @Test
  void what_was_told_meanwhile_has_the_word() {
    var found =
        Map.of(
            id("told"), at("told", "20261101100000Z"),
            id("deleted"), at("deleted", "20261101100000Z"),
            id("untold"), at("untold", "20261101100000Z"));
    List<Message> told =
        List.of(
            new Message.Entry(at("told", "20261101100001Z"), Optional.empty()),
            new Message.Deleted(List.of(id("deleted")), Optional.empty()));
    assertThat(SyncFeed.notNamed(found, told))
        .extracting(SeenEntry::id)
        .containsExactly(id("untold"));
  }

  /// Read under its old name, then its container was moved.
  @Test
  void what_has_been_moved_since_it_was_found_is_left_to_what_was_told() throws Exception {
    var known = new Replica();
    SeenEntry top = entry("moved", "");
    SeenEntry before = below(top, "inside");
    List<LdapEntry> all = known.reset(List.of(top, before, entry("other", "")), Duration.ZERO);
    assertThat(all).hasSize(3);
    var unused = known.put(below(entry("other", ""), "moved")); // and what is in it
    SeenEntry changed = at("other", "20261101100000Z");
    SeenEntry added = entry("added", "");
    SeenEntry addedAndMoved = below(top, "added and moved");

    assertThat(
            SyncFeed.stillThere(
                List.of(before, changed, added, addedAndMoved),
                known,
                dn -> Optional.of(added).filter(there -> there.dn().equals(dn))))
        .containsExactly(changed, added);
  }

  private static SeenEntry below(SeenEntry parent, String name) {
    var content = LdapEntry.named(parent.dn().child("OU", name)).add(LdapAttribute.OU, name);
    return SeenEntry.of(id(name), content.build(), "", false);
  }
}
