package dev.reeve.engine.xfrm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.engine.kernel.Netlink.Answer;
import dev.reeve.engine.xfrm.XfrmPolicy.Action;
import dev.reeve.engine.xfrm.XfrmPolicy.Direction;
import dev.reeve.engine.xfrm.XfrmPolicy.Layers;
import dev.reeve.engine.xfrm.XfrmPolicy.Mode;
import dev.reeve.model.net.IpAddress;
import dev.reeve.model.net.IpPrefix;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// That the kernel understands it, and shows it so, [dev.reeve.engine.esp.EspCases] prove.
class PolicyCodecTest {

  private static final int NEW_POLICY = 0x13;

  private static XfrmSelector selector(
      String from, String to, int protocol, Optional<PortBlock> source, Optional<PortBlock> dest) {
    return new XfrmSelector(IpPrefix.parse(from), IpPrefix.parse(to), protocol, source, dest);
  }

  static List<XfrmPolicy> policies() {
    Optional<PortBlock> none = Optional.empty();
    var ports = Optional.of(new PortBlock(4096, 4));
    var selectors =
        List.of(
            selector("10.9.0.1/32", "10.9.0.0/24", 6, Optional.of(PortBlock.of(80)), ports),
            selector("fd00::1/128", "::/0", 58, Optional.of(PortBlock.of(135)), none),
            selector("0.0.0.0/0", "10.0.0.0/8", 0, none, none));
    var actions =
        List.of(
            Action.Allow.ALLOW,
            Action.Block.BLOCK,
            new Action.Protect(Layers.ESP, 0x4000_0001L, Mode.Transport.TRANSPORT, true),
            new Action.Protect(Layers.AH, 0x7fff_ffffL, Mode.Transport.TRANSPORT, false),
            new Action.Protect(Layers.ESP_IN_AH, 0x7fff_ffffL, Mode.Transport.TRANSPORT, true),
            new Action.Protect(Layers.ESP_IN_AH, 0x4000_0001L, Mode.Transport.TRANSPORT, false),
            tunnel(Layers.ESP, "192.0.2.1", "192.0.2.2"),
            tunnel(Layers.ESP, "2001:db8::1", "2001:db8::2"),
            tunnel(Layers.ESP_IN_AH, "192.0.2.1", "192.0.2.2"),
            tunnel(Layers.ESP_IN_AH, "2001:db8::1", "2001:db8::2"));
    return Stream.of(Direction.values())
        .flatMap(way ->
            selectors.stream()
                .flatMap(selector ->
                    actions.stream()
                        .map(action -> new XfrmPolicy(way, selector, XfrmPolicy.LAST, action))))
        .toList();
  }

  private static Action tunnel(Layers layers, String from, String to) {
    return new Action.Protect(
        layers, 0x5000_0000L, new Mode.Tunnel(IpAddress.parse(from), IpAddress.parse(to)), true);
  }

  private static Optional<XfrmPolicy> read(byte[] body) {
    return PolicyCodec.read(
        new Answer(NEW_POLICY, ByteBuffer.wrap(body).order(ByteOrder.nativeOrder())));
  }

  @ParameterizedTest
  @MethodSource("policies")
  void what_is_written_is_read_back(XfrmPolicy policy) {
    assertThat(read(PolicyCodec.update(policy).body())).contains(policy);
  }

  @Test
  void what_is_not_in_our_band_is_not_ours() {
    var foreign = policies().getFirst().withPriority(600);
    assertThat(read(PolicyCodec.update(foreign).body())).isEmpty();
  }

  @Test
  void a_policy_with_more_than_we_write_is_foreign() {
    byte[] bound = PolicyCodec.update(policies().getFirst()).body();
    bound[48] = 1; // an interface
    assertThat(read(bound).orElseThrow().action()).isInstanceOf(Action.Foreign.class);
  }

  @ParameterizedTest(name = "byte {0}")
  @CsvSource({"0, destination", "28, source", "44, request id", "48, mode", "50, level"})
  void ah_that_is_not_around_its_esp_is_foreign(int at, String what) {
    XfrmPolicy both =
        policies().stream()
            .filter(policy ->
                policy.action().equals(tunnel(Layers.ESP_IN_AH, "192.0.2.1", "192.0.2.2")))
            .findFirst()
            .orElseThrow();
    byte[] other = PolicyCodec.update(both).body();
    other[168 + 4 + 64 + at] ^= 1;
    assertThat(read(other).orElseThrow().action()).as(what).isInstanceOf(Action.Foreign.class);
  }
}
