package dev.reeve.engine.negotiate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.engine.ike.IkeState.IkeAssociation;
import dev.reeve.engine.xfrm.XfrmState;
import dev.reeve.model.net.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which ESP this host must ask an AH for.
class HalfPairTest {

  private static final long PAIRED = 0x4000_0001L;
  private static final long ALONE = 0x4000_0002L;

  /// `PEER begun|answered ESP|AH|alone [STATE]`, each an association of its own.
  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          10.0.0.2 begun ESP                                | 1
          10.0.0.2 answered ESP                             | none
          10.0.0.2 begun alone                              | none
          10.0.0.2 begun ESP, 10.0.0.2 begun AH             | none
          10.0.0.2 begun ESP, 10.0.0.2 answered AH          | none
          10.0.0.2 begun ESP, 10.0.0.3 begun AH             | 1
          10.0.0.2 begun ESP, 10.0.0.2 begun AH CREATED     | none
          10.0.0.2 begun ESP CREATED                        | none
          10.0.0.2 begun ESP, 10.0.0.3 begun ESP            | 1 2
          10.0.0.2 begun ESP, 10.0.0.2 begun ESP            | 1+2
          10.0.0.2 begun ESP, 10.0.0.2 answered ESP         | 1
          fd00::2 begun ESP                                 | 1
          """)
  void who_began_asks_for_the_rest(String associations, String halves) {
    var all = new ArrayList<IkeAssociation>();
    for (String one : associations.split(", "))
      all.add(association(all.size() + 1, one.split(" ")));
    List<HalfPair> wanted =
        halves.equals("none")
            ? List.of()
            : Stream.of(halves.split(" ")).map(ids -> half(ids, all)).toList();
    assertThat(HalfPair.of(all, Set.of(PAIRED))).isEqualTo(wanted);
  }

  private static HalfPair half(String ids, List<IkeAssociation> all) {
    List<Long> children = Stream.of(ids.split("[+]")).map(Long::parseLong).toList();
    IkeAssociation its = all.get(children.getFirst().intValue() - 1);
    return new HalfPair(
        new HalfPair.Ends(
            IpAddress.parse(its.localHost()), IpAddress.parse(its.remoteHost()), PAIRED),
        children);
  }

  private static IkeAssociation association(int id, String... words) {
    long reqid =
        switch (words[2]) {
          case "ESP" -> PAIRED;
          case "AH" -> XfrmState.around(PAIRED);
          default -> ALONE;
        };
    String state = words.length > 3 ? words[3] : "INSTALLED";
    return TestAssociations.with(
        words[0],
        id,
        words[1].equals("begun"),
        List.of(TestAssociations.child(id, reqid, words[2], state)));
  }
}
