package dev.reeve.engine.negotiate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.engine.TestPolicies;
import dev.reeve.engine.xfrm.XfrmPolicy;
import dev.reeve.engine.xfrm.XfrmPolicy.Action;
import dev.reeve.model.ipsec.HostSetting;
import dev.reeve.model.net.IpAddress;
import dev.reeve.model.spd.HostPolicy;
import dev.reeve.model.spd.HostView;
import dev.reeve.model.spd.Spd;
import dev.reeve.model.spd.SymbolicSpd;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Policies of the kernel where they are all that there is.
class WithoutGateTest {

  private static final HostView VIEW =
      new HostView(
          List.of(IpAddress.parse("10.0.0.53")),
          List.of(),
          List.of(),
          List.of(),
          Map.of(),
          List.of(new HostView.Endpoint(IpAddress.parse("2001:db8::7"), 443)),
          List.of(),
          List.of());

  private static Spd spd(HostPolicy policy) {
    return SymbolicSpd.of(policy).resolve(VIEW);
  }

  private static List<XfrmPolicy> policies(String... rules) {
    return policies(3, rules);
  }

  private static List<XfrmPolicy> policies(int exempt, String... rules) {
    HostPolicy policy =
        TestPolicies.with(Map.of(HostSetting.IPSEC_EXEMPT, exempt), TestPolicies.of(rules));
    return Negotiations.withoutGate(
            policy, spd(policy), VIEW, Means.none("no gate", NegotiationsTest.OWN))
        .policies();
  }

  /// First those that decide first.
  private static String text(List<XfrmPolicy> policies, Predicate<XfrmPolicy> which) {
    return policies.stream()
        .filter(which)
        .sorted(Comparator.comparing(XfrmPolicy::priority))
        .map(policy ->
            policy.direction() + " " + policy.selector() + " " + (allows(policy) ? "+" : "-"))
        .map(line -> line.replaceAll("src |dst |(?<=\\d)/(32|128)(?= )", ""))
        .map(line -> line.replaceAll("(0\\.0\\.0\\.0|::)/0", "any"))
        .collect(Collectors.joining(", "));
  }

