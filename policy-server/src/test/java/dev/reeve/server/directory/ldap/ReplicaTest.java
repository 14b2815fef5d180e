package dev.reeve.server.directory.ldap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.model.gp.Dn;
import dev.reeve.schema.names.LdapAttribute;
import dev.reeve.schema.read.LdapEntry;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ReplicaTest {

  private static SeenEntry entry(String name, String time) {
    Dn dn = Dn.parse("OU=" + name + ",DC=corp,DC=example");
    var content = LdapEntry.named(dn).add(LdapAttribute.OU, name).build();
    return SeenEntry.of(id(name), content, Replica.TIME + time, false);
  }

  private static UUID id(String name) {
    return UUID.nameUUIDFromBytes(name.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  private static List<String> firm(Replica replica, String... names) {
    return Arrays.stream(names).filter(n -> replica.find(id(n)).orElseThrow().firm()).toList();
  }

  /// The first may have been written again at 10:00:05, after it was read and before the last was.
  @Test
  void what_a_long_read_saw_first_may_have_been_written_again_in_the_same_second()
      throws Exception {
    var replica = new Replica();
    var unused =
        replica.reset(
            List.of(
                entry("first", "20261101100005Z"),
                entry("old", "20261101095959Z"),
                entry("last", "20261101100008Z")),
            Duration.ofSeconds(4));
    assertThat(firm(replica, "first", "old", "last")).containsExactly("old");
  }

  @Test
  void a_change_is_firm_once_a_later_second_was_seen_before_it() throws Exception {
    var replica = new Replica();
    var unused = replica.put(entry("one", "20261101100005Z"));
    unused = replica.put(entry("two", "20261101100006Z"));
    unused = replica.put(entry("late", "20261101100005Z"));
    assertThat(firm(replica, "one", "two", "late")).containsExactly("late");
  }
}
