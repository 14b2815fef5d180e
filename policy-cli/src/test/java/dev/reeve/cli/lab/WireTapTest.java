package dev.reeve.cli.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WireTapTest {

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      useHeadersInDisplayName = true,
      nullValues = "-",
      textBlock =
          """
          tcpdump says                                                                   | lost
          7 packets captured, 7 packets received by filter, 0 packets dropped by kernel   | 0
          7 packets captured, 8 packets received by filter, 1 packet dropped by kernel    | 1
          7 packets captured, 91 packets received by filter, 84 packets dropped by kernel | 84
          84 packets dropped by kernel                                                   | 84
          7 packets captured                                                             | -
          9 packets dropped by interface                                                 | -
          listening on eth0, link-type EN10MB (Ethernet), snapshot length 192 bytes      | -
          """)
  void what_a_capture_lost_is_read_from_what_tcpdump_says(String line, Long lost) {
    assertThat(WireTap.lost(line).stream().boxed())
        .isEqualTo(lost == null ? List.of() : List.of(lost));
  }

  @Test
  void one_packet_lost_is_too_many() throws LabException {
    WireTap.requireNone(0);
    assertThatThrownBy(() -> WireTap.requireNone(1)).hasMessageStartingWith("1 packets passed");
  }
}
