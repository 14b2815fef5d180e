package dev.reeve.engine.esp;

import static dev.reeve.engine.TestPolicies.posture;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.engine.Await;
import dev.reeve.engine.LinuxEngine;
import dev.reeve.engine.TestPolicies;
import dev.reeve.engine.esp.Wire.Kind;
import dev.reeve.model.ipsec.Encryption;
import dev.reeve.model.ipsec.HostSetting;
import dev.reeve.model.ipsec.Integrity;
import dev.reeve.model.net.IpAddress;
import dev.reeve.model.spd.HostPolicy;
import dev.reeve.model.spd.HostView;
import dev.reeve.model.status.ApplyOutcome;
import dev.reeve.model.status.RuleStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What changes while negotiated rules are in force: policies, settings, addresses, what names
/// mean, and whether charon lives. Run by [EspIT] on a kernel with ESP.
class EspChangeCases extends InEspLab {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @Test
  void what_was_applied_is_applied_once_and_reported() throws Exception {
    var policy = posture("strict");
    var first = lab().a.apply(policy);

    assertThat(first.rules()).extracting(RuleStatus::state).containsOnly(RuleStatus.State.ENFORCED);
    assertThat(lab().a.apply(policy)).isInstanceOf(ApplyOutcome.Unchanged.class);
    assertThat(lab().a.engine.observe().differences()).isEmpty();
    lab().a.in("ip xfrm policy flush");
    assertThat(lab().a.engine.observe().differences()).isNotEmpty();
    assertThat(lab().a.apply(policy)).isInstanceOf(ApplyOutcome.Applied.class);
    assertThat(lab().a.engine.observe().differences()).isEmpty();
  }

  /// While datagrams flow without pause, policies are swapped, the kernel's are flushed and charon
  /// is killed: not one leaves in clear, and traffic is secured again afterwards.
  @ParameterizedTest(name = "nothing leaks while policies change, IPv{0}")
  @CsvSource({"4", "6"})
  void nothing_leaks_while_policies_change_and_charon_dies(int family) throws Exception {
    EspLab.Host a = lab().a;
    EspLab.Host b = lab().b;
    HostPolicy plain = posture("strict");
    HostPolicy more =
        TestPolicies.of(
            "require me <> any",
            "block me#23 <> any tcp",
            "require me <> " + b.own(family) + " udp");
    a.apply(plain);
    b.apply(plain);
    assertThat(a.reaches(b, family, 80)).isTrue();
    b.settled().clear();
    long before = b.count(9000);
    a.say("flood " + b.own(family) + " 9000");
    for (int i = 0; i < 6; i++) a.apply(i % 2 == 0 ? more : plain);
    a.in("ip xfrm policy flush");
    a.apply(plain);
    a.charon.kill();
    assertThat(a.engine.observe().differences())
        .anyMatch(d -> d.startsWith("charon does not hold"));
    assertThat(a.engine.needsAttention()).as("whoever looked before").isTrue();
    a.apply(plain);
    assertThat(a.engine.needsAttention()).isFalse();
    long sent = Long.parseLong(a.say("stop"));

    assertThat(b.settled().seen(Kind.CLEAR)).isEmpty();
    assertThat(sent).isGreaterThan(500);
    assertThat(b.count(9000)).isGreaterThan(before);
    assertThat(a.reaches(b, family, 80)).as(a.log()).isTrue();
    assertThat(b.settled().seen(Kind.CLEAR)).isEmpty();
  }

  /// With terms of their own, so that each is an association of its own.
  private static final HostPolicy TWO_RULES =
      TestPolicies.of(
          List.of(
              TestPolicies.rule("{R1}", "require me <> any"),
              TestPolicies.offering(
                  TestPolicies.rule("{R2}", "require me <> any tcp"),
                  TestPolicies.offer(Encryption.AES128_GCM, Integrity.NONE))));

  /// One that only listens would wait until its peer finds it dead. charon hears one call to a peer
  /// at a time.
  @Test
  void a_host_whose_charon_died_calls_the_peers_that_it_lost() throws Exception {
    EspLab.Host a = lab().a;
    EspLab.Host b = lab().b;
    applyToBoth(TWO_RULES);
    assertThat(a.reaches(b, 80)).isTrue();
    a.say("flood " + b.v4 + " 9000");
    awaitPackets();
    b.charon.kill();
    String dead = b.log();
    var outcome = (ApplyOutcome.Applied) b.apply(TWO_RULES);
    assertThat(outcome.steps()).contains("call peers for 2 associations that were lost");

    Await.until(
        "b to begin both",
        PATIENCE,
        () -> {
          assertThat(b.engine.needsAttention()).isFalse();
          return b.log().replace(dead, "").split("establishing CHILD_SA", -1).length > 2;
        });
    awaitPackets();
    a.say("stop");
    assertThat(b.settled().seen(Kind.CLEAR)).isEmpty();
  }

