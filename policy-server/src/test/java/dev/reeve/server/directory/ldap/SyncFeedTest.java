package dev.reeve.server.directory.ldap;

import static dev.reeve.server.directory.ldap.TestEntries.at;
import static dev.reeve.server.directory.ldap.TestEntries.below;
import static dev.reeve.server.directory.ldap.TestEntries.entry;
import static dev.reeve.server.directory.ldap.TestEntries.id;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.schema.read.LdapEntry;
import dev.reeve.server.directory.ldap.SyncMessages.Message;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which of what was read beside a feed counts.
class SyncFeedTest {

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
  void what_has_been_moved_since_it_was_found_is_read_again_where_it_is() throws Exception {
    var known = new Replica();
    SeenEntry top = entry("moved", "");
    SeenEntry before = below(top.dn(), "inside");
    List<LdapEntry> all = known.reset(List.of(top, before, entry("other", "")), Duration.ZERO);
    assertThat(all).hasSize(3);
    var unused = known.put(below(entry("other", "").dn(), "moved")); // and what is in it
    SeenEntry changed = at("other", "20261101100000Z");
    SeenEntry added = entry("added", "");
    SeenEntry addedAndMoved = below(top.dn(), "added and moved");

    SeenEntry after = below(known.find(id("moved")).orElseThrow().dn(), "inside");
    assertThat(
            SyncFeed.stillThere(
                List.of(before, changed, added, addedAndMoved),
                known,
                dn -> Stream.of(added, after).filter(there -> there.dn().equals(dn)).findAny()))
        .containsExactly(after, changed, added);
  }

  /// Of OpenLDAP, with one provider or several; of 389 DS; and what is no cookie that we know.
  @ParameterizedTest
  @CsvSource({
    "'rid=000,sid=00a,csn=20261129100000.000000Z#000000#00a#000000', 'rid=000,csn=20261129100000.000000Z#000000#00a#000000'",
    "'rid=000,csn=20261129100000.000000Z#000000#000#000000', 'rid=000,csn=20261129100000.000000Z#000000#000#000000'",
    "'host:389#cn=reeve:dc=corp,dc=example:(sid=001,)#42', 'host:389#cn=reeve:dc=corp,dc=example:(sid=001,)#42'",
    "'\u00ff\u0000,sid=001,', '\u00ff\u0000,sid=001,'",
  })
  void a_cookie_does_not_say_whom_it_is_from(String cookie, String sent) {
    assertThat(SyncFeed.withoutServer(cookie.getBytes(ISO_8859_1)))
        .isEqualTo(sent.getBytes(ISO_8859_1));
  }
}
