package dev.reeve.engine.xfrm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.engine.xfrm.XfrmPolicy.Action;
import dev.reeve.engine.xfrm.XfrmPolicy.Direction;
import dev.reeve.engine.xfrm.XfrmPolicy.Layers;
import dev.reeve.engine.xfrm.XfrmPolicy.Mode;
import dev.reeve.engine.xfrm.XfrmPolicy.Protocol;
import dev.reeve.model.net.IpAddress;
import dev.reeve.model.net.IpPrefix;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which associations that were lost are asked for again, and how.
class XfrmAcquireTest {

  private static final long TRANSPORT = 0x4000_0001L;
  private static final long TUNNEL = 0x4000_0002L;

  private static final List<XfrmPolicy> POLICIES =
      List.of(
          protect(Direction.OUT, "10.0.0.1/32", "10.1.0.0/16", TRANSPORT, Mode.Transport.TRANSPORT),
          protect(Direction.IN, "10.1.0.0/16", "10.0.0.1/32", TRANSPORT, Mode.Transport.TRANSPORT),
          protect(
              Direction.OUT,
              "172.16.0.0/24",
              "172.17.0.0/24",
              TUNNEL,
              new Mode.Tunnel(IpAddress.parse("10.0.0.1"), IpAddress.parse("10.2.0.1"))));

  private static XfrmPolicy protect(
      Direction direction, String from, String to, long reqid, Mode mode) {
    var ports = new PortBlock(4096, 4);
    return new XfrmPolicy(
        direction,
        new XfrmSelector(
            IpPrefix.parse(from), IpPrefix.parse(to), 6, Optional.empty(), Optional.of(ports)),
        XfrmPolicy.FIRST,
        new Action.Protect(Layers.ESP, reqid, mode, true));
  }

  private static Set<XfrmAcquire> asked(
      String from, String to, long spi, long reqid, boolean tunnel, boolean inUdp) {
    var lost =
        new XfrmState(
            IpAddress.parse(from), IpAddress.parse(to), Protocol.ESP, spi, reqid, tunnel, inUdp);
    return XfrmAcquire.of(List.of(lost), POLICIES);
  }

  @Test
  void the_packet_is_the_first_that_the_policy_is_for() {
    assertThat(asked("10.0.0.1", "10.1.0.9", 1, TRANSPORT, false, false))
        .singleElement()
        .satisfies(asked -> {
          assertThat(asked.policy()).isEqualTo(POLICIES.getFirst());
          assertThat(asked.selector().toText())
              .isEqualTo("src 10.0.0.1/32 dst 10.1.0.9/32 proto 6 dport 4096");
        });
    assertThat(asked("10.0.0.1", "10.2.0.1", 1, TUNNEL, true, false))
        .singleElement()
        .satisfies(asked -> assertThat(asked.selector()).isEqualTo(POLICIES.getLast().selector()));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "one that came in, 10.1.0.9, 10.0.0.1, 1, 0x40000001, false, false",
    "a request, 10.0.0.1, 10.1.0.9, 0, 0x40000001, false, false",
    "through a NAT, 10.0.0.1, 10.1.0.9, 1, 0x40000001, false, true",
    "to where no policy goes, 10.0.0.1, 10.9.0.9, 1, 0x40000001, false, false",
    "under terms that are gone, 10.0.0.1, 10.1.0.9, 1, 0x40000009, false, false",
    "a tunnel to elsewhere, 10.0.0.1, 10.2.0.2, 1, 0x40000002, true, false",
  })
  void nothing_is_asked_for(
      String what, String from, String to, long spi, String reqid, boolean tunnel, boolean inUdp) {
    assertThat(asked(from, to, spi, Long.decode(reqid), tunnel, inUdp)).as(what).isEmpty();
  }

  @Test
  void the_ah_around_esp_is_asked_for_apart() {
    var both =
        protect(
            Direction.OUT, "10.0.0.1/32", "10.3.0.0/16", 0x4000_0003L, Mode.Transport.TRANSPORT);
    Optional<XfrmAcquire> asked =
        XfrmAcquire.around(
            0x4000_0003L,
            IpAddress.parse("10.0.0.1"),
            IpAddress.parse("10.3.0.9"),
            Stream.concat(POLICIES.stream(), Stream.of(both)).toList());
    var ah = new Action.Protect(Layers.AH, 0x8000_0003L, Mode.Transport.TRANSPORT, true);
    assertThat(asked)
        .contains(
            new XfrmAcquire(
                new XfrmPolicy(both.direction(), both.selector(), both.priority(), ah),
                IpAddress.parse("10.0.0.1"),
                IpAddress.parse("10.3.0.9")));
  }

  @Test
  void two_to_one_peer_are_one_question() {
    var older =
        new XfrmState(
            IpAddress.parse("10.0.0.1"),
            IpAddress.parse("10.1.0.9"),
            Protocol.ESP,
            1,
            TRANSPORT,
            false,
            false);
    var newer =
        new XfrmState(
            older.source(), older.destination(), Protocol.ESP, 2, TRANSPORT, false, false);
    assertThat(XfrmAcquire.of(List.of(older, newer), POLICIES)).hasSize(1);
  }
}
