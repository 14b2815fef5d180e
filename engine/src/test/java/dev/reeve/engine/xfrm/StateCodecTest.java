package dev.reeve.engine.xfrm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.engine.kernel.Netlink.Answer;
import dev.reeve.engine.xfrm.XfrmPolicy.Protocol;
import dev.reeve.model.net.IpAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// That the kernel means the same, [XfrmIT] shows.
class StateCodecTest {

  private static final int OURS = 1073741901;

  private static Answer answer(int family, int protocol, int reqid, int size) {
    ByteBuffer out = ByteBuffer.allocate(size).order(ByteOrder.nativeOrder());
    if (size < 224) return new Answer(0x10, out);
    String net = family == 10 ? "2001:db8::" : "10.9.0.";
    out.put(56, IpAddress.parse(net + "2").toBytes());
    out.order(ByteOrder.BIG_ENDIAN).putInt(72, 0xc1234567).order(ByteOrder.nativeOrder());
    out.put(76, (byte) protocol);
    out.put(80, IpAddress.parse(net + "1").toBytes());
    out.putInt(208, reqid);
    out.putShort(212, (short) family);
    out.put(214, (byte) 1);
    return new Answer(0x10, out);
  }

  @ParameterizedTest
  @CsvSource({"2, 50, ESP, 10.9.0.1, 10.9.0.2", "10, 51, AH, 2001:db8::1, 2001:db8::2"})
  void an_association_of_ours_is_read(
      int family, int number, Protocol protocol, String source, String destination) {
    assertThat(StateCodec.read(answer(family, number, OURS, 300)))
        .contains(
            new XfrmState(
                IpAddress.parse(source),
                IpAddress.parse(destination),
                protocol,
                0xc1234567L,
                OURS,
                true,
                false));
  }

  @Test
  void one_through_a_nat_is_told_from_others() {
    Answer answer = answer(2, 50, OURS, 260);
    answer.body().putShort(224, (short) 8).putShort(226, (short) 21); // another attribute
    answer.body().putShort(232, (short) 28).putShort(234, (short) 4);
    assertThat(StateCodec.read(answer).orElseThrow().inUdp()).isTrue();
    answer.body().putShort(234, (short) 5);
    assertThat(StateCodec.read(answer).orElseThrow().inUdp()).isFalse();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "another's request id, 2, 50, 7, 224",
    "compression, 2, 108, 1073741901, 224",
    "another family, 7, 50, 1073741901, 224",
    "cut short, 2, 50, 1073741901, 223",
    "empty, 2, 50, 1073741901, 0",
  })
  void what_is_not_is_passed_over(String what, int family, int protocol, int reqid, int size) {
    assertThat(StateCodec.read(answer(family, protocol, reqid, size))).as(what).isEmpty();
  }

  @Test
  void an_association_is_removed_by_its_own_name() {
    var state = StateCodec.read(answer(2, 50, OURS, 224)).orElseThrow();
    assertThat(state.toDelete())
        .containsExactly("xfrm state delete src 10.9.0.1 dst 10.9.0.2 proto esp spi 0xc1234567");
  }
}
