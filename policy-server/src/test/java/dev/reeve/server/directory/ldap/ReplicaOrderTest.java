package dev.reeve.server.directory.ldap;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.model.gp.Dn;
import dev.reeve.schema.names.LdapAttribute;
import dev.reeve.schema.read.LdapEntry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Many writes that were seen in none, and only what came of them, in no order.
class ReplicaOrderTest {

  private static final Dn BASE = Dn.parse("DC=corp,DC=example");

  private final Replica replica = new Replica();
  private final Collected held = new Collected();

  private static SeenEntry seen(String id, Dn dn) {
    var content = LdapEntry.named(dn).add(LdapAttribute.OU, dn.name()).build();
    return SeenEntry.of(UUID.nameUUIDFromBytes(id.getBytes(UTF_8)), content, "usn 1", false);
  }

  private static SeenEntry seen(String id, String name) {
    return seen(id, Dn.parse(name + "," + BASE));
  }

  private void read(SeenEntry... all) throws FeedException {
    held.reset(replica.reset(List.of(all), Duration.ZERO), _ -> true);
  }

  private void find(Collection<SeenEntry> all) throws FeedException {
    Set<UUID> gone = new HashSet<>(replica.ids());
    all.forEach(seen -> gone.remove(seen.id()));
    held.changed(replica.changed(replica.inOrder(all, gone)));
  }

  /// @param torn what was found before that
  private void findOrRead(List<SeenEntry> all, List<SeenEntry> torn) throws FeedException {
    try {
      held.changed(replica.changed(replica.inOrder(torn, Set.of())));
      find(all);
    } catch (FeedException e) {
      assertThat(e.kind()).as("reads everything again").isEqualTo(FeedException.Kind.POSITION);
      assertThat(e).hasMessageContaining("two entries came by the name");
      read(all.toArray(SeenEntry[]::new));
    }
  }

  private void holds(Collection<SeenEntry> all) {
    var truth = new Collected();
    truth.reset(all.stream().map(SeenEntry::entry).toList(), _ -> true);
    assertThat(ContentDifference.between(held.content(), truth.content())).isEmpty();
    assertThat(replica.ids()).hasSize(all.size());
    for (SeenEntry seen : all)
      assertThat(replica.find(seen.dn()).orElseThrow().id()).isEqualTo(seen.id());
  }

  /// `old` went elsewhere, its container was renamed, and `new` came to where `old` would be now.
  @Test
  void an_entry_takes_the_place_that_another_had_in_a_renamed_container() throws Exception {
    read(
        seen("unit", "OU=unit"),
        seen("old", "CN=host,OU=unit"),
        seen("new", "CN=other"),
        seen("place", "OU=place"));
    List<SeenEntry> now =
        List.of(
            seen("new", "CN=host,OU=renamed"),
            seen("unit", "OU=renamed"),
            seen("old", "CN=host,OU=place"),
            seen("place", "OU=place"));
    find(now);
    holds(now);
  }

  static Stream<Long> seeds() {
    return IntStream.range(0, 400).mapToObj(Long::valueOf);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void whatever_was_written_meanwhile_what_is_held_is_what_is_there(long seed) throws Exception {
    var random = new Random(seed);
    var tree = new RandomTree(random);
    for (int i = 0; i < 12; i++) tree.write();
    read(tree.entries().toArray(SeenEntry[]::new));
    for (int round = 0; round < 5; round++) {
      for (int i = random.nextInt(12); i >= 0; i--) tree.write();
      List<SeenEntry> all = tree.entries();
      Collections.shuffle(all, random);
      findOrRead(all, List.of());
      holds(all);
    }
  }

  /// Names that were read before and after others were renamed do not fit together: an entry may be
  /// where no container is.
  @ParameterizedTest
  @MethodSource("seeds")
  void after_readings_that_were_torn_a_whole_one_mends_all(long seed) throws Exception {
    var random = new Random(seed);
    var tree = new RandomTree(random);
    for (int i = 0; i < 12; i++) tree.write();
    read(tree.entries().toArray(SeenEntry[]::new));
    for (int round = 0; round < 8; round++) {
      List<SeenEntry> torn = new ArrayList<>(tree.entries());
      for (int i = random.nextInt(8); i >= 0; i--) tree.write();
      torn.addAll(tree.entries());
      Collections.shuffle(torn, random);
      List<SeenEntry> all = tree.entries();
      findOrRead(all, torn.subList(0, random.nextInt(torn.size())));
      holds(all);
    }
  }

  /// Entries by id, moved, swapped, replaced and deleted as a directory lets one.
  private static final class RandomTree {
    private final Random random;
    private final Map<String, Dn> names = new LinkedHashMap<>();
    private int ids;

    RandomTree(Random random) {
      this.random = random;
      names.put("base", BASE);
    }

    List<SeenEntry> entries() {
      var all = new ArrayList<SeenEntry>();
      names.forEach((id, dn) -> all.add(seen(id, dn)));
      return all;
    }

    private Dn any() {
      return List.copyOf(names.values()).get(random.nextInt(names.size()));
    }

    void write() {
      Dn one = any();
      Dn name = any().below("OU=u" + random.nextInt(4));
      boolean free = !names.containsValue(name);
      switch (random.nextInt(5)) {
        case 0, 1 -> {
          if (free) names.put("id" + ids++, name);
        }
        case 2, 3 -> {
          if (free && !one.equals(BASE) && !name.isUnder(one))
            names.replaceAll((_, dn) -> dn.isUnder(one) ? dn.moved(one, name) : dn);
        }
        default -> {
          boolean leaf = names.values().stream().filter(dn -> dn.isUnder(one)).count() == 1;
          if (leaf && !one.equals(BASE)) names.values().remove(one);
        }
      }
    }
  }
}