  /// What a packet asks for while charon negotiates with that peer for another rule, charon does
  /// not hear, and the kernel would ask again after 25 s.
  @Test
  void traffic_of_a_second_rule_does_not_wait_longer_than_that_of_the_first() throws Exception {
    EspLab.Host a = lab().a;
    EspLab.Host b = lab().b;
    String logged = a.log();
    applyToBoth(TWO_RULES);
    long before = b.count(9000);
    try {
      b.in(
          "nft add table inet deaf { chain in { type filter hook input priority -300 ; udp dport"
              + " 500 drop ; } ; }");
      a.in("sysctl -qw net.core.xfrm_acq_expires=300"); // longer than this waits
      a.say("flood " + b.v4 + " 9000");
      assertThat(a.cannotReach(b, 80)).isTrue();
      assertThat(requests(a)).as("both wait").isEqualTo(2);
      b.in("nft delete table inet deaf");

      Await.until("the first", PATIENCE, () -> requests(a) < 2);
      Await.until(
          "the second to be free to ask",
          PATIENCE,
          () -> !a.engine.needsAttention() && requests(a) == 0);
      Await.until("packets to come", PATIENCE, () -> b.count(9000) > before + 100);
    } finally {
      a.say("stop");
      b.in("nft add table inet deaf"); // so that there is one to delete
      b.in("nft delete table inet deaf");
      a.in("sysctl -qw net.core.xfrm_acq_expires=25");
    }
    assertThat(a.reaches(b, 80)).as(a.log()).isTrue();
    assertThat(a.log().substring(logged.length())).contains("connection attempt pending");
    assertThat(b.settled().seen(Kind.CLEAR)).isEmpty();
  }

  private void awaitPackets() throws Exception {
    long before = lab().b.count(9000);
    Await.until("packets to come", PATIENCE, () -> lab().b.count(9000) > before + 100);
  }

  private static int requests(EspLab.Host host) throws Exception {
    return host.in("ip xfrm state").split("spi 0x00000000", -1).length - 1;
  }

  /// Nothing leaves in clear from an address that has just appeared; after a look it is secured,
  /// and the next look after it has gone leaves nothing of it behind.
  @ParameterizedTest(name = "an address that comes and goes, {0}")
  @CsvSource({"10.68.0.77/24, 10.68.0.2", "fd68::77/64, fd68::2"})
  void addresses_that_come_and_go(String address, String peer) throws Exception {
    String own = address.substring(0, address.indexOf('/'));
    lab().a.apply(posture("strict"));
    lab().b.apply(posture("strict"));
    String device = address + " dev eth0" + (own.contains(":") ? " nodad" : "");
    lab().a.ip("addr add " + device);
    try {
      lab().b.settled().clear();
      assertThat(lab().a.cannotReach(own, peer, 80)).isTrue();
      assertThat(lab().b.settled().seen(Kind.CLEAR)).isEmpty();
      lab().a.apply(posture("strict"));
      assertThat(lab().a.reaches(own, peer, 80)).as(lab().a.log()).isTrue();
      assertThat(lab().b.settled().seen(Kind.CLEAR)).isEmpty();
      assertThat(lab().b.settled().count(Kind.SECURED)).isPositive();
    } finally {
      lab().a.ip("addr del " + address + " dev eth0");
    }
    lab().a.apply(posture("strict"));
    assertThat(lab().a.in("ip xfrm policy")).doesNotContain(own + "/");
  }

  /// A name means what it resolves to now, a role whom the host has it from now.
  @ParameterizedTest(name = "{0} moves")
  @CsvSource({"name:peer.example", "dns", "gateway", "dhcp", "wins"})
  void who_a_name_or_role_means_may_change(String end) throws Exception {
    var policy = TestPolicies.of("require me <> " + end + " tcp");
    var back = TestPolicies.of("request me <> 10.68.0.1 tcp");
    lab().b.apply(back);
    lab().a.apply(policy, view(lab().c.v4));
    lab().b.settled().clear();
    assertThat(lab().a.reaches(lab().b, 80)).isTrue();
    assertThat(lab().b.settled().count(Kind.SECURED)).as("not meant yet").isZero();
    lab().a.apply(policy, view(lab().b.v4));
    lab().b.settled().clear();
    assertThat(lab().a.reaches(lab().b, 80)).as(lab().a.log()).isTrue();
    assertThat(lab().b.settled().seen(Kind.CLEAR)).isEmpty();
    assertThat(lab().b.settled().count(Kind.SECURED)).isPositive();
  }

  private static HostView view(String who) {
    var one = List.of(IpAddress.parse(who));
    return new HostView(
        one, one, one, one, Map.of("peer.example", one), List.of(), List.of(), List.of());
  }

  private static List<String> associations(EspLab.Host host) {
    return host.in("ip xfrm state").lines().filter(l -> l.contains(" spi 0x")).sorted().toList();
  }

  /// The kernel's log, which tells of the first namespace alone unless it is told otherwise.
  private static final class KernelLog implements AutoCloseable {
    private static final Path EVERYWHERE = Path.of("/proc/sys/net/netfilter/nf_log_all_netns");
    private final String before;

