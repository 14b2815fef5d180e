package dev.reeve.engine.nft;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.engine.TestPolicies;
import dev.reeve.model.net.IpAddress;
import dev.reeve.model.spd.HostPolicy;
import dev.reeve.model.spd.HostView;
import dev.reeve.model.spd.SymbolicSpd;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class GateTest {

  private static Gate.Rendered render(HostPolicy policy) {
    return Gate.render(SymbolicSpd.of(policy).resolve(HostView.NONE), HostView.NONE);
  }

  @Test
  void nothing_of_the_directorys_text_reaches_nft() {
    String hostile = "x\"; flush ruleset; #\n}\n delete table inet other $(reboot)";
    var named =
        TestPolicies.of(
            List.of(
                TestPolicies.rule(hostile, hostile, "block any <> me#80 tcp"),
                TestPolicies.rule(hostile + "2", hostile, "require me <> any")));
    var plain = TestPolicies.of("block any <> me#80 tcp", "require me <> any");

    assertThat(render(named).table().orElseThrow().toText())
        .isEqualTo(render(plain).table().orElseThrow().toText());
  }

  @Test
  void two_rules_with_one_id_keep_their_actions_apart() {
    var policy =
        TestPolicies.of(
            List.of(
                TestPolicies.rule("{SAME}", "block any > me#80 tcp"),
                TestPolicies.rule("{SAME}", "request any > me#81 tcp")));
    String text = render(policy).table().orElseThrow().toText();
    assertThat(text)
        .contains("6 . 80 : goto r1_end", "6 . 81 : goto r2_end")
        .contains("counter name \"r1\" drop", "counter name \"r2_clear\" accept");
  }

  @Test
  void without_entries_there_is_no_table() {
    assertThat(render(HostPolicy.EMPTY).table()).isEmpty();
  }

  /// Under default response alone there are no entries, and yet peers.
  @Test
  void without_entries_there_is_a_table_while_a_peer_is_behind_a_nat() {
    var address = IpAddress.parse("192.0.2.9");
    var doors =
        new NatDoors(
            new TreeSet<>(List.of(new NatDoors.Door(address, 1024))),
            new TreeSet<>(List.of(address)));
    assertThat(natted(NatDoors.NONE)).isEmpty();
    assertThat(natted(doors).orElseThrow().toText())
        .contains("192.0.2.9 . 1024 : goto nat_pass", "192.0.2.9 : goto nat_refuse")
        .contains("th dport 4500 jump nat_in", "th sport 4500 jump nat_out");
  }

  private static Optional<NftTable> natted(NatDoors doors) {
    return Gate.render(
            SymbolicSpd.of(HostPolicy.EMPTY).resolve(HostView.NONE),
            HostView.NONE,
            Map.of(),
            Set.of(),
            List.of(),
            Optional.of(doors),
            0)
        .table();
  }
}
