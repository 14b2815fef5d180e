package dev.reeve.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/// The contract of `benchmarks/run --list`: scripts take the names from it.
class ListTest {

  private static final List<String> KNOWN =
      List.of(
          "rsop-one",
          "rsop-all",
          "snapshot",
          "change-feed",
          "poll-304",
          "handshake",
          "long-poll",
          "fan-out",
          "storm",
          "agent-footprint",
          "packet-cost",
          "engine-apply",
          "negotiate-apply",
          "preflight");

  private static List<String> listed() {
    return Main.lines(Main.ALL).stream().map(line -> line.split(" ")[0]).toList();
  }

  @Test
  void each_line_begins_with_a_name_that_the_design_knows() {
    assertThat(listed()).isNotEmpty().isSubsetOf(KNOWN);
  }

  @Test
  void no_name_is_listed_twice() {
    assertThat(listed()).doesNotHaveDuplicates();
  }

  @Test
  void names_come_in_the_order_of_the_design() {
    assertThat(listed()).isEqualTo(KNOWN.stream().filter(listed()::contains).toList());
  }

  @Test
  void each_line_says_what_is_measured() {
    assertThat(Main.lines(Main.ALL)).allMatch(line -> line.matches("[a-z0-9-]+ +\\S.{20,}"));
  }
}
