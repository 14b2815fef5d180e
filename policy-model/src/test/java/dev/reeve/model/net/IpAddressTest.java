package dev.reeve.model.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      useHeadersInDisplayName = true,
      textBlock =
          """
          written                                 | RFC 5952
          0.0.0.0                                 | 0.0.0.0
          255.255.255.255                         | 255.255.255.255
          10.0.0.1                                | 10.0.0.1
          ::                                      | ::
          0:0:0:0:0:0:0:1                         | ::1
          1:0:0:0:0:0:0:0                         | 1::
          2001:0DB8:0000:0000:0000:0000:0000:0001 | 2001:db8::1
          2001:db8:0:1:1:1:1:1                    | 2001:db8:0:1:1:1:1:1
          2001:db8::1:1:1:1:1                     | 2001:db8:0:1:1:1:1:1
          2001:0:0:1:0:0:0:1                      | 2001:0:0:1::1
          2001:db8:0:0:1:0:0:1                    | 2001:db8::1:0:0:1
          1:2:3:4:5:6:7:0                         | 1:2:3:4:5:6:7:0
          1:2:3:4:5:6:0:0                         | 1:2:3:4:5:6::
          0:0:3:4:5:6:7:8                         | ::3:4:5:6:7:8
          ::1.2.3.4                               | ::102:304
          ::ffff:192.0.2.1                        | ::ffff:192.0.2.1
          ::FFFF:C000:0201                        | ::ffff:192.0.2.1
          64:ff9b::192.0.2.33                     | 64:ff9b::c000:221
          fe80::ABCD                              | fe80::abcd
          """)
  void prints_the_canonical_text(String written, String canonical) {
    assertThat(IpAddress.parse(written)).hasToString(canonical);
    assertThat(IpAddress.parse(canonical)).isEqualTo(IpAddress.parse(written));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "1",
        "1.2.3",
        "1.2.3.4.5",
        "1.2.3.",
        ".1.2.3",
        "1..2.3",
        "256.1.1.1",
        "010.1.1.1",
        "1.2.3.4 ",
        " 1.2.3.4",
        "1.2.3.-4",
        "1.2.3.+4",
        "0x7f.0.0.1",
        "１.2.3.4",
        "1.2.3.4/8",
        "localhost",
        ":",
        ":::",
        "1::2::3",
        "12345::",
        "00001::",
        "00001::1.2.3.4",
        "::1.2.3.04",
        "::1.2.3",
        "fe80::1%eth0",
        "[::1]",
        "::1 ",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9",
        ":1:2:3:4:5:6:7:8",
        "::g",
        "::ffff:0x1.2.3.4",
        "::１",
        "1:2:3:4:5:6:7:1.2.3.4",
        "::1\n",
        "a.b:c"
      })
  void refuses_what_is_no_literal(String text) {
    assertThat(IpAddress.find(text)).isEmpty();
    assertThatThrownBy(() -> IpAddress.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("'" + text + "' is not an IP address");
  }

  static IntStream seeds() {
    return IntStream.range(0, 200);
  }

  static IpAddress random(Random random) {
    if (random.nextBoolean()) return IpAddress.v4(random.nextInt());
    // sparse groups, so that runs of zeros are common
    long high = 0;
    long low = 0;
    for (int i = 0; i < 4; i++) {
      high = high << 16 | (random.nextBoolean() ? 0 : random.nextInt(0x10000));
      low = low << 16 | (random.nextBoolean() ? 0 : random.nextInt(0x10000));
    }
    return IpAddress.v6(high, low);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void text_and_bytes_read_back(int seed) {
    IpAddress address = random(new Random(seed));

    assertThat(IpAddress.parse(address.toString())).isEqualTo(address);
    assertThat(IpAddress.ofBytes(address.toBytes())).isEqualTo(address);
    if (!address.toString().startsWith("::ffff:")) {
      assertThat(IpAddress.ofBytes(address.toInetAddress().getAddress())).isEqualTo(address);
    }
  }

  @Test
  void sorts_by_family_then_as_unsigned_numbers() {
    var sorted = new ArrayList<IpAddress>();
    for (String text : new String[] {"0.0.0.0", "127.0.0.1", "128.0.0.1", "255.255.255.255", "::"})
      sorted.add(IpAddress.parse(text));
    for (String text : new String[] {"7fff::", "8000::", "8000::1", "8000::8000:0:0:0", "ffff::"})
      sorted.add(IpAddress.parse(text));
    var shuffled = new ArrayList<>(sorted);
    Collections.shuffle(shuffled, new Random(1));
    Collections.sort(shuffled);

    assertThat(shuffled).isEqualTo(sorted);
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.255,10.0.1.0",
    "255.255.255.255,0.0.0.0",
    "::ffff:ffff:ffff:ffff,0:0:0:1::",
    "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff,::"
  })
  void next_carries(String address, String next) {
    assertThat(IpAddress.parse(address).next()).isEqualTo(IpAddress.parse(next));
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1,true,false",
    "127.255.0.1,true,false",
    "128.0.0.1,false,false",
    "::1,true,false",
    "169.254.1.1,false,true",
    "169.255.1.1,false,false",
    "fe80::1,false,true",
    "febf::1,false,true",
    "fec0::1,false,false"
  })
  void knows_loopback_and_link_local(String address, boolean loopback, boolean linkLocal) {
    assertThat(IpAddress.parse(address).isLoopback()).isEqualTo(loopback);
    assertThat(IpAddress.parse(address).isLinkLocal()).isEqualTo(linkLocal);
  }

  @Test
  void an_ipv4_address_has_32_bits_and_bytes_are_4_or_16() {
    assertThatThrownBy(() -> new IpAddress(IpFamily.IPV4, 0, 1L << 32))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> IpAddress.ofBytes(new byte[5]))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
