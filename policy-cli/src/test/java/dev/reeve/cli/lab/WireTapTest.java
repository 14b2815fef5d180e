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

  /// What is in clear has a first part in clear.
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = ';',
      useHeadersInDisplayName = true,
      textBlock =
          """
          tcpdump says                                                                              ; kind
          IP 10.77.10.11 > 10.77.10.12: ESP(spi=0xc1,seq=0x1), length 1480                          ; SECURED
          IP 10.77.10.11 > 10.77.10.12: AH(spi=0xc1,seq=0x1): 10.77.10.11.9 > 10.77.10.12.9: UDP, length 1 ; SECURED
          IP 10.77.10.9.4500 > 10.77.10.12.4500: UDP-encap: ESP(spi=0xc1,seq=0x1), length 1472      ; SECURED
          IP6 fd77::10:11 > fd77::10:12: frag (0|1448) ESP(spi=0xc1,seq=0x1), length 1448           ; SECURED
          IP 10.77.10.11 > 10.77.10.12: ip-proto-50                                                 ; REST
          IP 10.77.10.9 > 10.77.10.12: ip-proto-17                                                  ; REST
          IP6 fd77::10:11 > fd77::10:12: frag (1448|1448)                                           ; REST
          IP6 fd77::10:11 > fd77::10:12: frag (0|1448) 9 > 9: UDP, length 4000                      ; CLEAR
          IP 10.77.10.11.9 > 10.77.10.12.9: UDP, length 4000                                        ; CLEAR
          """)
  void what_is_taken_apart_is_what_its_first_part_says(String line, WireTap.Packet.Kind kind) {
    assertThat(WireTap.Packet.parse(line).kind()).isEqualTo(kind);
  }

  @Test
  void one_packet_lost_is_too_many() throws LabException {
    WireTap.requireNone(0);
    assertThatThrownBy(() -> WireTap.requireNone(1)).hasMessageStartingWith("1 packets passed");
  }
}
