package dev.reeve.model.spd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.model.ipsec.FilterList;
import dev.reeve.model.ipsec.HostSetting;
import dev.reeve.model.ipsec.HostSettings;
import dev.reeve.model.ipsec.IpsecRule;
import dev.reeve.model.ipsec.TunnelEndpoint;
import dev.reeve.model.json.JsonValue;
import dev.reeve.model.net.IpAddress;
import dev.reeve.model.net.IpProtocol;
import dev.reeve.model.spd.Spd.Decision;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExemptionTest {

  /// `levels` are those of `ipsecExempt` at which the packet passes a policy that blocks
  /// everything. A packet is `out|in|answer PROTOCOL LOCALPORT PEER PEERPORT`.
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          IKE out                                  | out udp 500 10.0.0.2 500            | 0123
          IKE in from a peer behind NAT            | in udp 4500 10.0.0.2 40001          | 0123
          a source port 500 opens nothing          | in udp 40000 10.0.0.2 500           |
          ESP                                      | in esp 0 10.0.0.2 0                 | 0123
          AH                                       | out ah 0 10.0.0.2 0                 | 0123
          a question to the DNS server             | out udp 40000 10.0.0.53 53          | 0123
          the same over TCP                        | out tcp 40000 10.0.0.53 53          | 0123
          its answer                               | answer udp 40000 10.0.0.53 53       | 0123
          a source port 53 opens nothing           | in udp 40000 10.0.0.53 53           |
          nor does another server's answer         | answer udp 40000 10.0.0.2 53        |
          a question to another DNS server         | out udp 40000 10.0.0.2 53           |
          time                                     | out udp 123 10.0.0.4 123            | 0123
          the policy server                        | out tcp 40000 10.0.0.3 8443         | 0123
          its answer                               | answer tcp 40000 10.0.0.3 8443      | 0123
          a connection from it                     | in tcp 40000 10.0.0.3 8443          |
          another port of it                       | out tcp 40000 10.0.0.3 443          |
          the directory                            | out tcp 40000 10.0.0.9 636          | 0123
          its answer                               | answer tcp 40000 10.0.0.9 636       | 0123
          a connection from it                     | in tcp 40000 10.0.0.9 636           |
          another port of it                       | out tcp 40000 10.0.0.9 389          |
          DHCP                                     | out udp 68 255.255.255.255 67       | 0123
          an offer                                 | in udp 68 10.0.0.67 67              | 0123
          a DHCP server's port alone opens nothing | in udp 40000 10.0.0.67 67           |
          DHCPv6                                   | in udp 546 fe80::1 547              | 0123
          neighbour solicitation                   | in icmpv6 0 fe80::1 135             | 0123
          echo over IPv6                           | in icmpv6 0 fe80::1 128             |
          too big, of one of its flows             | answer icmp 4 192.0.2.9 3           | 0123
          the same over IPv6                       | answer icmpv6 0 2001:db8::9 2       | 0123
          too big, of no flow of it                | in icmp 4 192.0.2.9 3               |
          unreachable for another reason           | answer icmp 1 192.0.2.9 3           |
          Kerberos                                 | out tcp 40000 10.0.0.2 88           | 02
          RSVP                                     | out 46 0 10.0.0.2 0                 | 02
          multicast                                | out udp 5353 224.0.0.251 5353       | 01
          broadcast                                | out udp 40000 255.255.255.255 9     | 01
          anything else                            | out tcp 40000 10.0.0.2 80           |
          """)
  void passes_a_policy_that_blocks_everything_at(String name, String packet, String levels) {
    String passing = levels == null ? "" : levels;
    for (int level = 0; level <= 3; level++) {
      Decision decision = blockAll(level).lookup(packet(packet));
      assertThat(decision instanceof Decision.Exempt)
          .as(name + " at level " + level + ": " + decision)
          .isEqualTo(passing.contains(Integer.toString(level)));
    }
  }

  @Test
  void a_lifeline_is_told_with_the_rule_that_would_cut_it() {
    assertThat(blockAll(3).exemptLines())
        .contains(
            "directory server 10.0.0.9:636: outbound tcp to 10.0.0.9, peer port 636; rule 'rule 1'"
                + " (domain) says: block",
            "directory server 10.0.0.9:636: inbound tcp from 10.0.0.9, peer port 636, answers only");
    assertThat(compile(TestPolicy.rule(1, "block me <> 10.9.0.0/16")).exemptLines())
        .contains("directory server 10.0.0.9:636: outbound tcp to 10.0.0.9, peer port 636");
  }

  @Test
  void what_is_forwarded_for_others_is_never_exempt() {
    Packet own = packet("out udp 500 10.0.0.2 500");
    Packet forwarded =
        new Packet(
            Packet.Way.FORWARDED,
            own.source(),
            own.destination(),
            own.protocol(),
            500,
            500,
            false,
            false,
            false,
            own.network());
    assertThat(blockAll(0).lookup(forwarded)).isInstanceOf(Decision.Matched.class);
  }

  @Test
  void exemptions_do_not_reach_what_a_tunnel_rule_matches() {
    IpsecRule rule = TestPolicy.rule(1, "require me <> 10.0.0.0/8");
    var tunnel =
        new IpsecRule(
            rule.id(),
            rule.name(),
            "",
            true,
            rule.filters(),
            rule.action(),
            rule.authentication(),
            Optional.of(new TunnelEndpoint.Address(IpAddress.parse("192.0.2.1"))),
            rule.networkType());
    Packet question = packet("out udp 40000 10.0.0.53 53");
    assertThat(compile(rule).lookup(question)).isInstanceOf(Decision.Exempt.class);
    assertThat(compile(tunnel).lookup(question)).isInstanceOf(Decision.Matched.class);
  }

  @Test
  void inactive_and_default_response_rules_give_no_entries() {
    IpsecRule rule = TestPolicy.rule(1, "require me <> 10.0.0.0/8");
    assertThat(compile(with(rule, true, Optional.empty())).entries()).isEmpty();
    assertThat(compile(with(rule, false, rule.filters())).entries()).isEmpty();
    assertThat(compile(with(rule, true, rule.filters())).entries()).hasSize(2);
  }

  private static IpsecRule with(IpsecRule rule, boolean active, Optional<FilterList> filters) {
    return new IpsecRule(
        rule.id(),
        rule.name(),
        "",
        active,
        filters,
        rule.action(),
        rule.authentication(),
        rule.tunnel(),
        rule.networkType());
  }

  private static Spd compile(IpsecRule rule) {
    return SymbolicSpd.of(TestPolicy.domain(List.of(rule))).resolve(RandomPolicy.VIEW);
  }

  private static Spd blockAll(int level) {
    var policy = TestPolicy.of("block any <> any");
    var settings = new HostSettings(Map.of(HostSetting.IPSEC_EXEMPT, JsonValue.of(level)));
    return SymbolicSpd.of(
            new HostPolicy(policy.persistent(), policy.domain(), policy.local(), settings))
        .resolve(RandomPolicy.VIEW);
  }

  private static Packet packet(String text) {
    String[] words = text.split(" ");
    IpProtocol protocol = IpProtocol.parse(words[1]);
    int local = Integer.parseInt(words[2]);
    IpAddress peer = IpAddress.parse(words[3]);
    int remote = Integer.parseInt(words[4]);
    return switch (words[0]) {
      case "out" -> Packet.outbound(RandomPolicy.ME, peer, protocol, local, remote);
      case "in" -> Packet.inbound(peer, RandomPolicy.ME, protocol, remote, local);
      default -> Packet.outbound(RandomPolicy.ME, peer, protocol, local, remote).answered();
    };
  }
}
