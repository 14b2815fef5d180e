package dev.reeve.server.directory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.model.gp.Dn;
import dev.reeve.model.gp.Gpo;
import dev.reeve.model.gp.GpoEntry;
import dev.reeve.model.gp.PolicyPointer;
import dev.reeve.model.gp.SecurityFilter;
import dev.reeve.model.ipsec.HostSettings;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GpoSettlingTest {

  private static final Dn GPO = Dn.parse("CN={1},CN=Policies,CN=System,DC=corp");
  private static final Dn POLICY = Dn.parse("CN=ipsecPolicy{1},CN=Reeve,CN=System,DC=corp");
  private static final Instant START = Instant.parse("2026-11-22T12:00:00Z");
  private static final Gpo ASSIGNS = gpo("Web", new PolicyPointer.To(POLICY));
  private static final Gpo EMPTIED = gpo("Web", PolicyPointer.None.NONE);

  private static Gpo gpo(String name, PolicyPointer policy) {
    return new Gpo(
        GPO,
        "{1}",
        name,
        false,
        2,
        1,
        SecurityFilter.Everyone.EVERYONE,
        Optional.empty(),
        policy,
        PolicyPointer.None.NONE,
        HostSettings.DEFAULTS);
  }

  private static GpoSettling.Settled at(GpoSettling from, Map<Dn, GpoEntry> fresh, long millis) {
    return from.settle(fresh, START.plusMillis(millis));
  }

  private static final GpoSettling BEFORE = GpoSettling.after(Map.of(GPO, ASSIGNS));

  @Test
  void a_gpo_deleted_leaves_first_is_never_seen_without_its_assignment() {
    var emptied = at(BEFORE, Map.of(GPO, EMPTIED), 0);
    assertThat(emptied.next().published()).containsEntry(GPO, ASSIGNS);
    assertThat(emptied.lookAgain()).contains(START.plusSeconds(5));

    var gone = at(emptied.next(), Map.of(), 100);
    assertThat(gone.next().published()).isEmpty();
    assertThat(gone.lookAgain()).isEmpty();
  }

  @Test
  void an_assignment_taken_away_acts_after_five_seconds_however_often_it_is_looked_at() {
    var first = at(BEFORE, Map.of(GPO, EMPTIED), 0);
    var second = at(first.next(), Map.of(GPO, EMPTIED), 4_999);
    assertThat(second.next().published()).containsEntry(GPO, ASSIGNS);

    var third = at(second.next(), Map.of(GPO, EMPTIED), 5_000);
    assertThat(third.next().published()).containsEntry(GPO, EMPTIED);
    assertThat(third.next().losing()).isEmpty();
  }

  @Test
  void an_assignment_that_comes_back_was_never_away() {
    var emptied = at(BEFORE, Map.of(GPO, EMPTIED), 0);
    var back = at(emptied.next(), Map.of(GPO, ASSIGNS), 1_000);

    assertThat(back.next()).isEqualTo(BEFORE);
    assertThat(back.lookAgain()).isEmpty();
  }

  @Test
  void any_other_change_acts_at_once() {
    Gpo renamed = gpo("Web 2", new PolicyPointer.To(POLICY));

    assertThat(at(BEFORE, Map.of(GPO, renamed), 0).next().published()).containsEntry(GPO, renamed);
    assertThat(at(GpoSettling.after(Map.of()), Map.of(GPO, EMPTIED), 0).next().published())
        .containsEntry(GPO, EMPTIED);
  }
}
