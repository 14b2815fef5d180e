package dev.reeve.model.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpPrefixTest {

  @ParameterizedTest
  @CsvSource({
    "0.0.0.0/0,0.0.0.0,255.255.255.255",
    "10.0.0.0/8,10.0.0.0,10.255.255.255",
    "10.1.2.3,10.1.2.3,10.1.2.3",
    "10.1.2.2/31,10.1.2.2,10.1.2.3",
    "::/0,::,ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    "2001:db8::/32,2001:db8::,2001:db8:ffff:ffff:ffff:ffff:ffff:ffff",
    "2001:db8::/64,2001:db8::,2001:db8::ffff:ffff:ffff:ffff",
    "2001:db8::/65,2001:db8::,2001:db8::7fff:ffff:ffff:ffff",
    "2001:db8::/127,2001:db8::,2001:db8::1",
    "::1,::1,::1"
  })
  void has_a_first_and_a_last_address(String text, String first, String last) {
    IpPrefix prefix = IpPrefix.parse(text);

    assertThat(prefix).hasToString(text);
    assertThat(prefix.first()).hasToString(first);
    assertThat(prefix.last()).hasToString(last);
    assertThat(AddressRange.of(prefix)).hasToString(first + "-" + last);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.0.0.1/8",
        "10.0.0.0/33",
        "10.0.0.0/",
        "10.0.0.0/08",
        "10.0.0.0/-1",
        "10.0.0.0/+8",
        "10.0.0.0/8/8",
        "/8",
        "10.0.0.0/1٢",
        "2001:db8::/129",
        "2001:db8::1/64",
        "::/1000",
        "::1/0"
      })
  void refuses_host_bits_and_wrong_lengths(String text) {
    assertThatThrownBy(() -> IpPrefix.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  static IntStream seeds() {
    return IntStream.range(0, 300);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void agrees_with_plain_arithmetic(int seed) {
    var random = new Random(seed);
    IpAddress address = IpAddressTest.random(random);
    int bits = address.family().bits();
    IpPrefix prefix = IpPrefix.containing(address, random.nextInt(bits + 1));
    BigInteger size = BigInteger.ONE.shiftLeft(bits - prefix.length());
    BigInteger first = number(address).divide(size).multiply(size);

    assertThat(number(prefix.first())).isEqualTo(first);
    assertThat(number(prefix.last())).isEqualTo(first.add(size).subtract(BigInteger.ONE));
    assertThat(prefix.contains(address)).isTrue();
    assertThat(IpPrefix.parse(prefix.toString())).isEqualTo(prefix);
    IpAddress other = IpAddressTest.random(random);
    assertThat(prefix.contains(other))
        .isEqualTo(
            other.family() == prefix.family()
                && number(other).divide(size).multiply(size).equals(first));
    assertThat(AddressRange.of(prefix).contains(other)).isEqualTo(prefix.contains(other));
  }

  private static BigInteger number(IpAddress address) {
    return new BigInteger(1, address.toBytes());
  }

  @Test
  void families_never_contain_each_other() {
    assertThat(IpPrefix.parse("::/0").contains(IpAddress.parse("10.0.0.1"))).isFalse();
    assertThat(IpPrefix.parse("0.0.0.0/0").contains(IpPrefix.parse("::1"))).isFalse();
    assertThat(IpPrefix.parse("10.0.0.0/8").contains(IpPrefix.parse("10.0.0.0/7"))).isFalse();
    assertThat(IpPrefix.parse("10.0.0.0/8").contains(IpPrefix.parse("10.1.0.0/16"))).isTrue();
  }
}
