package dev.reeve.engine.negotiate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.engine.ike.IkeState.IkeAssociation;
import dev.reeve.model.net.IpAddress;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a host asks for again, of what it lacks: of whoever answered by now, and of no one else.
class StandingTest {

  /// `PEER=REQID,…` of each main-mode association; what is looked at, likewise.
  @ParameterizedTest(name = "{0} stand, {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          10.0.0.2=1                | 10.0.0.2=2 | lacks
          10.0.0.2=1                | 10.0.0.2=1 | has
          10.0.0.2=1                | 10.0.0.3=1 | waits
          10.0.0.2=                 | 10.0.0.2=1 | waits
          none                      | 10.0.0.2=1 | waits
          10.0.0.2=1 10.0.0.2=2     | 10.0.0.2=2 | has
          10.0.0.2=1,2              | 10.0.0.2=2 | has
          10.0.0.2=1,2              | 10.0.0.2=3 | lacks
          10.0.0.2=1 10.0.0.3=2     | 10.0.0.3=1 | lacks
          fd00::2=1                 | fd00::2=2  | lacks
          %any=1                    | 10.0.0.2=2 | waits
          """)
  void whoever_answers_is_asked_for_the_rest(String associations, String asked, String so) {
    Standing standing =
        Standing.of(
            associations.equals("none")
                ? List.of()
                : Stream.of(associations.split(" ")).map(StandingTest::association).toList());
    String[] words = asked.split("=");
    IpAddress peer = IpAddress.parse(words[0]);
    long reqid = Long.parseLong(words[1]);
    assertThat(standing.has(peer, reqid)).isEqualTo(so.equals("has"));
    assertThat(standing.lacks(peer, reqid)).isEqualTo(so.equals("lacks"));
  }

  private static IkeAssociation association(String text) {
    String[] words = text.split("=", -1);
    return TestAssociations.with(
        words[0],
        1,
        true,
        Stream.of(words[1].split(","))
            .filter(word -> !word.isEmpty())
            .map(Long::parseLong)
            .map(reqid -> TestAssociations.child(reqid, reqid, "ESP", "INSTALLED"))
            .toList());
  }
}
