package dev.reeve.model.spd;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpecificityTest {

  /// The first filter must win over the second, whichever stands first in the policy. The less
  /// strict action stands with the more specific filter, so that strictness cannot decide.
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      useHeadersInDisplayName = true,
      textBlock =
          """
          rule                                            | wins                              | loses
          an address beats its subnet                     | me <> 10.0.0.5                    | me <> 10.0.0.0/24
          a longer prefix beats a shorter                 | me <> 10.0.0.0/24                 | me <> 10.0.0.0/8
          a subnet beats any                              | me <> 10.0.0.0/8                  | me <> any
          me beats any                                    | me <> any                         | any <> any
          addresses beat protocol and ports               | me <> 10.0.0.5                    | me#80 <> any#80 tcp
          both ends count together                        | 10.0.0.0/24 <> 10.1.0.0/24        | me <> 10.0.0.0/10
          equal sums: the narrower end decides            | me <> 10.0.0.0/16                 | 10.0.0.0/24 <> 10.1.0.0/24
          a protocol beats any protocol                   | me <> any tcp                     | me <> any
          a port beats a protocol                         | me <> any#80 tcp                  | me <> any tcp
          two ports beat one                              | me#1000-2000 <> any#80 tcp        | me <> any#80 tcp
          two wide port ranges beat one port              | me#1-60000 <> any#1-60000 tcp     | me <> any#80 tcp
          one port beats a range                          | me <> any#80 tcp                  | me <> any#80-90 tcp
          a narrow range of ports beats a wide one        | me <> any#80-81 tcp               | me <> any#80-90 tcp
          a narrow range of addresses beats its subnet    | me <> 10.0.0.4-10.0.0.7           | me <> 10.0.0.0/24
          a range weighs like the prefix of its size      | me <> 10.0.0.1-10.0.0.4 tcp       | me <> 10.0.0.0/30
          IPv6 addresses weigh as much as IPv4 ones       | me <> 2001:db8::1 tcp             | me <> 10.0.0.5
          an IPv6 prefix of 64 weighs like IPv4 /16       | me <> 2001:db8::/64 tcp           | me <> 10.0.0.0/16
          a wide range of IPv6                            | me <> 2001:db8::1-2001:db8::ff:0  | me <> 2001:db8::/64
          """)
  void the_more_specific_filter_wins(String rule, String wins, String loses) {
    assertThat(first("permit " + wins, "block " + loses)).as(rule).isEqualTo("{R1}");
    assertThat(first("block " + loses, "permit " + wins)).as(rule).isEqualTo("{R2}");
  }

  @ParameterizedTest(name = "{0} beats {1}")
  @CsvSource({
    "block, weak",
    "weak, require",
    "require, pass-through",
    "pass-through, request",
    "request, permit"
  })
  void of_equally_specific_filters_the_stricter_wins(String stricter, String milder) {
    String same = " me <> 10.0.0.0/8 tcp";
    assertThat(first(stricter + same, milder + same)).isEqualTo("{R1}");
    assertThat(first(milder + same, stricter + same)).isEqualTo("{R2}");
    assertThat(TestPolicy.spd(stricter + same, milder + same).conflicts()).hasSize(2);
  }

  private static String first(String... rules) {
    return TestPolicy.spd(rules).entries().getFirst().origin().ruleId();
  }
}