    KernelLog() throws IOException {
      before = Files.readString(EVERYWHERE).strip();
      Files.writeString(EVERYWHERE, "1");
    }

    /// @param way how the line goes on
    long drops(String way) {
      String start = "reeve drop r1 " + way;
      return EspLab.run("", "dmesg").lines().filter(line -> line.contains(start)).count();
    }

    @Override
    public void close() throws IOException {
      Files.writeString(EVERYWHERE, before);
    }
  }

  @Test
  void logging_and_diagnostics_change_at_run_time_and_leave_associations_alone() throws Exception {
    HostPolicy quiet = posture("strict");
    HostPolicy loud =
        TestPolicies.with(
            Map.of(HostSetting.IKE_LOGGING, 1, HostSetting.IPSEC_DIAGNOSTICS, 7), quiet);
    EspLab.Host b = lab().b;
    lab().a.apply(quiet);
    b.apply(quiet);
    assertThat(lab().a.reaches(b, 80)).isTrue();
    List<String> associations = associations(b);
    try (var log = new KernelLog()) {
      long none = log.drops("");
      assertThat(lab().c.cannotReach(b, 80)).isTrue();
      assertThat(log.drops("")).as("level 0").isEqualTo(none);
      assertThat(b.log()).doesNotContain("vici client");

      b.apply(loud);
      assertThat(lab().c.cannotReach(b, 80)).isTrue();
      assertThat(log.drops("")).as("level 7").isGreaterThan(none);
      assertThat(b.apply(loud)).isInstanceOf(ApplyOutcome.Unchanged.class);
      assertThat(b.log()).as("ikeLogging 1").contains("vici client");

      b.apply(quiet);
      long some = log.drops("");
      int lines = b.log().split("vici client", -1).length;
      assertThat(lab().c.cannotReach(b, 80)).isTrue();
      b.apply(quiet);
      assertThat(log.drops("")).as("level 0 again").isEqualTo(some);
      assertThat(b.log().split("vici client", -1)).as("ikeLogging 0 again").hasSize(lines);
    }
    assertThat(associations(b)).isEqualTo(associations);
    assertThat(lab().a.reaches(b, 80)).isTrue();
    assertThat(associations(b)).isEqualTo(associations);
  }

  /// One packet each way is dropped, at every level.
  @ParameterizedTest(name = "level {0}: {1} on its way in, {2} on its way out")
  @CsvSource({"0, 0, 0", "2, 1, 0", "4, 0, 1", "6, 1, 1"})
  void drops_are_logged_on_the_way_that_the_level_is_for(int level, int in, int out)
      throws Exception {
    EspLab.Host b = lab().b;
    b.apply(
        TestPolicies.with(
            Map.of(HostSetting.IPSEC_DIAGNOSTICS, level),
            TestPolicies.of("block any <> any#9000 udp")));
    try (var log = new KernelLog()) {
      long dropped = dropped(b);
      long cameIn = log.drops("IN=eth0 OUT= ");
      long wentOut = log.drops("IN= OUT=eth0 ");
      lab().c.say("send " + b.v4 + " 9000 1");
      b.say("send " + lab().c.v4 + " 9000 1");
      Await.until("two drops", PATIENCE, () -> dropped(b) == dropped + 2);

      assertThat(log.drops("IN=eth0 OUT= ") - cameIn).isEqualTo(in);
      assertThat(log.drops("IN= OUT=eth0 ") - wentOut).isEqualTo(out);
    }
  }

  /// charon outlives the agent, and nobody is left who would ask it.
  @Test
  void an_agent_that_comes_back_to_nothing_negotiated_ends_what_was() throws Exception {
    EspLab.Host a = lab().a;
    applyToBoth(posture("strict"));
    assertThat(a.reaches(lab().b, 80)).isTrue();
    LinuxEngine later = Unreachable.engine(a, new int[] {-1});
    assertThat(later.apply(HostPolicy.EMPTY, HostView.NONE))
        .isInstanceOf(ApplyOutcome.Applied.class);
    assertThat(associations(a)).isEmpty();
    assertThat(later.apply(HostPolicy.EMPTY, HostView.NONE))
        .isInstanceOf(ApplyOutcome.Unchanged.class);
  }

  /// It lies in memory.
  @Test
  void a_log_that_has_become_large_is_put_aside() throws Exception {
    EspLab.Host a = lab().a;
    applyToBoth(posture("strict"));
    byte[] much = new byte[17 << 20];
    Files.write(a.logFile(), much, StandardOpenOption.APPEND);
    a.apply(posture("strict"));
    assertThat(Files.size(a.logFile().resolveSibling("log.1"))).isGreaterThan(much.length);
    assertThat(a.reaches(lab().b, 80)).isTrue();
    assertThat(a.log()).contains("IKE_SA").hasSizeLessThan(1 << 20);
    Files.delete(a.logFile().resolveSibling("log.1"));
  }

  private static long dropped(EspLab.Host host) throws Exception {
    return host.engine.observe().activity().traffic().stream()
        .mapToLong(traffic -> traffic.dropped().packets())
        .sum();
  }
}
