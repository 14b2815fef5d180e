package dev.reeve.server.directory.ldap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.model.gp.Dn;
import dev.reeve.schema.read.LdapEntry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// From when on changes are read again.
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

  private final Replica known = new Replica();

  private Lately begunWith(SeenEntry one) throws FeedException {
    List<LdapEntry> all = known.reset(List.of(one), Duration.ZERO);
    assertThat(all).hasSize(1);
    var lately = new Lately(CONFIG);
    lately.begin(known);
    return lately;
  }

  private String look(Lately lately) {
    String from = lately.since(known.latest());
    lately.looked(known.latest());
    return from;
  }

  @Test
  void all_of_an_outage_is_read_again_and_a_minute_before() throws Exception {
    Lately lately = begunWith(TestEntries.at("one", "20261101100000Z"));
    assertThat(look(lately)).startsWith(Replica.TIME + "20261101095900");
    assertThat(look(lately)).as("nothing new").isEqualTo(Replica.TIME + "20261101100000Z");

    var unused =
        known.put(TestEntries.at("two", "20261101101500Z")); // the last that a long outage brought
    assertThat(look(lately)).startsWith(Replica.TIME + "20261101095900");
    assertThat(look(lately)).startsWith(Replica.TIME + "20261101101400");
    assertThat(look(lately)).as("no more").isEqualTo(Replica.TIME + "20261101101500Z");
    unused = known.put(TestEntries.at("three", "20261101101501Z"));
    assertThat(look(lately)).startsWith(Replica.TIME + "20261101101400");
  }

  /// The directory was gone again before all was read.
  @Test
  void a_look_that_came_to_nothing_is_made_again() throws Exception {
    Lately lately = begunWith(TestEntries.at("one", "20261101100000Z"));
    var unused = known.put(TestEntries.at("two", "20261101101500Z"));
    assertThat(lately.since(known.latest())).startsWith(Replica.TIME + "20261101095900");
    assertThat(lately.since(known.latest())).startsWith(Replica.TIME + "20261101095900");
    lately.looked(known.latest());
    assertThat(lately.since(known.latest())).startsWith(Replica.TIME + "20261101101400");
  }

  @Test
  void where_stamps_are_no_times_nothing_is_read() throws Exception {
    assertThat(look(begunWith(TestEntries.entry("one", "csn 1")))).isEmpty();
  }
}
