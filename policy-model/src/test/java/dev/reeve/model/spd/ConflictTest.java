package dev.reeve.model.spd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ConflictTest {

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          the same filter               | block me > 10.0.0.1          | permit me > 10.0.0.1          | 1
          both directions of it         | block me <> 10.0.0.1         | permit me <> 10.0.0.1         | 2
          the same action               | block me > 10.0.0.1          | block me > 10.0.0.1           | 0
          another address               | block me > 10.0.0.1          | permit me > 10.0.0.2          | 0
          another weight                | block me > 10.0.0.1          | permit me > 10.0.0.0/31       | 0
          overlapping ranges            | block me > 10.0.0.1-10.0.0.4 | permit me > 10.0.0.4-10.0.0.7 | 1
          ranges side by side           | block me > 10.0.0.0-10.0.0.3 | permit me > 10.0.0.4-10.0.0.7 | 0
          overlapping port ranges       | block me > any#80-89 tcp     | permit me > any#85-94 tcp     | 1
          another protocol              | block me > any#80 tcp        | permit me > any#80 udp        | 0
          crossing subnets              | block 10.0.0.0/8 > any       | permit any > 10.0.0.0/8       | 1
          crossing subnets of 2 families| block 10.0.0.0/8 > any       | permit any > 2001:db8::/32    | 0
          me and an address             | block me > any               | permit 10.0.0.1 > any         | 0
          two services of one host      | block any <> me#23 tcp       | permit any <> me#443 tcp      | 0
          """)
  void overlap_with_equal_weight_is_a_conflict(String name, String one, String two, int conflicts) {
    assertThat(TestPolicy.spd(one, two).conflicts()).as(name).hasSize(conflicts);
  }

  @Test
  void a_conflict_says_what_and_who() {
    assertThat(TestPolicy.spd("permit me > 10.0.0.1", "block me > 10.0.0.1").conflicts().getFirst())
        .hasToString(
            "block from domain {R2} 'rule 2' [me -> 10.0.0.1] and permit from domain {R1} 'rule 1'"
                + " [me -> 10.0.0.1] are equally specific; block wins");
  }

  static IntStream seeds() {
    return IntStream.range(0, 100);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void the_sweep_finds_what_comparing_all_pairs_finds(int seed) {
    List<SpdEntry> entries = RandomPolicy.spd(new Random(seed), 25).entries();
    var losers = new ArrayList<SpdEntry>();
    for (int j = 0; j < entries.size(); j++) {
      SpdEntry loser = entries.get(j);
      boolean conflict =
          entries.subList(0, j).stream()
              .anyMatch(winner ->
                  winner.weight().equals(loser.weight())
                      && !winner.action().equals(loser.action())
                      && winner.selector().overlaps(loser.selector()));
      if (conflict) losers.add(loser);
    }

    var found = Conflicts.in(entries);

    assertThat(found.stream().map(c -> c.loses().selector() + " " + c.loses().action()).toList())
        .containsExactlyElementsOf(
            losers.stream().map(e -> e.selector() + " " + e.action()).distinct().toList());
    assertThat(found)
        .allSatisfy(c ->
            assertThat(c.wins().action().strictness())
                .isGreaterThanOrEqualTo(c.loses().action().strictness()));
  }

  @Test
  void many_filters_of_one_weight_do_not_take_the_square_of_their_number() {
    String[] rules = {addresses("block", 0), addresses("permit", 1)};
    var spd = TestPolicy.spd(rules);
    assertThat(spd.entries()).hasSize(80_000);
    assertThat(spd.conflicts()).isEmpty();
  }

  /// 20 000 mirrored filters between this host and every second address.
  private static String addresses(String action, int odd) {
    return action
        + " "
        + IntStream.range(0, 20_000)
            .map(i -> 2 * i + odd)
            .mapToObj(i -> "me <> 10.0." + i / 256 + "." + i % 256)
            .collect(Collectors.joining(","));
  }
}
