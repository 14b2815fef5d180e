package dev.reeve.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.engine.Lab.Member;
import dev.reeve.engine.ike.OwnCharon;
import dev.reeve.engine.nft.Nft;
import dev.reeve.engine.xfrm.Xfrm;
import dev.reeve.model.ipsec.HostSetting;
import dev.reeve.model.net.IpAddress;
import dev.reeve.model.spd.HostPolicy;
import dev.reeve.model.spd.HostView;
import dev.reeve.model.status.ApplyOutcome;
import dev.reeve.model.status.RuleStatus;
import dev.reeve.model.status.RuleStatus.State;
import dev.reeve.model.status.RuleTraffic;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which packets the gate lets pass in a real kernel, and what it counts.
class LinuxEngineIT extends InLab {

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
    String command = attempt.substring(who.length() + 1);
    assertThat(member.does(command, result.equals("ok"))).as(name).isTrue();
  }

  @Test
  void a_one_way_filter_stops_one_way() throws EngineException {
    enforcing("block 10.66.0.2 > me#9000 udp");
    long before = lab().host.count(9000);
    assertThat(lab().peer.cannot("ask 10.66.0.2 0 10.66.0.1 9000")).isTrue();
    assertThat(lab().host.count(9000)).isEqualTo(before);
    engine().removeAll();

    enforcing("block me#9000 > 10.66.0.2 udp");
    assertThat(lab().peer.cannot("ask 10.66.0.2 0 10.66.0.1 9000")).isTrue();
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
    assertThat(lab().host.cannot("connect fd66::1 fd66::2 80")).as("IPv6").isTrue();
    assertThat(lab().host.cannot("connect 10.66.0.1 10.66.0.2 80")).isTrue();
    assertThat(peerCannotReach(80)).isTrue();
    assertThat(peerCannotReach(8443)).as("the other way round").isTrue();
    long before = lab().host.count(9000);
    assertThat(lab().peer.cannot("ask 10.66.0.3 5300 10.66.0.1 9000")).isTrue();
    assertThat(lab().host.count(9000)).isEqualTo(before);
  }

  @TempDir Path directory;

  /// What needs no ESP is in force; what does is dropped, and the rule says which modules.
  @Test
  void without_esp_the_rest_is_enforced() throws EngineException {
    var lacks = List.of("sh", "-c", "echo 'Protocol not supported' >&2; exit 2", "ip");
    var engine =
        new LinuxEngine(
            lab().host.nft(),
            new Negotiator(
                new Xfrm(lacks),
                new OwnCharon(directory, List.of()),
                () -> {
                  throw new AssertionError("nothing is negotiated");
                }));
    var applied =
        (ApplyOutcome.Applied)
            engine.apply(
                TestPolicies.of("require any <> me#80 tcp", "block any <> me#81 tcp"),
                HostView.NONE);
    assertThat(applied.rules())
        .extracting(RuleStatus::state)
        .containsExactly(RuleStatus.State.NOT_NEGOTIATED, RuleStatus.State.ENFORCED);
    assertThat(applied.rules().getFirst().detail())
        .contains("clear traffic is dropped both ways", "esp4, esp6 and xfrm_user");
    assertThat(peerCannotReach(80)).as("required").isTrue();
    assertThat(peerCannotReach(81)).as("blocked").isTrue();
    assertThat(peerReaches(8443)).as("anything else").isTrue();
    engine.removeAll();
  }

  /// As long as the kernel counts no change of any table, ours is what it was.
  @Test
  void an_untouched_gate_is_not_listed_again() throws Exception {
    Path said = directory.resolve("said");
    Path nft = directory.resolve("nft");
    Files.writeString(nft, "#!/bin/sh\necho \"$*\" >>" + said + "\nexec nft \"$@\"\n");
    assertThat(nft.toFile().setExecutable(true)).isTrue();
    var engine =
        new LinuxEngine(Nft.by(lab().host.within(nft.toString())), new Xfrm(lab().host.within()));
    HostPolicy policy = TestPolicies.of("block any <> me#80 tcp");
    assertThat(engine.apply(policy, HostView.NONE)).isInstanceOf(ApplyOutcome.Applied.class);
    Files.delete(said);
    assertThat(engine.apply(policy, HostView.NONE)).isInstanceOf(ApplyOutcome.Unchanged.class);
    assertThat(said).doesNotExist();

    lab().host.run("", "nft", "add", "table", "inet", "theirs");
    assertThat(engine.apply(policy, HostView.NONE)).isInstanceOf(ApplyOutcome.Unchanged.class);
    assertThat(Files.readString(said)).contains("list table inet reeve");

    lab().host.run("", "nft", "flush", "chain", "inet", "reeve", "input");
    assertThat(engine.apply(policy, HostView.NONE)).isInstanceOf(ApplyOutcome.Applied.class);
    engine.removeAll();
    lab().host.run("", "nft", "delete", "table", "inet", "theirs");
  }

  private static HostPolicy atLevel(int level, String... rules) {
    return TestPolicies.with(Map.of(HostSetting.IPSEC_EXEMPT, level), TestPolicies.of(rules));
  }

  /// `levels` are those at which a packet passes a rule that lets nothing pass.
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          to port 88             | host send 10.66.0.2 88 8               | 02
          to port 88 over TCP    | host connect 10.66.0.1 10.66.0.2 88    | 02
          its other way          | peer connect 10.66.0.2 10.66.0.1 88    | 02
          from port 88           | peer ask 10.66.0.2 88 10.66.0.1 9000   | 02
          from port 88, outbound | host ask 10.66.0.1 88 10.66.0.2 9000   | 02
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
      boolean passes = levels.contains(Integer.toString(level));
      assertThat(member.does(attempt.substring(5), passes))
          .as(name + " at level " + level)
          .isTrue();
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
      assertThat(lab().peer.cannot("ask 10.66.0.3 " + port + " 10.66.0.1 9000")).isTrue();
    }
    assertThat(lab().host.count(9000)).isEqualTo(before);
  }

  @Test
  void pass_through_hears_clear_questions_and_answers_none() throws EngineException {
    LinuxEngine engine = enforcing("pass-through any <> me#9000 udp");
    long before = lab().host.count(9000);
    assertThat(lab().peer.cannot("ask 10.66.0.2 0 10.66.0.1 9000")).isTrue();
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
      assertThat(lab().peer.cannot("connect 10.66.0.2 10.66.0.9 80")).isTrue();
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
      assertThat(peerCannotReach(80)).isTrue();
      assertThat(lab().peer.cannot("connect fd66::2 fd66::1 80")).isTrue();
    } finally {
      lab().host.ip("addr del 10.66.0.9/24 dev lan");
    }
  }
}
