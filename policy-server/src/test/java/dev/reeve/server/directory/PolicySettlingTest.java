package dev.reeve.server.directory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.model.gp.Dn;
import dev.reeve.model.gp.PolicyEntry;
import dev.reeve.model.ipsec.IpsecPolicy;
import dev.reeve.model.ipsec.MainMode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PolicySettlingTest {

  private static final Dn POLICY = Dn.parse("CN=ipsecPolicy{1},CN=Reeve,CN=System,DC=corp");
  private static final Dn OTHER = Dn.parse("CN=ipsecPolicy{2},CN=Reeve,CN=System,DC=corp");
  private static final Instant START = Instant.parse("2026-11-22T12:00:00Z");

  private static PolicyEntry policy(String name) {
    return new PolicyEntry.Readable(
        new IpsecPolicy(
            "{1}", name, "", IpsecPolicy.DEFAULT_POLLING_INTERVAL, MainMode.DEFAULT, List.of()));
  }

  private static final PolicyEntry OLD = policy("old");
  private static final PolicyEntry HALF = policy("half written");
  private static final PolicyEntry NEW = policy("new");
  private static final PolicyEntry BROKEN = new PolicyEntry.Unreadable("an NFA is missing");

  private static PolicySettling.Settled at(
      PolicySettling settling, PolicyEntry fresh, long millis) {
    return settling.settle(Map.of(POLICY, fresh), START.plusMillis(millis));
  }

  @Test
  void what_a_complete_read_shows_is_published_at_once() {
    assertThat(at(PolicySettling.after(Map.of(POLICY, OLD)), OLD, 0).next().published())
        .containsEntry(POLICY, OLD);
  }

  @Test
  void a_change_waits_for_five_quiet_seconds_and_each_further_change_starts_them_anew() {
    var settling = PolicySettling.after(Map.of(POLICY, OLD)).changed(Set.of(), START);

    var early = at(settling, HALF, 4_999);
    assertThat(early.next().published()).containsEntry(POLICY, OLD);
    assertThat(early.lookAgain()).contains(START.plusSeconds(5));

    var again = early.next().changed(Set.of(), START.plusMillis(4_999));
    assertThat(at(again, NEW, 9_998).next().published()).containsEntry(POLICY, OLD);
    assertThat(at(again, NEW, 9_999).next().published()).containsEntry(POLICY, NEW);
    assertThat(at(again, NEW, 9_999).lookAgain()).isEmpty();
  }

  @Test
  void touching_the_policy_object_shortens_the_wait_but_does_not_skip_it() {
    var settling = PolicySettling.after(Map.of(POLICY, OLD)).changed(Set.of(POLICY), START);

    assertThat(at(settling, HALF, 999).next().published()).containsEntry(POLICY, OLD);
    assertThat(at(settling, NEW, 1_000).next().published()).containsEntry(POLICY, NEW);
  }

  @Test
  void a_touch_of_one_policy_does_not_hurry_another() {
    var settling =
        PolicySettling.after(Map.of(POLICY, OLD, OTHER, OLD)).changed(Set.of(OTHER), START);

    var settled = settling.settle(Map.of(POLICY, NEW, OTHER, NEW), START.plusSeconds(1));

    assertThat(settled.next().published()).containsEntry(POLICY, OLD).containsEntry(OTHER, NEW);
    assertThat(settled.lookAgain()).contains(START.plusSeconds(5));
  }

  @Test
  void a_policy_that_is_not_whole_waits_the_full_time_even_when_touched() {
    var settling = PolicySettling.after(Map.of(POLICY, OLD)).changed(Set.of(POLICY), START);

    assertThat(at(settling, BROKEN, 4_999).next().published()).containsEntry(POLICY, OLD);
    assertThat(at(settling, BROKEN, 5_000).next().published()).containsEntry(POLICY, BROKEN);
  }

  @Test
  void a_deleted_policy_is_kept_until_it_is_quiet() {
    var settling = PolicySettling.after(Map.of(POLICY, OLD)).changed(Set.of(), START);

    assertThat(settling.settle(Map.of(), START.plusSeconds(4)).next().published())
        .containsEntry(POLICY, OLD);
    assertThat(settling.settle(Map.of(), START.plusSeconds(5)).next().published()).isEmpty();
  }

  @Test
  void a_change_taken_back_leaves_nothing_to_wait_for() {
    var settling = PolicySettling.after(Map.of(POLICY, OLD)).changed(Set.of(), START);

    assertThat(at(settling, OLD, 1_000).lookAgain()).isEqualTo(Optional.empty());
  }
}