  private static boolean allows(XfrmPolicy policy) {
    return policy.action() == Action.Allow.ALLOW;
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          block me#23 > 10.9.0.0/16 tcp                       | out 10.0.0.1 10.9.0.0/16 proto 6 sport 23 -, out 172.16.0.1 10.9.0.0/16 proto 6 sport 23 -
          block 10.9.0.5 > me                                 | in 10.9.0.5 10.0.0.1 -, in 10.9.0.5 172.16.0.1 -
          block me <> 2001:db8:9::/48                         | out 2001:db8::1 2001:db8:9::/48 -, in 2001:db8:9::/48 2001:db8::1 -
          permit me <> 2001:db8:9::5                          | out 2001:db8::1 2001:db8:9::5 +, in 2001:db8:9::5 2001:db8::1 +
          require me > 10.9.0.5 on remote                     | out 172.16.0.1 10.9.0.5 -
          pass-through me <> 2001:db8:9::5                    | out 2001:db8::1 2001:db8:9::5 -, in 2001:db8:9::5 2001:db8::1 -
          request me > 2001:db8:9::5                          | out 2001:db8::1 2001:db8:9::5 +
          weak me > 2001:db8:9::5                             | out 2001:db8::1 2001:db8:9::5 -
          require 10.8.0.0/16 > 10.9.0.0/16                   | out 10.8.0.0/16 10.9.0.0/16 -, in 10.8.0.0/16 10.9.0.0/16 -, fwd 10.8.0.0/16 10.9.0.0/16 -
          require 10.8.0.0/16 > 10.9.0.0/16 on lan            | fwd 10.8.0.0/16 10.9.0.0/16 -
          permit 10.8.0.0/16 > 10.9.0.0/16 on lan             |
          block any > 10.9.0.5 on remote                      | out 172.16.0.1 10.9.0.5 -, fwd any 10.9.0.5 -
          block 10.9.0.0/16 > me; permit 10.9.0.5 > me on lan | in 10.9.0.5 10.0.0.1 +, in 10.9.0.0/16 10.0.0.1 -, in 10.9.0.0/16 172.16.0.1 -
          block 10.9.0.5 > me on lan; block 10.9.0.5 > me     | in 10.9.0.5 10.0.0.1 -, in 10.9.0.5 172.16.0.1 -
          block me#1-1000 > any#1-1000 tcp                    |
          respond                                             |
          """)
  void a_rule_becomes_what_the_kernel_can_do_alone(String rules, String expected) {
    assertThat(text(policies(rules.split("; ")), WithoutGateTest::isOfAnEntry))
        .isEqualTo(expected == null ? "" : expected);
  }

  private static boolean isOfAnEntry(XfrmPolicy policy) {
    return policy.priority() >= Priorities.FIRST_ENTRY;
  }

  @Test
  void what_must_be_secured_is_dropped_however_many_policies_that_takes() {
    assertThat(policies("require me#1-1000 > 10.9.0.5#1-1000 tcp"))
        .filteredOn(WithoutGateTest::isOfAnEntry)
        .hasSizeGreaterThan(2 * Sides.MOST_PORTS)
        .noneMatch(WithoutGateTest::allows);
  }

  @Test
  void lifelines_stand_before_all_rules() {
    List<XfrmPolicy> policies = policies("block any <> any");
    assertThat(text(policies, policy -> policy.priority() == Priorities.EXEMPT))
        .contains(
            "out any 10.0.0.53 proto 17 dport 53 +",
            "in 10.0.0.53 any proto 17 sport 53 +",
            "out any 2001:db8::7 proto 6 dport 443 +",
            "in 2001:db8::7 any proto 6 sport 443 +",
            "out any any proto 58 type 135 +");
    assertThat(text(policies, WithoutGateTest::isOfAnEntry))
        .isEqualTo(
            Arrays.stream("out in fwd".split(" "))
                .map(way -> way + " any any -, " + way + " any any -")
                .collect(Collectors.joining(", ")));
  }

  /// Nor do exemptions reach into it.
  @Test
  void what_belongs_into_a_tunnel_leaves_in_clear_by_no_exemption() {
    List<XfrmPolicy> policies = policies("require 10.0.0.0/24 > 10.0.0.53 via 192.0.2.1");
    long best =
        policies.stream()
            .filter(policy -> !allows(policy))
            .mapToLong(XfrmPolicy::priority)
            .max()
            .orElseThrow();
    assertThat(best).isLessThan(Priorities.EXEMPT);
    assertThat(text(policies, policy -> !allows(policy)))
        .isEqualTo(
            "out 10.0.0.0/24 10.0.0.53 -, in 10.0.0.0/24 10.0.0.53 -, fwd 10.0.0.0/24 10.0.0.53 -");
    assertThat(text(policies, policy -> policy.priority() < best)).contains("type 135 +");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          require any > any#88 tcp via 192.0.2.1                          | out -, in -, fwd -
          request any > any#88 tcp via 192.0.2.1                          | out +, in +, fwd +
          require any > any#88 tcp                                        | out +, in +, fwd -
          block any > any#88 tcp; require any > any#88 tcp via 192.0.2.1  | out +, in +, fwd -
          permit any > any#88 tcp; require any > any#88 tcp via 192.0.2.1 | out -, in -, fwd -
          """)
  void nor_by_one_that_is_for_the_same_packets(String rules, String expected) {
    assertThat(
            policies(0, rules.split("; ")).stream()
                .filter(policy -> policy.selector().toString().endsWith("/0 proto 6 dport 88"))
                .map(policy -> policy.direction() + (allows(policy) ? " +" : " -"))
                .distinct())
        .containsExactlyInAnyOrder(expected.split(", "));
  }

  @ParameterizedTest(name = "{0}, forwards {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          block any <> me#23 tcp           | false |
          block any <> me#23 tcp           | true  | not for ports that this host publishes for others (by DNAT)
          block any <> 10.9.0.0/16         | true  |
          block any <> 10.9.0.0/16#23 tcp  | true  | not for ports that this host publishes for others (by DNAT)
          permit any <> me on lan          | false | on lan: only by the addresses of such interfaces
          block any <> any on lan          | false | on lan: only by the addresses of such interfaces
          permit any <> any on lan         | true  | on lan: only by the addresses of such interfaces
          block any <> any on lan          | true  | on lan: only by the addresses of such interfaces, and not forwarded on any
          block me#1-1000 <> any#1-999 tcp | false | filter me port 1-1000 <-> any port 1-999 tcp: not enforced: ranges at both ends take more than 64 policies
          require me#1-9 <> any#1-9 tcp    | false |
          """)
  void what_they_cannot_say_is_told(String rule, boolean forwards, String expected) {
    assertThat(Unsaid.of(spd(TestPolicies.of(rule)), forwards).stream().map(Unsaid::detail))
        .containsExactlyElementsOf(expected == null ? List.of() : List.of(expected));
  }
}
