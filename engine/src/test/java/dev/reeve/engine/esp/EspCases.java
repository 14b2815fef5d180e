package dev.reeve.engine.esp;

import static dev.reeve.engine.TestPolicies.posture;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.engine.Await;
import dev.reeve.engine.TestPolicies;
import dev.reeve.engine.esp.Wire.Kind;
import dev.reeve.model.ipsec.HostSetting;
import dev.reeve.model.spd.HostPolicy;
import dev.reeve.model.status.ApplyOutcome;
import dev.reeve.model.status.RuleStatus;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Negotiated rules and the traffic that they name, judged by what tcpdump sees at the peer. Run by
/// [EspIT] on a kernel with ESP.
class EspCases extends InEspLab {

  /// Each cell: what the connection looks like at the responder, once it is settled.
  @EnabledIfSystemProperty(named = "reeve.full", matches = "true")
  @ParameterizedTest(name = "{0} to {1}: {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          none   | none   | clear
          none   | client | clear
          none   | server | clear
          none   | secure | nothing
          client | none   | clear
          client | client | clear
          client | server | secured
          client | secure | secured
          server | none   | clear
          server | client | secured
          server | server | secured
          server | secure | secured
          secure | none   | nothing
          secure | client | secured
          secure | server | secured
          secure | secure | secured
          strict | strict | secured
          none   | strict | nothing
          strict | none   | nothing
          """)
  void matrix(String from, String to, String cell) throws Exception {
    lab().a.apply(posture(from));
    lab().b.apply(posture(to));

    if (cell.equals("nothing")) assertThat(lab().a.cannotReach(lab().b, 80)).isTrue();
    else assertThat(lab().a.reaches(lab().b, 80)).isTrue();
    if (cell.equals("nothing")) {
      boolean sends = from.equals("none");
      if (!sends) assertThat(lab().b.settled().seen(Kind.CLEAR)).as("clear at the peer").isEmpty();
      assertThat(lab().a.settled().seen(Kind.CLEAR).stream().filter(l -> l.contains(".80 > ")))
          .as("clear answers")
          .isEmpty();
      return;
    }
    // What began in clear is secured from the next connection on, at the latest.
    if (cell.equals("secured")) settle();
    lab().b.settled().clear();
    assertThat(lab().a.reaches(lab().b, 80)).isTrue();
    if (cell.equals("clear")) {
      assertThat(lab().b.settled().count(Kind.SECURED)).isZero();
      assertThat(lab().b.settled().count(Kind.CLEAR)).isPositive();
    } else {
      assertThat(lab().b.settled().seen(Kind.CLEAR)).isEmpty();
      assertThat(lab().b.settled().count(Kind.SECURED)).isPositive();
    }
  }

  /// Until an association stands; a request does not wait for it.
  private void settle() throws Exception {
    Await.until(
        "an association", EspLab.LONG, () -> lab().a.in("ip xfrm state").contains("spi 0xc"));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"TCP", "UDP", "IPv6"})
  void a_required_rule_secures_all_traffic(String what) throws Exception {
    lab().a.apply(posture("strict"));
    lab().b.apply(posture("strict"));
    lab().b.settled().clear();

    boolean reached =
        switch (what) {
          case "TCP" -> lab().a.reaches(lab().b, 80);
          case "UDP" -> ask();
          default -> lab().a.reaches(lab().a.v6, lab().b.v6, 80);
        };

    assertThat(reached).as(lab().a.log()).isTrue();
    assertThat(lab().b.settled().seen(Kind.CLEAR)).isEmpty();
    assertThat(lab().b.settled().count(Kind.SECURED)).isPositive();
  }

  /// To a client, which drops what comes in clear once there is an association, and to a strict
  /// host, which drops the first packet already.
  @ParameterizedTest(name = "to {0}")
  @CsvSource({"client", "strict"})
  void a_requested_connection_that_began_in_clear_goes_on_secured(String to) throws Exception {
    EspLab.Host a = lab().a;
    EspLab.Host b = lab().b;
    a.apply(posture("server"));
    b.apply(posture(to));
    b.settled().clear();

    var talk = CompletableFuture.supplyAsync(() -> a.say("talk " + a.v4 + " " + b.v4 + " 7000 60"));
    Await.until(
        "the end of the talk",
        EspLab.LONG,
        () -> { // an agent looks every two seconds
          boolean unused = a.engine.needsAttention() | b.engine.needsAttention();
          return talk.isDone();
        });

    assertThat(talk.join()).isEqualTo("ok");
    assertThat(b.settled().count(Kind.SECURED)).isPositive();
  }

  /// The first answer may come later than the probe waits.
  private boolean ask() {
    for (int i = 0; i < 8; i++) {
      String ask = "ask " + lab().a.v4 + " 0 " + lab().b.v4 + " 9000";
      if (lab().a.can("within 1000 " + ask)) return true;
    }
    return false;
  }

  @Test
  void permit_and_block_hold_within_a_required_rule() throws Exception {
    var policy =
        TestPolicies.of(
            "require me <> 10.68.0.0/24",
            "permit me <> 10.68.0.0/24#22 tcp",
            "permit me#22 <> 10.68.0.0/24 tcp",
            "block me <> 10.68.0.0/24#81 tcp",
            "block me#81 <> 10.68.0.0/24 tcp");
    lab().a.apply(policy);
    lab().b.apply(policy);
    lab().b.settled().clear();

    assertThat(lab().a.reaches(lab().b, 22)).isTrue();
    assertThat(lab().b.settled().count(Kind.SECURED)).as("permitted: clear").isZero();
    lab().b.settled().clear();
    assertThat(lab().a.reaches(lab().b, 80)).isTrue();
    assertThat(lab().b.settled().seen(Kind.CLEAR)).as("required").isEmpty();
    assertThat(lab().a.cannotReach(lab().b, 81)).as("blocked").isTrue();
  }

  /// Of a range just its ports are protected; a less specific rule has the others.
  @ParameterizedTest(name = "a range of ports, IPv{0}")
  @CsvSource({"4", "6"})
  void ranges_of_ports(int family) throws Exception {
    var policy =
        TestPolicies.of(
            "require me#79-8999 <> any tcp",
            "require me <> any#79-8999 tcp",
            "block me#81-90 <> any tcp");
    var applied = lab().a.apply(policy);
    lab().b.apply(policy);
    assertThat(applied.rules())
        .extracting(RuleStatus::state)
        .containsOnly(RuleStatus.State.ENFORCED);
    assertThat(lab().a.engine.observe().differences()).isEmpty();
    assertThat(lab().a.apply(policy)).isInstanceOf(ApplyOutcome.Unchanged.class);
    String from = family == 4 ? lab().a.v4 : lab().a.v6;
    String to = family == 4 ? lab().b.v4 : lab().b.v6;
    lab().b.settled().clear();

    assertThat(lab().a.reaches(from, to, 80)).as(lab().a.log()).isTrue();
    assertThat(lab().b.settled().seen(Kind.CLEAR)).isEmpty();
    assertThat(lab().b.settled().count(Kind.SECURED)).isPositive();
    lab().b.settled().clear();
    assertThat(lab().a.reaches(from, to, 22)).as("outside the range").isTrue();
    assertThat(lab().b.settled().count(Kind.SECURED)).isZero();
    assertThat(lab().a.cannotReach(from, to, 81)).as("blocked").isTrue();
  }

  /// The filters name one way; the answers are nobody's business.
  @Test
  void a_filter_that_is_not_mirrored_secures_one_way() throws Exception {
    lab().a.apply(TestPolicies.of("require me > 10.68.0.2 tcp"));
    lab().b.apply(TestPolicies.of("require 10.68.0.1 > me tcp"));
    lab().b.settled().clear();

    assertThat(lab().a.reaches(lab().b, 80)).as(lab().a.log()).isTrue();
    List<String> clear = lab().b.settled().seen(Kind.CLEAR);
    assertThat(clear).isNotEmpty().allMatch(line -> line.contains("10.68.0.2.80 > "));
    assertThat(lab().b.settled().count(Kind.SECURED)).isPositive();
  }

  /// Between the same hosts: what goes by PPP and what goes by Ethernet.
  @Test
  void a_rule_for_one_network_type_leaves_the_other_alone() throws Exception {
    Wire dialUp = lab().dialUp();
    for (String type : List.of("remote", "lan")) {
      for (int family : new int[] {4, 6}) {
        var policy = TestPolicies.of("require me <> any on " + type);
        lab().a.apply(policy);
        lab().b.apply(policy);
        lab().b.settled().clear();
        dialUp.clear();
        boolean lan = type.equals("lan");
        String byLan = family == 4 ? "10.68.0." : "fd68::";
        String byPpp = family == 4 ? "10.69.0." : "fd69::";

        assertThat(lab().a.reaches(byLan + 1, byLan + 2, 80)).as(type + " by LAN").isTrue();
        assertThat(lab().a.reaches(byPpp + 1, byPpp + 2, 80)).as(type + " by PPP").isTrue();
        Wire secured = lan ? lab().b.settled() : dialUp;
        Wire clear = lan ? dialUp : lab().b.settled();
        assertThat(secured.count(Kind.SECURED)).as(type + " is secured").isPositive();
        assertThat(secured.seen(Kind.CLEAR)).as(type).isEmpty();
        assertThat(clear.count(Kind.SECURED)).as("the other one").isZero();
        assertThat(clear.count(Kind.CLEAR)).as("the other one").isPositive();
      }
    }
  }

  /// Datagrams that must not be taken apart are refused where they do not fit.
  @ParameterizedTest(name = "large packets, IPv{0}")
  @CsvSource({"4", "6"})
  void large_packets(int family) throws Exception {
    lab().a.apply(posture("strict"));
    lab().b.apply(posture("strict"));
    String from = family == 4 ? lab().a.v4 : lab().a.v6;
    String to = family == 4 ? lab().b.v4 : lab().b.v6;
    lab().b.say("pour 800" + family + " 300000");
    assertThat(lab().a.reaches(from, to, 80)).as(lab().a.log()).isTrue();
    lab().b.settled().clear();

    assertThat(lab().a.say("drink " + from + " " + to + " 800" + family)).isEqualTo("300000");
    String ends = from + " " + to + " 9000 ";
    String big = "big " + ends + "4000"; // the first one may teach the way
    assertThat(lab().a.say("within 400 " + big) + lab().a.say(big))
        .as("taken apart")
        .endsWith("ok");
    assertThat(lab().a.say("fit " + ends + "1450")).contains("too long");
    assertThat(lab().a.say("fit " + ends + "1300")).isEqualTo("ok");
    assertThat(lab().b.settled().seen(Kind.CLEAR)).isEmpty();
    assertThat(lab().b.settled().count(Kind.SECURED)).isPositive();
  }

  /// Kerberos passes in clear where the level exempts it, beside an association.
  @ParameterizedTest(name = "exemption level {0}: {1}")
  @CsvSource({"0, clear", "1, secured", "2, clear", "3, secured"})
  void exemption_levels_hold_for_the_kernels_policies_too(int level, String result)
      throws Exception {
    HostPolicy policy =
        TestPolicies.with(Map.of(HostSetting.IPSEC_EXEMPT, level), posture("strict"));
    lab().a.apply(policy);
    lab().b.apply(policy);
    for (List<String> ends :
        List.of(List.of(lab().a.v4, lab().b.v4), List.of(lab().a.v6, lab().b.v6))) {
      assertThat(lab().a.reaches(ends.getFirst(), ends.getLast(), 80)).as(lab().a.log()).isTrue();
      lab().b.settled().clear();
      assertThat(lab().a.reaches(ends.getFirst(), ends.getLast(), 88)).isTrue();
      if (result.equals("clear")) {
        assertThat(lab().b.settled().seen(Kind.SECURED)).isEmpty();
        assertThat(lab().b.settled().count(Kind.CLEAR)).isPositive();
      } else {
        assertThat(lab().b.settled().seen(Kind.CLEAR)).isEmpty();
        assertThat(lab().b.settled().count(Kind.SECURED)).isPositive();
      }
    }
  }
}
