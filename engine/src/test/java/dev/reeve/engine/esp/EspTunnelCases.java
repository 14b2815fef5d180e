package dev.reeve.engine.esp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.engine.TestPolicies;
import dev.reeve.engine.esp.Wire.Kind;
import dev.reeve.model.ipsec.HostSetting;
import dev.reeve.model.spd.HostPolicy;
import dev.reeve.model.status.RuleStatus;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Tunnel rules between a and b, judged by what tcpdump sees between them: inner and outer are
/// hosts behind them that have no policy. Run by [EspIT] on a kernel with ESP.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EspTunnelCases {

  private Optional<EspLab> opened = Optional.empty();
  private Optional<EspLab.Behind> behindA = Optional.empty();
  private Optional<EspLab.Behind> behindB = Optional.empty();

  private EspLab.Host a() {
    return opened.orElseThrow().a;
  }

  private EspLab.Host b() {
    return opened.orElseThrow().b;
  }

  private EspLab.Behind inA() {
    return behindA.orElseThrow();
  }

  private EspLab.Behind inB() {
    return behindB.orElseThrow();
  }

  @BeforeAll
  void open() throws Exception {
    var lab = new EspLab();
    opened = Optional.of(lab);
    behindA = Optional.of(lab.behind(lab.a, 11));
    behindB = Optional.of(lab.behind(lab.b, 12));
    inA().say("pour 8000 300000");
    inB().say("pour 8000 300000");
    inB().say("listen 88");
  }

  @AfterAll
  void close() {
    opened.ifPresent(EspLab::close);
  }

  @AfterEach
  void withdraw() throws Exception {
    for (EspLab.Host host : List.of(a(), b())) {
      host.engine.removeAll();
      host.settled().clear();
    }
  }

  /// As Windows says a tunnel: what leaves by the other end, what comes in by this one.
  private static HostPolicy tunnel(String here, String there, String end) {
    return TestPolicies.of(
        "require %s > %s via %s".formatted(here, there, end),
        "require %s > %s via me".formatted(there, here));
  }

  /// Nothing of what goes through the tunnel is seen beside it.
  private void assertOnlySecured() {
    Wire wire = b().settled();
    assertThat(wire.naming("10.68.11.")).isEmpty();
    assertThat(wire.naming("10.68.12.")).isEmpty();
    assertThat(wire.naming("fd68:11::")).isEmpty();
    assertThat(wire.naming("fd68:12::")).isEmpty();
    assertThat(wire.count(Kind.SECURED)).isPositive();
  }

  @ParameterizedTest(name = "gateway to gateway, IPv{0} in IPv{1}")
  @CsvSource({"4, 4", "6, 6", "6, 4", "4, 6"})
  void gateways(int inner, int outer) throws Exception {
    String netA = inner == 4 ? "10.68.11.0/24" : "fd68:11::/64";
    String netB = inner == 4 ? "10.68.12.0/24" : "fd68:12::/64";
    var applied = a().apply(tunnel(netA, netB, outer == 4 ? b().v4 : b().v6));
    b().apply(tunnel(netB, netA, outer == 4 ? a().v4 : a().v6));
    assertThat(applied.rules())
        .extracting(RuleStatus::state)
        .containsOnly(RuleStatus.State.ENFORCED);
    assertThat(a().engine.observe().differences()).isEmpty();
    b().settled().clear();

    String hostA = inner == 4 ? inA().v4 : inA().v6;
    String hostB = inner == 4 ? inB().v4 : inB().v6;
    assertThat(inA().reaches(hostA, hostB, 80)).as(a().log()).isTrue();
    assertThat(inB().reaches(hostB, hostA, 80)).isTrue();
    assertOnlySecured();
  }

  /// What is within can be read, but every packet is within AH.
  @ParameterizedTest(name = "gateway to gateway by AH, IPv{0}")
  @CsvSource({"4", "6"})
  void integrity_alone(int family) throws Exception {
    String netA = family == 4 ? "10.68.11.0/24" : "fd68:11::/64";
    String netB = family == 4 ? "10.68.12.0/24" : "fd68:12::/64";
    String[] within = {"require-ah " + netA + " > " + netB, "require-ah " + netB + " > " + netA};
    a().apply(
            TestPolicies.of(
                within[0] + " via " + (family == 4 ? b().v4 : b().v6), within[1] + " via me"));
    b().apply(
            TestPolicies.of(
                within[1] + " via " + (family == 4 ? a().v4 : a().v6), within[0] + " via me"));
    b().settled().clear();

    String hostA = family == 4 ? inA().v4 : inA().v6;
    String hostB = family == 4 ? inB().v4 : inB().v6;
    assertThat(inA().reaches(hostA, hostB, 80)).as(a().log()).isTrue();
    Wire wire = b().settled();
    assertThat(wire.naming(family == 4 ? "10.68.12." : "fd68:12::"))
        .isNotEmpty()
        .allMatch(line -> line.contains(": AH("));
  }

  /// Neither enters in clear nor leaves so while the other end knows of no tunnel.
  @Test
  void clear_traffic_of_a_tunnel_is_dropped_both_ways() throws Exception {
    a().apply(tunnel("10.68.11.0/24", "10.68.12.0/24", b().v4));
    b().settled().clear();
    assertThat(inA().cannotReach(inA().v4, inB().v4, 80)).isTrue();
    assertThat(b().settled().naming("10.68.11.")).isEmpty();
    assertThat(inB().cannot("ask " + inB().v4 + " 0 " + inA().v4 + " 9000")).isTrue();
    assertThat(b().settled().naming("10.68.12.")).as("it is sent").isNotEmpty();
    assertThat(inA().say("count 9000")).as("and never arrives").isEqualTo("0");
  }

  @ParameterizedTest(name = "a server to a gateway, IPv{0}")
  @CsvSource({"4", "6"})
  void server_to_gateway(int family) throws Exception {
    String netB = family == 4 ? "10.68.12.0/24" : "fd68:12::/64";
    String hostA = family == 4 ? a().v4 : a().v6;
    String hostB = family == 4 ? inB().v4 : inB().v6;
    a().apply(tunnel("me", netB, family == 4 ? b().v4 : b().v6));
    b().apply(tunnel(netB, hostA, hostA));
    b().settled().clear();

    assertThat(a().reaches(hostA, hostB, 80)).as(a().log()).isTrue();
    assertThat(inB().reaches(hostB, hostA, 80)).isTrue();
    assertOnlySecured();
  }

  /// The addresses within are those without: what carries the tunnel must not need the tunnel.
  @ParameterizedTest(name = "a server to a server, IPv{0}")
  @CsvSource({"4", "6"})
  void server_to_server(int family) throws Exception {
    String hostA = family == 4 ? a().v4 : a().v6;
    String hostB = family == 4 ? b().v4 : b().v6;
    a().apply(TestPolicies.of("require me <> %s via %s".formatted(hostB, hostB)));
    b().apply(TestPolicies.of("require me <> %s via %s".formatted(hostA, hostA)));
    b().settled().clear();

    assertThat(a().reaches(hostA, hostB, 80)).as(a().log()).isTrue();
    assertThat(b().reaches(hostB, hostA, 80)).isTrue();
    assertThat(b().settled().seen(Kind.CLEAR)).isEmpty();
    assertThat(b().settled().count(Kind.SECURED)).isPositive();
  }

  /// Kerberos is exempt at level 0 as far as tunnels do not carry it.
  @ParameterizedTest(name = "Kerberos of a server to a gateway, IPv{0}")
  @CsvSource({"4", "6"})
  void exemptions_of_a_level_do_not_reach_into_a_tunnel(int family) throws Exception {
    Map<HostSetting, Integer> exempt = Map.of(HostSetting.IPSEC_EXEMPT, 0);
    String netB = family == 4 ? "10.68.12.0/24" : "fd68:12::/64";
    String hostA = a().own(family);
    String hostB = family == 4 ? inB().v4 : inB().v6;
    a().apply(TestPolicies.with(exempt, tunnel("me", netB, b().own(family))));
    b().apply(TestPolicies.with(exempt, tunnel(netB, hostA, hostA)));
    b().settled().clear();

    assertThat(a().reaches(hostA, hostB, 88)).as(a().log()).isTrue();
    assertThat(inB().reaches(hostB, hostA, 88)).isTrue();
    assertOnlySecured();
    b().settled().clear();
    b().engine.removeAll(); // and does not go beside it
    assertThat(a().cannotReach(hostA, hostB, 88)).isTrue();
    assertThat(inB().cannotReach(hostB, hostA, 88)).isTrue();
    assertThat(b().settled().naming(hostA + ".")).noneMatch(line -> line.contains("> " + hostB));
  }

  /// IKE's own port is exempt everywhere but in a tunnel.
  @Test
  void exemptions_do_not_reach_into_a_tunnel() throws Exception {
    a().apply(tunnel("10.68.11.0/24", "10.68.12.0/24", b().v4));
    b().apply(tunnel("10.68.12.0/24", "10.68.11.0/24", a().v4));
    assertThat(inA().reaches(inA().v4, inB().v4, 80)).as(a().log()).isTrue();
    b().settled().clear();

    assertThat(inA().say("ask " + inA().v4 + " 4500 " + inB().v4 + " 9000")).isEqualTo("ok");
    assertOnlySecured();
  }

  /// A rule for all of a host's own traffic beside a tunnel for those behind it, and a permit
  /// within that.
  @Test
  void tunnel_transport_and_permit_stand_beside_each_other() throws Exception {
    a().apply(
            TestPolicies.of(
                "require 10.68.11.0/24 > 10.68.12.0/24 via " + b().v4,
                "require 10.68.12.0/24 > 10.68.11.0/24 via me",
                "permit 10.68.11.0/24 <> 10.68.12.2#9000 udp",
                "require me <> 10.68.0.0/24"));
    b().apply(
            TestPolicies.of(
                "require 10.68.12.0/24 <> 10.68.11.0/24 via " + a().v4,
                "permit 10.68.12.2#9000 <> 10.68.11.0/24 udp",
                "require me <> 10.68.0.0/24"));
    b().settled().clear();

    assertThat(a().reaches(b(), 80)).as(a().log()).isTrue();
    assertThat(b().reaches(a(), 80)).isTrue();
    assertThat(inB().reaches(inB().v4, inA().v4, 80)).as(b().log()).isTrue();
    assertThat(b().settled().seen(Kind.CLEAR)).isEmpty();
    assertOnlySecured();
    assertThat(inA().say("ask " + inA().v4 + " 0 " + inB().v4 + " 9000")).isEqualTo("ok");
    assertThat(b().settled().naming("10.68.11.2")).as("permitted: clear").hasSize(2);
  }

  /// While datagrams flow through the tunnel without pause, policies are swapped, the kernel's are
  /// flushed and charon is killed: not one leaves in clear, and traffic flows again afterwards.
  @Test
  void nothing_leaks_while_policies_change_and_charon_dies() throws Exception {
    HostPolicy plain = tunnel("10.68.11.0/24", "10.68.12.0/24", b().v4);
    HostPolicy more =
        TestPolicies.of(
            "require 10.68.11.0/24 <> 10.68.12.0/24 via " + b().v4,
            "require 10.68.11.0/24 <> 10.68.12.2 udp via " + b().v4,
            "block 10.68.11.0/24 <> 10.68.12.0/24#23 tcp");
    a().apply(plain);
    b().apply(tunnel("10.68.12.0/24", "10.68.11.0/24", a().v4));
    assertThat(inA().reaches(inA().v4, inB().v4, 80)).as(a().log()).isTrue();
    b().settled().clear();
    long before = Long.parseLong(inB().say("count 9000"));
    inA().say("flood " + inB().v4 + " 9000");
    for (int i = 0; i < 4; i++) a().apply(i % 2 == 0 ? more : plain);
    a().in("ip xfrm policy flush");
    a().apply(plain);
    a().charon.kill();
    a().apply(plain);
    long sent = Long.parseLong(inA().say("stop"));

    assertOnlySecured();
    assertThat(sent).isGreaterThan(300);
    assertThat(Long.parseLong(inB().say("count 9000"))).isGreaterThan(before);
    assertThat(inA().reaches(inA().v4, inB().v4, 80)).as(a().log()).isTrue();
    assertOnlySecured();
  }

  /// Datagrams that must not be taken apart are refused where they do not fit, and then do.
  @ParameterizedTest(name = "large packets, IPv{0}")
  @CsvSource({"4", "6"})
  void large_packets(int family) throws Exception {
    String netA = family == 4 ? "10.68.11.0/24" : "fd68:11::/64";
    String netB = family == 4 ? "10.68.12.0/24" : "fd68:12::/64";
    String hostA = family == 4 ? inA().v4 : inA().v6;
    String hostB = family == 4 ? inB().v4 : inB().v6;
    a().apply(tunnel(netA, netB, family == 4 ? b().v4 : b().v6));
    b().apply(tunnel(netB, netA, family == 4 ? a().v4 : a().v6));
    assertThat(inA().reaches(hostA, hostB, 80)).as(a().log()).isTrue();
    b().settled().clear();

    assertThat(inA().say("drink " + hostA + " " + hostB + " 8000")).isEqualTo("300000");
    String big = "big " + hostA + " " + hostB + " 9000 4000"; // the first one may teach the way
    assertThat(inA().say("within 400 " + big) + inA().say(big)).as("taken apart").endsWith("ok");
    String first = inA().say("within 400 fit " + hostA + " " + hostB + " 9000 1440");
    assertThat(first).as("does not fit").startsWith("no");
    assertThat(inA().say("fit " + hostA + " " + hostB + " 9000 1440")).contains("too long");
    assertThat(inA().say("fit " + hostA + " " + hostB + " 9000 1300")).isEqualTo("ok");
    assertOnlySecured();
  }
}
