package dev.reeve.engine.xfrm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.engine.kernel.Netlink.Answer;
import dev.reeve.model.ipsec.NetworkType;
import dev.reeve.model.net.IpAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// That the kernel means the same, [XfrmIT] shows.
class AddressCodecTest {

  private static final int LOCAL = 2;
  private static final int ADDRESS = 1;

  private static ByteBuffer buffer(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.nativeOrder());
  }

  private static Answer link(int index, int type) {
    return new Answer(16, buffer(32).putShort(2, (short) type).putInt(4, index));
  }

  private static Answer address(int index, int scope, int attribute, String text) {
    byte[] bytes = IpAddress.parse(text).toBytes();
    return new Answer(
        20,
        buffer(12 + bytes.length)
            .put(0, (byte) (bytes.length == 4 ? 2 : 10))
            .put(3, (byte) scope)
            .putInt(4, index)
            .putShort(8, (short) (4 + bytes.length))
            .putShort(10, (short) attribute)
            .put(12, bytes));
  }

  @ParameterizedTest(name = "{1}, type {0}")
  @CsvSource({"1, LAN", "512, REMOTE", "772, ALL", "65534, ALL"})
  void an_address_is_of_the_network_of_its_link(int type, NetworkType network) {
    assertThat(
            AddressCodec.own(
                List.of(link(6, 1000), link(7, type)),
                List.of(address(7, 0, LOCAL, "10.9.0.1")),
                scope -> scope == AddressCodec.GLOBAL))
        .containsExactly(new OwnAddress(IpAddress.parse("10.9.0.1"), network));
  }

  @ParameterizedTest(name = "scope {0}")
  @CsvSource({"0, true, true", "200, false, true", "253, false, true", "254, false, false"})
  void scopes_are_told_apart(int scope, boolean global, boolean beyondThisHost) {
    var addresses = List.of(address(7, scope, ADDRESS, "fd00::1"));
    assertThat(AddressCodec.own(List.of(), addresses, s -> s == AddressCodec.GLOBAL).isEmpty())
        .isNotEqualTo(global);
    assertThat(AddressCodec.own(List.of(), addresses, s -> s != AddressCodec.HOST).isEmpty())
        .isNotEqualTo(beyondThisHost);
  }

  @Test
  void an_address_without_its_link_counts_for_every_network() {
    assertThat(AddressCodec.own(List.of(), List.of(address(3, 0, LOCAL, "10.9.0.1")), _ -> true))
        .containsExactly(new OwnAddress(IpAddress.parse("10.9.0.1"), NetworkType.ALL));
  }

  static IntStream seeds() {
    return IntStream.range(0, 200);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void bytes_that_mean_nothing_say_nothing(int seed) {
    var random = new Random(seed);
    byte[] bytes = new byte[random.nextInt(64)];
    random.nextBytes(bytes);
    if (bytes.length > 12) bytes[0] = (byte) (random.nextBoolean() ? 2 : 10);
    int type = List.of(16, 20, 24, random.nextInt(64)).get(random.nextInt(4));
    var answer = new Answer(type, ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()));
    for (OwnAddress own : AddressCodec.own(List.of(answer), List.of(answer), _ -> true))
      assertThat(type).as("%s", own).isEqualTo(20);
    Optional<IpAddress> source = AddressCodec.source(answer);
    if (source.isPresent()) assertThat(type).isEqualTo(24);
  }
}
