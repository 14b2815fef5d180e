package dev.reeve.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.model.ipsec.HostSetting;
import dev.reeve.model.net.IpAddress;
import dev.reeve.model.spd.HostPolicy;
import dev.reeve.model.spd.HostView;
import dev.reeve.model.status.ApplyOutcome;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the gate writes into a real kernel, read back: known again as what was written.
class GateReadBackIT extends InLab {

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
    HostPolicy policy =
        TestPolicies.with(
            Map.of(HostSetting.IPSEC_DIAGNOSTICS, level),
            TestPolicies.of(
                "block any <> me#80 tcp",
                "pass-through me <> 10.2.0.0/16",
                "request any <> me#81 tcp"));
    LinuxEngine engine = engine();
    assertThat(engine.apply(policy, HostView.NONE)).isInstanceOf(ApplyOutcome.Applied.class);
    assertThat(engine.apply(policy, HostView.NONE)).isInstanceOf(ApplyOutcome.Unchanged.class);
    String table = lab().host.run("", "nft", "list", "table", "inet", "reeve");
    assertThat(table.contains("log prefix \"reeve drop r1 \"")).isEqualTo(level > 1);
    assertThat(peerCannotReach(80)).isTrue();
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
}
