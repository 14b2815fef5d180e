package dev.reeve.schema.read;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.model.gp.DirectorySnapshot;
import dev.reeve.model.gp.Dn;
import dev.reeve.model.rsop.Rsop;
import dev.reeve.model.rsop.RsopClasses;
import dev.reeve.model.rsop.RsopQuery;
import dev.reeve.schema.names.LdapAttribute;
import dev.reeve.schema.names.LdapClass;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LiveSnapshotTest {

  private static final List<LdapEntry> CORP =
      TestEntries.ldif(TestEntries.resource("/samples/corp.ldif"));

  private static LiveSnapshot corp() {
    var live = new LiveSnapshot(TestEntries.SEALER);
    live.reset(CORP);
    return live;
  }

  static IntStream seeds() {
    return IntStream.range(0, 30);
  }

  /// The full build is the oracle of every change, and a fresh computation that of every result
  /// that was kept.
  @ParameterizedTest
  @MethodSource("seeds")
  void after_every_change_it_is_what_a_full_build_makes(int seed) {
    var random = new Random(seed);
    var changes = new RandomChanges(random, CORP);
    var live = new LiveSnapshot(TestEntries.SEALER);
    changes.reset(live);
    var snapshot = new DirectorySnapshot(live.content());
    var classes = new RsopClasses(snapshot);
    for (int step = 0; step < 40; step++) {
      String what = changes.next(live);

      RsopClasses late = classes;
      snapshot = snapshot.changedTo(live.content());
      DirectorySnapshot full = SnapshotBuilder.build(changes.entries(), TestEntries.SEALER);
      assertThat(difference(snapshot, full))
          .as("seed %d, step %d: %s", seed, step, what)
          .isEqualTo("");
      classes = classes.changedTo(snapshot);
      for (Dn computer : full.computers().keySet()) {
        RsopQuery query = RsopQuery.of(computer);
        if (random.nextInt(5) == 0) late.resolve(query); // somebody still holds the old picture
        if (random.nextInt(3) > 0) continue; // so that some results grow old
        assertThat(classes.resolve(query))
            .as("seed %d, step %d: %s: %s", seed, step, what, computer)
            .isEqualTo(Rsop.resolve(full, query));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void its_entries_read_again_make_the_same(int seed) {
    var changes = new RandomChanges(new Random(seed), CORP);
    var live = new LiveSnapshot(TestEntries.SEALER);
    changes.reset(live);
    for (int step = 0; step < 40; step++) {
      String what = changes.next(live);
      if (step % 5 > 0) continue;

      var again = new LiveSnapshot(TestEntries.SEALER);
      again.reset(live.entries());
      assertThat(
              difference(
                  new DirectorySnapshot(again.content()), new DirectorySnapshot(live.content())))
          .as("seed %d, step %d: %s", seed, step, what)
          .isEqualTo("");
    }
  }

  @Test
  void the_directory_read_after_its_own_entries_changes_nothing() {
    var again = new LiveSnapshot(TestEntries.SEALER);
    again.reset(corp().entries());
    var before = again.content();

    again.reset(CORP);

    assertThat(again.content().isSame(before)).isTrue();
  }

  /// The lines that only one of them has.
  private static String difference(DirectorySnapshot one, DirectorySnapshot other) {
    List<String> left = SnapshotText.of(one).lines().toList();
    List<String> right = SnapshotText.of(other).lines().toList();
    if (left.equals(right)) return "";
    return Stream.concat(
            left.stream().filter(line -> !right.contains(line)).map(line -> "incremental " + line),
            right.stream().filter(line -> !left.contains(line)).map(line -> "full " + line))
        .collect(Collectors.joining("\n", "other lines\n", ""));
  }

  @Test
  void a_changed_link_leaves_all_else_as_it_was() {
    LiveSnapshot live = corp();
    var before = live.content();
    LdapEntry servers =
        CORP.stream()
            .filter(e -> e.isA(LdapClass.ORGANIZATIONAL_UNIT) && e.has(LdapAttribute.GP_LINK))
            .findFirst()
            .orElseThrow();
    var entry = servers.toEntry();
    entry.removeAttribute("gPLink");

    live.upsert(LdapEntry.of(entry));

    var after = live.content();
    assertThat(after.soms().get(servers.dn()).links()).isEmpty();
    assertThat(after.gpos()).isSameAs(before.gpos());
    assertThat(after.policies()).isSameAs(before.policies());
    assertThat(after.computers()).isSameAs(before.computers());
    assertThat(after.groups()).isSameAs(before.groups());
    assertThat(after.primaryGroups()).isSameAs(before.primaryGroups());
    assertThat(after.subnets()).isSameAs(before.subnets());
    assertThat(after.problems()).isSameAs(before.problems());
    var changed = new ArrayList<Dn>();
    after.soms().forEachDifference(before.soms(), changed::add);
    assertThat(changed).containsExactly(servers.dn());
  }

  @Test
  void reading_the_same_again_changes_nothing() {
    LiveSnapshot live = corp();
    var before = live.content();
    var shuffled = new ArrayList<>(CORP);
    Collections.shuffle(shuffled, new Random(1));

    live.reset(shuffled);

    assertThat(live.content().isSame(before)).isTrue();
  }

  @Test
  void a_result_that_a_change_does_not_concern_is_kept() {
    LiveSnapshot live = corp();
    var snapshot = new DirectorySnapshot(live.content());
    var classes = new RsopClasses(snapshot);
    for (Dn computer : snapshot.computers().keySet()) classes.resolve(RsopQuery.of(computer));
    int all = classes.size();

    LdapEntry leaf =
        CORP.stream()
            .filter(e -> e.isA(LdapClass.ORGANIZATIONAL_UNIT))
            .max((a, b) -> Integer.compare(a.dn().depth(), b.dn().depth()))
            .orElseThrow();
    live.upsert(
        LdapEntry.named(leaf.dn())
            .addClasses(LdapClass.ORGANIZATIONAL_UNIT)
            .add(LdapAttribute.GP_OPTIONS, "1")
            .build());
    classes = classes.changedTo(snapshot.changedTo(live.content()));

    assertThat(classes.size()).isPositive().isBetween(all / 2, all - 1);
  }

  @Test
  void a_changed_site_leaves_the_results_of_hosts_elsewhere() {
    LiveSnapshot live = corp();
    var snapshot = new DirectorySnapshot(live.content());
    var classes = new RsopClasses(snapshot);
    for (Dn computer : snapshot.computers().keySet()) classes.resolve(RsopQuery.of(computer));
    int all = classes.size();
    Dn site = snapshot.sites().keySet().stream().sorted().findFirst().orElseThrow();
    long there =
        snapshot.computers().keySet().stream()
            .map(computer -> classes.resolveClass(RsopQuery.of(computer)))
            .distinct()
            .filter(rsop -> rsop.site().filter(site.name()::equals).isPresent())
            .count();

    live.upsert(LdapEntry.named(site).addClasses(LdapClass.SITE).build());

    assertThat(there).isPositive();
    assertThat(classes.changedTo(snapshot.changedTo(live.content())).size())
        .isEqualTo((int) (all - there));
  }
}
