package dev.reeve.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.reeve.engine.Lab.Member;
import dev.reeve.engine.nft.Nft;
import dev.reeve.model.ipsec.HostSetting;
import dev.reeve.model.ipsec.HostSettings;
import dev.reeve.model.json.JsonValue;
import dev.reeve.model.net.IpAddress;
import dev.reeve.model.spd.HostPolicy;
import dev.reeve.model.spd.HostView;
import dev.reeve.model.status.ApplyOutcome;
import dev.reeve.model.status.RuleStatus;
import dev.reeve.model.status.RuleStatus.State;
import dev.reeve.model.status.RuleTraffic;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The gate in a real kernel, judged by packets.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LinuxEngineIT {

  private Optional<Lab> opened = Optional.empty();

  private Lab lab() {
    return opened.orElseThrow();
  }

  @BeforeAll
  void set_up() {
    var missing = Lab.missing();
    assumeTrue(missing.isEmpty(), () -> "no network namespaces: " + missing.orElse(""));
    var lab = new Lab();
    opened = Optional.of(lab);
    for (var member : List.of(lab.host, lab.peer)) {
      for (int port : new int[] {80, 81, 88, 8443})
        assertThat(member.say("listen " + port)).isEqualTo("ok");
      for (int port : new int[] {53, 9000, 9005, 9010}) {
        assertThat(member.say("serve " + port)).isEqualTo("ok");
      }
    }
    assertThat(lab.container.say("listen 80")).isEqualTo("ok");
    for (String many : List.of("224.0.0.0/4", "255.255.255.255")) {
      lab.host.ip("route add " + many + " dev lan");
    }
  }

  @AfterAll
  void tear_down() {
    opened.ifPresent(Lab::close);
  }

  @AfterEach
  void open_again() throws EngineException {
    engine().removeAll();
  }

  private LinuxEngine engine() {
    return new LinuxEngine(lab().host.nft());
  }

  private LinuxEngine enforcing(String... rules) throws EngineException {
    LinuxEngine engine = engine();
    assertThat(engine.apply(TestPolicies.of(rules), HostView.NONE))
        .isInstanceOf(ApplyOutcome.Applied.class);
    return engine;
  }

  private boolean peerReaches(int port) {
    return lab().peer.can("connect 10.66.0.2 10.66.0.1 " + port);
  }

  @Test
  void everything_passes_without_a_policy() {
    assertThat(peerReaches(80)).isTrue();
    assertThat(peerReaches(8080)).as("published port").isTrue();
    assertThat(lab().peer.can("connect fd66::2 fd66::1 80")).isTrue();
    assertThat(lab().peer.can("ask 10.66.0.2 0 10.66.0.1 9000")).isTrue();
    assertThat(lab().container.can("connect 10.67.0.2 10.66.0.2 80")).as("masqueraded").isTrue();
  }

  /// Each line: a policy, then who tries what, then whether it works.
  @ParameterizedTest(name = "{0}: {2} → {3}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          block                     | block any <> me#80 tcp                       | peer connect 10.66.0.2 10.66.0.1 80  | no
          another port passes       | block any <> me#80 tcp                       | peer connect 10.66.0.2 10.66.0.1 81  | ok
          permit is more specific   | block any <> me#80 tcp; permit 10.66.0.2 <> me#80 tcp | peer connect 10.66.0.2 10.66.0.1 80 | ok
          for that peer alone       | block any <> me#80 tcp; permit 10.66.0.2 <> me#80 tcp | peer connect 10.66.0.3 10.66.0.1 80 | no
          whichever comes first     | permit 10.66.0.2 <> me#80 tcp; block any <> me#80 tcp | peer connect 10.66.0.2 10.66.0.1 80 | ok
          outbound                  | block me <> any#80 tcp                       | host connect 10.66.0.1 10.66.0.2 80  | no
          outbound, own port 80     | block me <> any#80 tcp                       | peer connect 10.66.0.2 10.66.0.1 80  | ok
          IPv6                      | block fd66::2 <> me#80 tcp                   | peer connect fd66::2 fd66::1 80      | no
          IPv6 leaves IPv4          | block fd66::/64 <> me#80 tcp                 | peer connect 10.66.0.2 10.66.0.1 80  | ok
          any is both families      | block any <> any#80 tcp                      | peer connect fd66::2 fd66::1 80      | no
          0.0.0.0/0 is IPv4         | block 0.0.0.0/0 <> me                        | peer connect fd66::2 fd66::1 80      | ok
          range of addresses        | block 10.66.0.2-10.66.0.3 <> me              | peer connect 10.66.0.3 10.66.0.1 80  | no
          outside the range         | block 10.66.0.2-10.66.0.3 <> me              | peer connect 10.66.0.4 10.66.0.1 80  | ok
          subnet                    | block 10.66.0.2/31 <> me                     | peer connect 10.66.0.3 10.66.0.1 80  | no
          outside the subnet        | block 10.66.0.2/31 <> me                     | peer connect 10.66.0.4 10.66.0.1 80  | ok
          UDP                       | block any <> me#9000 udp                     | peer ask 10.66.0.2 0 10.66.0.1 9000  | no
          range of ports            | block any <> me#9000-9009 udp                | peer ask 10.66.0.2 0 10.66.0.1 9005  | no
          outside the ports         | block any <> me#9000-9009 udp                | peer ask 10.66.0.2 0 10.66.0.1 9010  | ok
          source port               | block any#7000 <> me udp                     | peer ask 10.66.0.2 7000 10.66.0.1 9000 | no
          another source port       | block any#7000 <> me udp                     | peer ask 10.66.0.2 7001 10.66.0.1 9000 | ok
          LAN                       | block any <> me#80 tcp on lan                | peer connect 10.66.0.2 10.66.0.1 80  | no
          LAN, outbound             | block me > any#80 tcp on lan                 | host connect 10.66.0.1 10.66.0.2 80  | no
          LAN and an address        | block 10.66.0.2 <> me#80 tcp on lan          | peer connect 10.66.0.2 10.66.0.1 80  | no
          LAN and an IPv6 address   | block fd66::2 <> me#80 tcp on lan            | peer connect fd66::2 fd66::1 80      | no
          remote                    | block any <> me#80 tcp on remote             | peer connect 10.66.0.2 10.66.0.1 80  | ok
          loopback                  | block any <> any                             | host connect 127.0.0.1 127.0.0.1 80  | ok
          own address               | block any <> any                             | host connect 10.66.0.1 10.66.0.1 80  | ok
          published port            | block any <> me#8080 tcp                     | peer connect 10.66.0.2 10.66.0.1 8080 | no
          published, permitted      | block any <> me; permit any <> me#8080 tcp   | peer connect 10.66.0.2 10.66.0.1 8080 | ok
          only to the host itself   | block any > me#80 tcp                        | peer connect 10.66.0.2 10.66.0.1 8080 | ok
          the container's address   | block any > 10.67.0.2#80 tcp                 | peer connect 10.66.0.2 10.66.0.1 8080 | no
          its answers               | block me#8080 > any tcp                      | peer connect 10.66.0.2 10.66.0.1 8080 | no
          published, required       | require any <> me#8080 tcp                   | peer connect 10.66.0.2 10.66.0.1 8080 | no
          masqueraded as me         | block me > any#80 tcp                        | container connect 10.67.0.2 10.66.0.2 80 | no
          masqueraded, other port   | block me > any#81 tcp                        | container connect 10.67.0.2 10.66.0.2 80 | ok
          answers to it             | block any > me#80 tcp                        | container connect 10.67.0.2 10.66.0.2 80 | ok
          require                   | require any <> me#80 tcp                     | peer connect 10.66.0.2 10.66.0.1 80  | no
          weak proposals            | weak any <> me#80 tcp                        | peer connect 10.66.0.2 10.66.0.1 80  | no
          request                   | request any <> me#80 tcp                     | peer connect 10.66.0.2 10.66.0.1 80  | ok
          one port of two           | block any <> me#80 tcp, any <> me#81 tcp     | peer connect 10.66.0.2 10.66.0.1 80  | no
          neither of two ports      | block any <> me#82 tcp, any <> me#81 tcp     | peer connect 10.66.0.2 10.66.0.1 80  | ok
          two ports, two actions    | block any <> me#80 tcp; permit any <> me#81 tcp; block any <> me tcp | peer connect 10.66.0.2 10.66.0.1 81 | ok
          the other of them         | block any <> me#80 tcp; permit any <> me#81 tcp; permit any <> me tcp | peer connect 10.66.0.2 10.66.0.1 80 | no
          one subnet of two         | block 10.66.0.2/31 <> me, 10.66.0.4/31 <> me | peer connect 10.66.0.3 10.66.0.1 80  | no
          neither subnet            | block 10.66.0.6/31 <> me, 10.66.0.4/31 <> me | peer connect 10.66.0.3 10.66.0.1 80  | ok
          subnets and ports         | block 10.66.0.2/31 <> me#80 tcp, 10.66.0.4/31 <> me#80 tcp | peer connect 10.66.0.3 10.66.0.1 80 | no
          subnets and other ports   | block 10.66.0.2/31 <> me#80 tcp, 10.66.0.4/31 <> me#80 tcp | peer connect 10.66.0.3 10.66.0.1 81 | ok
          one IPv6 subnet of two    | block fd66::/64 <> me#80 tcp, fd67::/64 <> me#80 tcp | peer connect fd66::2 fd66::1 80 | no
          neither IPv6 subnet       | block fd68::/64 <> me#80 tcp, fd67::/64 <> me#80 tcp | peer connect fd66::2 fd66::1 80 | ok
          one range of two          | block any <> me#9000-9004 udp, any <> me#9006-9009 udp | peer ask 10.66.0.2 0 10.66.0.1 9007 | no
          between two ranges        | block any <> me#9000-9004 udp, any <> me#9006-9009 udp | peer ask 10.66.0.2 0 10.66.0.1 9005 | ok
          range within a range      | block any <> me#9000-9009 udp; permit any <> me#9004-9006 udp | peer ask 10.66.0.2 0 10.66.0.1 9005 | ok
          address ranges            | block 10.66.0.2-10.66.0.3 <> me, 10.66.0.7-10.66.0.9 <> me | peer connect 10.66.0.3 10.66.0.1 80 | no
          two ports on the LAN      | block any <> me#80 tcp on lan; block any <> me#81 tcp on lan | peer connect 10.66.0.2 10.66.0.1 80 | no
          two ports, no LAN         | block any <> me#80 tcp on remote; block any <> me#81 tcp on remote | peer connect 10.66.0.2 10.66.0.1 80 | ok
          """)
  void a_packet_passes_or_not(String name, String policy, String attempt, String result)
      throws EngineException {
    enforcing(policy.split("; "));
    String who = attempt.substring(0, attempt.indexOf(' '));
    Lab.Member member =
        switch (who) {
          case "peer" -> lab().peer;
          case "host" -> lab().host;
          default -> lab().container;
        };
    String answer = member.say(attempt.substring(who.length() + 1));
    assertThat(answer.equals("ok")).as(name + ": " + answer).isEqualTo(result.equals("ok"));
  }

  @Test
  void a_one_way_filter_stops_one_way() throws EngineException {
    enforcing("block 10.66.0.2 > me#9000 udp");
    long before = lab().host.count(9000);
    assertThat(lab().peer.can("ask 10.66.0.2 0 10.66.0.1 9000")).isFalse();
    assertThat(lab().host.count(9000)).isEqualTo(before);
    engine().removeAll();

    enforcing("block me#9000 > 10.66.0.2 udp");
    assertThat(lab().peer.can("ask 10.66.0.2 0 10.66.0.1 9000")).isFalse();
    assertThat(lab().host.count(9000)).as("the question arrived").isEqualTo(before + 1);
  }

  @Test
  void a_blocked_datagram_fails_at_once_with_the_kernels_word() throws EngineException {
    enforcing("block me > any#9000 udp");
    assertThat(lab().host.say("send 10.66.0.2 9000 8")).contains("not permitted");
  }

  @Test
  void fragments_are_judged_whole() throws EngineException {
    enforcing("block any > me#9000 udp");
    long blocked = lab().host.count(9000);
    assertThat(lab().peer.can("send 10.66.0.1 9000 4000")).isTrue();
    assertThat(lab().peer.can("send fd66::1 9000 4000")).isTrue();
    assertThat(lab().peer.can("send 10.66.0.1 9010 4000")).isTrue();
    assertThat(lab().peer.can("ask 10.66.0.2 0 10.66.0.1 9010")).as("all arrived").isTrue();
    assertThat(lab().host.count(9000)).isEqualTo(blocked);
    assertThat(lab().host.run("", "nft", "list", "counter", "inet", "reeve", "r1"))
        .as("two packets, not their fragments")
        .contains("packets 2 ");
  }

  @Test
  void require_fails_closed_and_leaves_the_hosts_own_paths_open() throws EngineException {
    var peer = IpAddress.parse("10.66.0.2");
    var view =
        new HostView(
            List.of(peer),
            List.of(),
            List.of(),
            List.of(),
            Map.of(),
            List.of(new HostView.Endpoint(peer, 8443)),
            List.of(),
            List.of());
    var outcome = engine().apply(TestPolicies.of("require me <> any"), view);

    assertThat(outcome.rules()).extracting(RuleStatus::state).containsExactly(State.NOT_NEGOTIATED);
    assertThat(lab().host.can("ask 10.66.0.1 0 10.66.0.2 53")).as("DNS").isTrue();
    assertThat(lab().host.can("connect 10.66.0.1 10.66.0.2 8443")).as("policy server").isTrue();
    assertThat(lab().host.can("connect fd66::1 fd66::2 80")).as("IPv6").isFalse();
    assertThat(lab().host.can("connect 10.66.0.1 10.66.0.2 80")).isFalse();
    assertThat(peerReaches(80)).isFalse();
    assertThat(peerReaches(8443)).as("the other way round").isFalse();
    long before = lab().host.count(9000);
    assertThat(lab().peer.can("ask 10.66.0.3 5300 10.66.0.1 9000")).isFalse();
    assertThat(lab().host.count(9000)).isEqualTo(before);
  }

  private static HostPolicy atLevel(int level, String... rules) {
    HostPolicy policy = TestPolicies.of(rules);
    var settings = new HostSettings(Map.of(HostSetting.IPSEC_EXEMPT, JsonValue.of(level)));
    return new HostPolicy(policy.persistent(), policy.domain(), policy.local(), settings);
  }

  /// `levels` are those at which a packet passes a rule that lets nothing pass.
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          to port 88             | host send 10.66.0.2 88 8               | 0
          to port 88 over TCP    | host connect 10.66.0.1 10.66.0.2 88    | 0
          its other way          | peer connect 10.66.0.2 10.66.0.1 88    | 0
          from port 88           | peer ask 10.66.0.2 88 10.66.0.1 9000   | 0
          from port 88, outbound | host ask 10.66.0.1 88 10.66.0.2 9000   | 0
          multicast              | host send 239.1.2.3 9000 8             | 01
          IPv6 multicast         | host send ff02::1234%lan 9000 8        | 01
          broadcast              | host send 10.66.0.255 9000 8           | 01
          limited broadcast      | host send 255.255.255.255 9000 8       | 01
          any other port         | host ask 10.66.0.1 0 10.66.0.2 9000    | none
          """)
  void exemption_levels_by_packets(String name, String attempt, String levels)
      throws EngineException {
    LinuxEngine engine = engine();
    for (int level = 0; level <= 3; level++) {
      engine.apply(atLevel(level, "require any <> any"), HostView.NONE);
      Member member = attempt.startsWith("host") ? lab().host : lab().peer;
      String answer = member.say(attempt.substring(5));
      assertThat(answer.equals("ok"))
          .as(name + " at level " + level + ": " + answer)
          .isEqualTo(levels.contains(Integer.toString(level)));
    }
  }

  @Test
  void neighbours_are_exempt_at_each_level() throws EngineException {
    LinuxEngine engine = engine();
    for (int level = 0; level <= 3; level++) {
      engine.apply(atLevel(level, "block any <> any", "permit any <> any#9000 udp"), HostView.NONE);
      for (Member member : List.of(lab().host, lab().peer)) member.ip("neigh flush dev lan");
      assertThat(lab().host.can("ask fd66::1 0 fd66::2 9000")).as("level " + level).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource({"2, 3", "3, 3", "1, 0"})
  void multicast_is_never_negotiated_but_dropped_and_counted(int level, long counted)
      throws EngineException {
    LinuxEngine engine = engine();
    engine.apply(atLevel(level, "request any <> any"), HostView.NONE);
    for (String to : List.of("239.1.2.3", "10.66.0.255", "255.255.255.255")) {
      assertThat(lab().host.can("send " + to + " 9999 8")).isEqualTo(counted == 0);
    }
    long packets =
        engine.observe().activity().traffic().stream()
            .mapToLong(traffic -> traffic.dropped().packets())
            .sum();
    assertThat(counted == 0 ? packets == 0 : packets >= counted).as(packets + " counted").isTrue();
  }

  @Test
  void a_source_port_alone_opens_nothing() throws EngineException {
    var view =
        new HostView(
            List.of(IpAddress.parse("10.66.0.3")),
            List.of(),
            List.of(),
            List.of(),
            Map.of(),
            List.of(),
            List.of(IpAddress.parse("10.66.0.3")),
            List.of());
    engine().apply(TestPolicies.of("block me <> any"), view);
    long before = lab().host.count(9000);
    for (int port : new int[] {500, 4500, 67, 68, 123, 5353}) {
      assertThat(lab().peer.can("ask 10.66.0.3 " + port + " 10.66.0.1 9000")).isFalse();
    }
    assertThat(lab().host.count(9000)).isEqualTo(before);
  }

  @Test
  void pass_through_hears_clear_questions_and_answers_none() throws EngineException {
    LinuxEngine engine = enforcing("pass-through any <> me#9000 udp");
    long before = lab().host.count(9000);
    assertThat(lab().peer.can("ask 10.66.0.2 0 10.66.0.1 9000")).isFalse();
    assertThat(lab().host.count(9000)).isEqualTo(before + 1);
    RuleTraffic traffic = engine.observe().activity().traffic().getFirst();
    assertThat(traffic.clear().packets()).as("the question").isEqualTo(1);
    assertThat(traffic.dropped().packets()).as("the answer").isEqualTo(1);
  }

  @Test
  void request_counts_what_stays_in_clear() throws EngineException {
    LinuxEngine engine = enforcing("request any <> me#9000 udp");
    assertThat(lab().peer.can("ask 10.66.0.2 0 10.66.0.1 9000")).isTrue();
    RuleTraffic traffic = engine.observe().activity().traffic().getFirst();
    assertThat(traffic.clear().packets()).isEqualTo(2);
    assertThat(traffic.dropped().packets()).isZero();
  }

  @Test
  void counts_outlive_the_table_that_counted() throws EngineException {
    LinuxEngine engine = enforcing("request any <> me#9000 udp");
    assertThat(lab().peer.can("ask 10.66.0.2 0 10.66.0.1 9000")).isTrue();
    engine.apply(
        TestPolicies.of("request any <> me#9000 udp", "block any <> me#81 tcp"), HostView.NONE);
    assertThat(lab().peer.can("ask 10.66.0.2 0 10.66.0.1 9000")).isTrue();
    assertThat(engine.observe().activity().traffic().getFirst().clear().packets()).isEqualTo(4);
  }

  @Test
  void an_address_that_appears_later_is_me_unless_it_is_private() throws EngineException {
    enforcing("block any <> me#80 tcp");
    lab().host.ip("addr add 10.66.0.9/24 dev lan");
    try {
      assertThat(lab().peer.can("connect 10.66.0.2 10.66.0.9 80")).isFalse();
      var view =
          new HostView(
              List.of(),
              List.of(),
              List.of(),
              List.of(),
              Map.of(),
              List.of(),
              List.of(),
              List.of(IpAddress.parse("10.66.0.9")));
      engine().apply(TestPolicies.of("block any <> me#80 tcp"), view);
      assertThat(lab().peer.can("connect 10.66.0.2 10.66.0.9 80")).isTrue();
      assertThat(peerReaches(80)).isFalse();
      assertThat(lab().peer.can("connect fd66::2 fd66::1 80")).isFalse();
    } finally {
      lab().host.ip("addr del 10.66.0.9/24 dev lan");
    }
  }

  /// Everything that the gate can write, read back as what was written.
  @Test
  void applying_twice_does_nothing_the_second_time() throws EngineException {
    var view =
        new HostView(
            List.of(IpAddress.parse("10.66.0.2"), IpAddress.parse("fd66::2")),
            List.of(),
            List.of(),
            List.of(),
            Map.of(),
            List.of(new HostView.Endpoint(IpAddress.parse("fd66::2"), 8443)),
            List.of(IpAddress.parse("10.66.0.4")),
            List.of(IpAddress.parse("10.67.0.1"), IpAddress.parse("fd67::1")));
    HostPolicy policy =
        TestPolicies.of(
            "block any <> me#23 tcp",
            "permit 10.66.0.0-10.66.0.99 <> me#1000-2000 udp",
            "require me <> 10.1.0.0/16",
            "pass-through me <> 10.2.0.0/16",
            "request fd66::/64 <> me 47",
            "weak 0.0.0.0/0 > ::/0, 0.0.0.0/0 > any icmp, ::/0 > any icmpv6, ::/0 > me icmp",
            "require 10.0.0.0/24 > 10.5.0.0/16 via 192.0.2.1",
            "block me <> 10.3.0.0/16#80 tcp, fd66::/64 <> me on lan",
            "block me <> 10.4.0.0/16#80 tcp, fd68::/64 <> me on remote",
            "block any <> me icmpv6 on remote",
            "block fd66::5-fd66::9 > any#53 udp, any <> any 46");
    LinuxEngine engine = engine();
    assertThat(engine.apply(policy, view)).isInstanceOf(ApplyOutcome.Applied.class);
    assertThat(engine.apply(policy, view)).isInstanceOf(ApplyOutcome.Unchanged.class);
    assertThat(engine().apply(policy, view))
        .as("a new process, as after a restart")
        .isInstanceOf(ApplyOutcome.Unchanged.class);
    assertThat(engine.observe().differences()).isEmpty();
    assertThat(engine.apply(HostPolicy.EMPTY, view)).isInstanceOf(ApplyOutcome.Applied.class);
    assertThat(engine.observe().gate()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7})
  void diagnostics_are_read_back_as_written_and_change_no_verdict(int level)
      throws EngineException {
    var settings = new HostSettings(Map.of(HostSetting.IPSEC_DIAGNOSTICS, JsonValue.of(level)));
    HostPolicy made =
        TestPolicies.of(
            "block any <> me#80 tcp", "pass-through me <> 10.2.0.0/16", "request any <> me#81 tcp");
    var policy = new HostPolicy(made.persistent(), made.domain(), made.local(), settings);
    LinuxEngine engine = engine();
    assertThat(engine.apply(policy, HostView.NONE)).isInstanceOf(ApplyOutcome.Applied.class);
    assertThat(engine.apply(policy, HostView.NONE)).isInstanceOf(ApplyOutcome.Unchanged.class);
    String table = lab().host.run("", "nft", "list", "table", "inet", "reeve");
    assertThat(table.contains("log prefix \"reeve drop r1 \"")).isEqualTo(level > 1);
    assertThat(peerReaches(80)).isFalse();
    assertThat(peerReaches(81)).isTrue();
  }

  /// nft shortens what it lists; whatever the gate can write must still be known again.
  @Test
  void random_policies_are_read_back_as_written() throws EngineException {
    LinuxEngine engine = engine();
    for (int seed = 0; seed < 25; seed++) {
      var random = new Random(seed);
      String[] rules = new String[60];
      for (int i = 0; i < rules.length; i++) rules[i] = randomRule(random);
      var view =
          new HostView(
              List.of(IpAddress.parse("10.66.0.2")),
              List.of(),
              List.of(),
              List.of(),
              Map.of("web", List.of(IpAddress.parse("10.0.0.2"), IpAddress.parse("2001:db8::2"))),
              List.of(),
              List.of(),
              random.nextBoolean()
                  ? List.of()
                  : List.of(IpAddress.parse("10.67.0.1"), IpAddress.parse("10.68.0.1")));
      assertThat(engine.apply(TestPolicies.of(rules), view))
          .as("seed " + seed)
          .isInstanceOf(ApplyOutcome.Applied.class);
    }
  }

  private static String randomRule(Random random) {
    String protocol =
        pick(random, "", "tcp", "udp", "icmp", "icmpv6", "esp", "46", "47", "132", "255");
    boolean ports = protocol.equals("tcp") || protocol.equals("udp");
    return pick(random, "permit", "block", "require", "pass-through", "request", "weak")
        + " "
        + randomEnd(random, ports)
        + pick(random, " > ", " <> ")
        + randomEnd(random, ports)
        + (protocol.isEmpty() ? "" : " " + protocol)
        + pick(random, "", "", " on lan", " on remote");
  }

  private static String randomEnd(Random random, boolean ports) {
    String address =
        pick(
            random,
            "me",
            "any",
            "0.0.0.0/0",
            "::/0",
            "10.0.0.0/8",
            "10.0.0.1",
            "10.0.0.3-10.0.0.9",
            "10.0.0.0-10.0.0.255",
            "0.0.0.0-255.255.255.255",
            "128.0.0.0/1",
            "224.0.0.0/4",
            "2001:db8::/32",
            "2001:db8::1",
            "::ffff:10.0.0.1",
            "2001:db8::5-2001:db8::1:0",
            "fe80::/10",
            "ff02::1",
            "dns",
            "name:web");
    return address
        + (ports ? pick(random, "", "#80", "#0", "#65535", "#1-65535", "#0-1", "#80-89") : "");
  }

  private static String pick(Random random, String... items) {
    return items[random.nextInt(items.length)];
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          a rule in front  | insert rule inet reeve entries accept
          a rule more      | add rule inet reeve exempt tcp dport 80 accept
          rules deleted    | flush chain inet reeve entries
          table deleted    | delete table inet reeve
          flush ruleset    | flush ruleset
          a foreign chain  | add chain inet reeve other
          a counted rule   | insert rule inet reeve entries meta mark 7 accept
          element deleted  | delete element inet reeve m1 { 6 . 80 }
          element more     | add element inet reeve m1 { 6 . 22 : accept }
          dormant          | add table inet reeve { flags dormant ; }
          a foreign map    | add map inet reeve other { type inet_proto : verdict ; }
          """)
  void a_strangers_change_is_noticed_and_repaired(String name, String change)
      throws EngineException {
    LinuxEngine engine = enforcing("block any <> me#80 tcp, any <> me#81 tcp");
    assertThat(engine.observe().drifted()).isFalse();
    assertThat(engine.needsAttention()).isFalse();
    lab().host.run(change + "\n", "nft", "-f", "-");
    try {
      assertThat(engine.needsAttention()).isTrue();
      assertThat(engine.observe().differences()).as(name).isNotEmpty();
      assertThat(
              engine.apply(
                  TestPolicies.of("block any <> me#80 tcp, any <> me#81 tcp"), HostView.NONE))
          .isInstanceOf(ApplyOutcome.Applied.class);
      assertThat(engine.observe().drifted()).isFalse();
      assertThat(peerReaches(80)).isFalse();
    } finally {
      if (name.equals("flush ruleset")) lab().host.run(Lab.PUBLISHED, "nft", "-f", "-");
    }
  }

  /// Docker does so with every container that starts.
  @Test
  void what_others_change_in_their_own_tables_is_looked_at_once_and_repaired_never()
      throws EngineException {
    LinuxEngine engine = enforcing("block any <> me#80 tcp");
    lab().host.run("add table inet other\n", "nft", "-f", "-");
    try {
      assertThat(engine.needsAttention()).isTrue();
      assertThat(engine.apply(TestPolicies.of("block any <> me#80 tcp"), HostView.NONE))
          .isInstanceOf(ApplyOutcome.Unchanged.class);
      assertThat(engine.needsAttention()).isFalse();
    } finally {
      lab().host.run("delete table inet other\n", "nft", "-f", "-");
    }
  }

  /// As in a container, where nft is run in a way of its own.
  @Test
  void where_the_kernel_cannot_be_asked_nothing_is_noticed_before_the_compare()
      throws EngineException {
    HostPolicy policy = TestPolicies.of("block any <> me#80 tcp");
    var engine =
        new LinuxEngine(Nft.by(List.of("nsenter", "--net=/run/netns/" + lab().host.space, "nft")));
    assertThat(engine.apply(policy, HostView.NONE)).isInstanceOf(ApplyOutcome.Applied.class);
    lab().host.run("delete table inet reeve\n", "nft", "-f", "-");
    assertThat(engine.needsAttention()).isFalse();
    assertThat(engine.apply(policy, HostView.NONE)).isInstanceOf(ApplyOutcome.Applied.class);
  }

  @Test
  void other_tables_are_not_touched() throws EngineException {
    String before = lab().host.run("", "nft", "-s", "list", "ruleset");
    LinuxEngine engine = enforcing("block any <> me#80 tcp", "require me <> any");
    String during = lab().host.run("", "nft", "-s", "list", "ruleset");
    engine.removeAll();
    assertThat(during).startsWith(before.strip());
    assertThat(lab().host.run("", "nft", "-s", "list", "ruleset")).isEqualTo(before);
  }

  @Test
  void when_nft_fails_what_held_before_still_holds() throws EngineException {
    enforcing("block any <> me#80 tcp");
    var refusing =
        new LinuxEngine(
            Nft.by(
                List.of(
                    "sh",
                    "-c",
                    "case $1 in -f) echo 'Error: no memory'; exit 1;; esac;"
                        + " exec ip netns exec "
                        + lab().host.space
                        + " nft \"$@\"",
                    "nft")));
    var outcome = refusing.apply(TestPolicies.of("block any <> me#81 tcp"), HostView.NONE);

    assertThat(outcome)
        .isInstanceOfSatisfying(
            ApplyOutcome.Failed.class,
            failed -> {
              assertThat(failed.failedStep()).startsWith("load table inet reeve");
              assertThat(failed.detail()).contains("Error: no memory");
              assertThat(failed.rules())
                  .extracting(RuleStatus::state)
                  .containsExactly(State.FAILED);
            });
    assertThat(peerReaches(80)).isFalse();
    assertThat(peerReaches(81)).isTrue();
  }

  @Test
  void a_swap_lets_no_packet_through() throws EngineException {
    LinuxEngine engine = enforcing("block any <> me#9000 udp");
    long before = lab().host.count(9000);
    assertThat(lab().peer.can("flood 10.66.0.1 9000")).isTrue();
    for (int i = 0; i < 25; i++) {
      engine.apply(
          TestPolicies.of(
              "block any <> me#9000 udp", "require 10.66.0.4 <> me#" + (81 + i) + " tcp"),
          HostView.NONE);
    }
    assertThat(lab().host.count(9000)).isEqualTo(before);
    engine.removeAll();
    while (lab().host.count(9000) == before) Thread.onSpinWait(); // without the gate it leaks
    assertThat(Long.parseLong(lab().peer.say("stop"))).isGreaterThan(200);
  }
}
