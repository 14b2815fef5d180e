package dev.reeve.model.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PortsAndRangesTest {

  @ParameterizedTest
  @CsvSource({
    "any,any",
    "0-65535,any",
    "0,0",
    "65535,65535",
    "443,443",
    "00443,443",
    "8000-8099,8000-8099",
    "80-80,80"
  })
  void ports_print_their_shortest_form(String text, String printed) {
    assertThat(PortRange.parse(text)).hasToString(printed);
    assertThat(PortRange.parse(printed)).isEqualTo(PortRange.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "-", "1-", "-1", "1-2-3", "65536", "99-1", "+1", " 1", "0x50", "ANY", "٤٤٣"})
  void wrong_ports_are_refused(String text) {
    assertThatThrownBy(() -> PortRange.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  static IntStream protocols() {
    return IntStream.rangeClosed(0, 255);
  }

  @ParameterizedTest
  @MethodSource("protocols")
  void every_protocol_reads_back(int number) {
    var protocol = new IpProtocol(number);

    assertThat(IpProtocol.parse(protocol.toString())).isEqualTo(protocol);
    assertThat(IpProtocol.parse(Integer.toString(number))).isEqualTo(protocol);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "256", "-1", "1000", "tcpx", " tcp", "６"})
  void wrong_protocols_are_refused(String text) {
    assertThatThrownBy(() -> IpProtocol.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.0.0.9-10.0.0.5", "10.0.0.1-::1", "10.0.0.1", "-", "10.0.0.1-", "a-b"})
  void wrong_ranges_are_refused(String text) {
    assertThatThrownBy(() -> AddressRange.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void ranges_hold_both_ends_and_overlap_at_them() {
    AddressRange range = AddressRange.parse("10.0.0.5-10.0.0.9");

    assertThat(range).hasToString("10.0.0.5-10.0.0.9");
    assertThat(range.contains(IpAddress.parse("10.0.0.5"))).isTrue();
    assertThat(range.contains(IpAddress.parse("10.0.0.9"))).isTrue();
    assertThat(range.contains(IpAddress.parse("10.0.0.10"))).isFalse();
    assertThat(range.overlaps(AddressRange.parse("10.0.0.9-10.0.0.20"))).isTrue();
    assertThat(range.overlaps(AddressRange.parse("10.0.0.10-10.0.0.20"))).isFalse();
    assertThat(range.overlaps(AddressRange.parse("::-::ffff"))).isFalse();
    assertThat(PortRange.parse("80-90").overlaps(PortRange.of(90))).isTrue();
    assertThat(PortRange.parse("80-90").contains(91)).isFalse();
  }
}
