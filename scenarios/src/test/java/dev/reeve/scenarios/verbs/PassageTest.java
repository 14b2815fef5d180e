package dev.reeve.scenarios.verbs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PassageTest {

  private static final String SHOWN =
      """
      Peers: 2
      10.0.0.1: expired [a]  Seen 3 times  Its traffic dropped
      10.0.0.2: revoked  Its traffic downgraded
      """;

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      useHeadersInDisplayName = true,
      textBlock =
          """
          passage                                | there
          10.0.0.1: expired [a] Seen             | true
          Peers: 2 10.0.0.1                      | true
          10.0.0.1: … traffic dropped            | true
          10.0.0.2: … Its traffic                | true
          revoked … Its traffic                  | true
          10.0.0.1:…dropped                      | true
          10.0.0.1: … traffic downgraded         | false
          10.0.0.2: … traffic downgraded         | true
          10.0.0.1: expired [b]                  | false
          """)
  void gaps_end_where_the_line_does(String passage, boolean there) {
    assertThat(new Passage(passage).isIn(SHOWN)).isEqualTo(there);
  }

  @Test
  void a_file_has_one_a_line_beside_what_is_for_people() {
    assertThat(Passage.lines("# people\n\nPeers: 2\n")).containsExactly(new Passage("Peers: 2"));
  }
}
