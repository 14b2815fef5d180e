package dev.reeve.scenarios.verbs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reeve.cli.lab.WireTap.Packet;
import dev.reeve.model.net.IpAddress;
import dev.reeve.model.net.IpProtocol;
import dev.reeve.model.net.PortRange;
import dev.reeve.model.spd.Exemption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What `ipsec dynamic show config` lists as exempt, against lines of tcpdump.
class ExemptTest {

  @ParameterizedTest(name = "{2}: {0} | {1}")
  @CsvSource(
      delimiter = '|',
      useHeadersInDisplayName = true,
      textBlock =
          """
          exempt                                                | packet                                                              | covered
          IKE: outbound udp, local port 500                     | IP 10.0.0.1.500 > 10.0.0.2.500: isakmp: parent_sa ikev2_init[I]     | true
          IKE: outbound udp, local port 500                     | IP 10.0.0.1.501 > 10.0.0.2.500: UDP, length 8                       | false
          IKE: outbound udp, local port 500                     | IP 10.0.0.1.500 > 10.0.0.2.500: Flags [S], seq 1                    | false
          IKE: inbound udp, local port 500                      | IP 10.0.0.1.500 > 10.0.0.2.500: isakmp: parent_sa ikev2_init[I]     | false
          policy server: outbound tcp to 10.0.0.9, peer port 7443 | IP 10.0.0.1.4711 > 10.0.0.9.7443: Flags [P.], ack 1               | true
          policy server: outbound tcp to 10.0.0.9, peer port 7443 | IP 10.0.0.1.4711 > 10.0.0.8.7443: Flags [P.], ack 1               | false
          policy server: outbound tcp to 10.0.0.9, peer port 7443 | IP 10.0.0.1.4711 > 10.0.0.9.7444: Flags [P.], ack 1               | false
          DNS server: outbound udp to 10.0.0.8 fd00::8, peer port 53 | IP6 fd00::1.4711 > fd00::8.53: 1+ A? x. (19)                   | true
          DNS server 10.0.0.2: outbound udp to 10.0.0.2, peer port 53; rule 'All' (domain) says: require | IP 10.0.0.1.4711 > 10.0.0.2.53: 1+ A? x. (19) | true
          DNS server 10.0.0.2: outbound udp to 10.0.0.2, peer port 53; rule 'All' (domain) says: require | IP 10.0.0.1.4711 > 10.0.0.3.53: 1+ A? x. (19) | false
          path MTU: inbound icmp, too big, of this host's flows only | IP 10.0.0.1 > 10.0.0.2: ICMP 10.0.0.2 unreachable - need to frag (mtu 1400), length 556 | false
          neighbours: outbound icmpv6, types 133-137            | IP6 fd00::1 > ff02::1:ff00:2: ICMP6, neighbor solicitation, who has | true
          neighbours: outbound icmpv6, types 133-137            | IP6 fd00::1 > fd00::2: ICMP6, echo request, id 1                    | false
          ESP: outbound esp                                     | IP 10.0.0.1.9 > 10.0.0.2.9000: UDP, length 8                        | false
          """)
  void covers_what_the_line_means_and_nothing_else(String exempt, String line, boolean covered) {
    assertThat(Exempt.parse(exempt).covers(Packet.parse(line))).isEqualTo(covered);
  }

  @Test
  void every_form_that_the_product_prints_is_understood() {
    List<IpAddress> peers = List.of(IpAddress.parse("10.0.0.8"), IpAddress.parse("fd00::8"));
    for (Exemption.Kind kind : Exemption.Kind.values()) {
      for (Exemption.Direction way : Exemption.Direction.values()) {
        var one =
            new Exemption(
                "DNS server 10.0.0.8",
                way,
                IpProtocol.UDP,
                peers,
                PortRange.ANY,
                PortRange.of(53),
                kind);
        Exempt read = Exempt.parse(one.toString());

        assertThat(read.outbound()).isEqualTo(way == Exemption.Direction.OUTBOUND);
        assertThat(read.protocol()).contains("udp");
        assertThat(read.peers()).containsExactly("10.0.0.8", "fd00::8");
        assertThat(read.localPort()).isZero();
        assertThat(read.peerPort()).isEqualTo(53);
      }
    }
  }

  @Test
  void a_line_in_another_form_is_no_exemption() {
    assertThatThrownBy(() -> Exempt.parse("IKE: outbound udp, whatever"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("not understood: IKE: outbound udp, whatever");
  }
}
