package dev.reeve.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.engine.negotiate.Standing;
import dev.reeve.engine.xfrm.XfrmPolicy;
import dev.reeve.engine.xfrm.XfrmPolicy.Action;
import dev.reeve.engine.xfrm.XfrmPolicy.Direction;
import dev.reeve.engine.xfrm.XfrmPolicy.Layers;
import dev.reeve.engine.xfrm.XfrmPolicy.Mode.Transport;
import dev.reeve.engine.xfrm.XfrmSelector;
import dev.reeve.engine.xfrm.XfrmState;
import dev.reeve.model.net.IpAddress;
import dev.reeve.model.net.IpPrefix;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which of charon's policies get a second layer.
class ResponsesTest {

  private static final long BOTH = 0x4000_0001L;

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      useHeadersInDisplayName = true,
      textBlock =
          """
          what                     | way | source    | destination | layers    | reqid      | wrapped
          what leaves              | OUT | 10.0.0.1  | 10.0.0.2    | ESP       | 0x40000001 | true
          what comes in            | IN  | 10.0.0.2  | 10.0.0.1    | ESP       | 0x40000001 | true
          IPv6                     | OUT | fd00::1   | fd00::2     | ESP       | 0x40000001 | true
          a peer without an AH     | OUT | 10.0.0.1  | 10.0.0.3    | ESP       | 0x40000001 | false
          likewise, what comes in  | IN  | 10.0.0.3  | 10.0.0.1    | ESP       | 0x40000001 | false
          one that is wrapped      | OUT | 10.0.0.1  | 10.0.0.2    | ESP_IN_AH | 0x40000001 | false
          of other terms           | OUT | 10.0.0.1  | 10.0.0.2    | ESP       | 0x40000002 | false
          """)
  void the_esp_of_a_peer_that_agreed_on_both_is_wrapped(
      String what,
      Direction way,
      String source,
      String destination,
      Layers layers,
      String reqid,
      boolean wrapped) {
    var standing =
        new Standing(
            Map.of(
                IpAddress.parse("10.0.0.2"), Set.of(BOTH, XfrmState.around(BOTH)),
                IpAddress.parse("fd00::2"), Set.of(BOTH, XfrmState.around(BOTH)),
                IpAddress.parse("10.0.0.3"), Set.of(BOTH)));
    var selector =
        new XfrmSelector(
            IpPrefix.of(IpAddress.parse(source)),
            IpPrefix.of(IpAddress.parse(destination)),
            6,
            Optional.empty(),
            Optional.empty());
    XfrmPolicy of = policy(way, selector, layers, Long.decode(reqid));
    List<XfrmPolicy> expected =
        wrapped ? List.of(policy(way, selector, Layers.ESP_IN_AH, BOTH)) : List.of();
    assertThat(Responses.inAh(List.of(of), standing, Set.of(BOTH))).as(what).isEqualTo(expected);
  }

  private static XfrmPolicy policy(
      Direction way, XfrmSelector selector, Layers layers, long reqid) {
    return new XfrmPolicy(
        way, selector, 1, new Action.Protect(layers, reqid, Transport.TRANSPORT, true));
  }
}
