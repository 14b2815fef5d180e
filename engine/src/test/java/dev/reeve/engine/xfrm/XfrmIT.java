package dev.reeve.engine.xfrm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.reeve.engine.TestSpaces;
import dev.reeve.engine.tool.Tool;
import dev.reeve.engine.tool.ToolException;
import dev.reeve.engine.xfrm.XfrmPolicy.Action;
import dev.reeve.engine.xfrm.XfrmPolicy.Direction;
import dev.reeve.engine.xfrm.XfrmPolicy.Layers;
import dev.reeve.engine.xfrm.XfrmPolicy.Mode;
import dev.reeve.engine.xfrm.XfrmPolicy.Protocol;
import dev.reeve.model.ipsec.NetworkType;
import dev.reeve.model.net.IpAddress;
import dev.reeve.model.net.IpPrefix;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Policies in this machine's own kernel, which needs XFRM for that but no ESP, in a namespace.
class XfrmIT {

  private static final Tool IP = Tool.of(List.of(), "ip");

  private static final String DROP = "net.core.xfrm_larval_drop";

  private final String space = TestSpaces.prefix("xfrm");
  private final Xfrm xfrm = new Xfrm(List.of("ip", "netns", "exec", space));

  @BeforeEach
  void open() throws ToolException {
    try {
      String unused = IP.run("", "netns", "add", space);
      unused = IP.run("", "-n", space, "xfrm", "policy", "list");
    } catch (ToolException e) {
      assumeTrue(false, "no namespaces or no XFRM: " + e.getMessage());
    }
  }

  @AfterEach
  void close() throws ToolException {
    String unused = IP.run("", "netns", "del", space);
  }

  /// One for each selector and direction: the kernel keeps no more.
  private static List<XfrmPolicy> policies() {
    Map<XfrmPolicy.Key, XfrmPolicy> byKey =
        PolicyCodecTest.policies().stream()
            .collect(Collectors.toMap(XfrmPolicy::key, Function.identity(), (_, last) -> last));
    return byKey.values().stream().sorted().toList();
  }

  @Test
  void the_kernel_holds_what_it_was_told_until_it_is_told_otherwise() throws ToolException {
    var policies = policies();
    xfrm.change(policies, List.of());
    assertThat(xfrm.policies()).containsExactlyInAnyOrderElementsOf(policies);

    var moved = policies.stream().map(policy -> policy.withPriority(XfrmPolicy.FIRST)).toList();
    xfrm.change(moved, List.of());
    assertThat(xfrm.policies()).containsExactlyInAnyOrderElementsOf(moved);

    xfrm.change(List.of(), moved.subList(1, moved.size()));
    assertThat(xfrm.policies()).containsExactly(moved.getFirst());
    assertThatThrownBy(() -> xfrm.change(List.of(), List.of(moved.getLast())))
        .isInstanceOf(ToolException.class)
        .hasMessageContaining("no such entry");
  }

  /// As `ip` would write it, which others may read and change.
  @Test
  void ip_reads_what_we_write_and_we_read_what_ip_writes() throws ToolException {
    var ssh =
        new XfrmPolicy(
            Direction.OUT,
            new XfrmSelector(
                IpPrefix.parse("10.0.0.1/32"),
                IpPrefix.parse("10.0.0.0/8"),
                6,
                Optional.empty(),
                Optional.of(PortBlock.of(22))),
            XfrmPolicy.LAST,
            Action.Allow.ALLOW);
    xfrm.change(List.of(ssh), List.of());
    assertThat(IP.run("", "-n", space, "xfrm", "policy", "list"))
        .contains("src 10.0.0.1/32 dst 10.0.0.0/8 proto tcp dport 22", "dir out");
    String unused = IP.run(ssh.toDelete(), "-n", space, "-batch", "-");
    assertThat(xfrm.policies()).isEmpty();
    unused = IP.run(ssh.toUpdate(), "-n", space, "-batch", "-");
    assertThat(xfrm.policies()).containsExactly(ssh);
  }

  @Test
  void what_no_policy_speaks_of_passes_again() throws ToolException {
    assertThat(xfrm.blocksTheRest()).isFalse();
    for (String way : List.of("in", "fwd", "out")) {
      String unused = IP.run("", "-n", space, "xfrm", "policy", "setdefault", way, "block");
      assertThat(xfrm.blocksTheRest()).as(way).isTrue();
      xfrm.acceptTheRest();
      assertThat(xfrm.blocksTheRest()).as(way).isFalse();
    }
    assertThat(IP.run("", "-n", space, "xfrm", "policy", "getdefault")).doesNotContain("block");
  }

  @Test
  void own_addresses_and_the_source_of_a_route_are_those_that_ip_tells() throws ToolException {
    String unused =
        IP.run(
            """
            link set lo up
            link add name lan type veth peer name other
            address add 10.9.0.1/24 dev lan
            address add 10.9.1.1 peer 10.9.1.2 dev lan
            address add fd00::1/64 dev lan nodad
            address add 10.9.2.1/32 dev lo
            address add 10.9.3.1/32 dev lan scope link
            link set other up
            link set lan up
            """,
            "-n",
            space,
            "-batch",
            "-");
    var lan =
        Stream.of("10.9.0.1", "10.9.1.1", "fd00::1").map(IpAddress::parse).map(OwnAddress::onLan);
    var everywhere = new OwnAddress(IpAddress.parse("10.9.2.1"), NetworkType.ALL);
    assertThat(xfrm.ownAddresses())
        .containsExactlyElementsOf(Stream.concat(lan, Stream.of(everywhere)).sorted().toList());
    assertThat(xfrm.allAddresses())
        .containsAll(xfrm.ownAddresses())
        .contains(OwnAddress.onLan(IpAddress.parse("10.9.3.1")))
        .doesNotContain(new OwnAddress(IpAddress.parse("127.0.0.1"), NetworkType.ALL));
    assertThat(xfrm.towards(IpAddress.parse("10.9.1.2"))).contains(IpAddress.parse("10.9.1.1"));
    assertThat(xfrm.towards(IpAddress.parse("fd00::2"))).contains(IpAddress.parse("fd00::1"));
    assertThat(xfrm.towards(IpAddress.parse("10.200.0.1"))).isEmpty();
    assertThat(xfrm.towards(IpAddress.parse("2001:db8::1"))).isEmpty();
  }

  @Test
  void a_policy_that_is_gone_or_another_shows_in_the_mark() throws ToolException {
    xfrm.change(policies(), List.of());
    PolicyMark before = xfrm.mark();
    assertThat(xfrm.count().total()).isEqualTo(policies().size());
    assertThat(xfrm.mark()).isEqualTo(before);

    XfrmPolicy protect =
        policies().stream()
            .filter(policy -> policy.action() instanceof Action.Protect)
            .findFirst()
            .orElseThrow();
    var open =
        new XfrmPolicy(
            protect.direction(), protect.selector(), protect.priority(), Action.Allow.ALLOW);
    String unused = IP.run(open.toUpdate(), "-n", space, "-batch", "-");
    assertThat(xfrm.mark().count()).isEqualTo(before.count());
    assertThat(xfrm.mark()).isNotEqualTo(before);
    unused = IP.run(protect.toUpdate(), "-n", space, "-batch", "-");
    assertThat(xfrm.mark()).isEqualTo(before);

    xfrm.change(List.of(), policies().subList(0, 1));
    assertThat(xfrm.mark()).isNotEqualTo(before);
    unused = IP.run("", "-n", space, "xfrm", "policy", "flush");
    assertThat(xfrm.count()).isEqualTo(new PolicyCount(0, 0, 0));
  }

  @Test
  void associations_are_read_until_they_are_removed() throws ToolException {
    String made =
        "xfrm state allocspi src 10.9.0.1 dst 10.9.0.2 proto esp mode transport reqid 1073741901"
            + " min 20000 max 20000\n"
            + "xfrm state allocspi src 2001:db8::1 dst 2001:db8::2 proto ah mode tunnel"
            + " reqid 1073741902 min 20001 max 20001\n"
            + "xfrm state allocspi src 10.9.0.1 dst 10.9.0.2 proto esp mode transport reqid 7"
            + " min 20002 max 20002\n";
    String unused = IP.run(made, "-n", space, "-batch", "-");
    var ours =
        Set.of(
            new XfrmState(
                IpAddress.parse("10.9.0.1"),
                IpAddress.parse("10.9.0.2"),
                Protocol.ESP,
                20000,
                1073741901,
                false,
                false),
            new XfrmState(
                IpAddress.parse("2001:db8::1"),
                IpAddress.parse("2001:db8::2"),
                Protocol.AH,
                20001,
                1073741902,
                true,
                false));
    assertThat(Set.copyOf(xfrm.states())).isEqualTo(ours);
    xfrm.delete(ours);
    assertThat(xfrm.states()).isEmpty();
    assertThat(IP.run("", "-n", space, "xfrm", "state", "list")).contains("reqid 7");
  }

  @Test
  void the_kernel_keeps_first_packets_until_it_is_told_not_to() throws ToolException {
    String unused = IP.run("", "netns", "exec", space, "sysctl", "-qw", DROP + "=0");
    assertThat(xfrm.dropsFirstPackets()).isFalse();
    xfrm.dropFirstPackets();
    assertThat(xfrm.dropsFirstPackets()).isTrue();
    assertThat(IP.run("", "netns", "exec", space, "sysctl", "-n", DROP)).isEqualTo("1\n");
  }

  /// Whoever negotiates cannot tell it from what a packet makes the kernel ask.
  @ParameterizedTest
  @MethodSource("acquires")
  void who_negotiates_hears_what_we_ask_for(XfrmAcquire asked, List<String> said) throws Exception {
    var monitor =
        new ProcessBuilder("ip", "-n", space, "xfrm", "monitor", "acquire")
            .redirectErrorStream(true)
            .start();
    try {
      var lines = new LinkedBlockingQueue<String>();
      // A platform thread: reading a pipe holds on to the thread it runs on.
      Thread.ofPlatform().daemon().start(() -> monitor.inputReader().lines().forEach(lines::add));
      var heard = new StringBuilder();
      for (int i = 0; i < 100 && !said.stream().allMatch(heard.toString()::contains); i++) {
        xfrm.acquire(asked); // until the monitor listens
        String line = lines.poll(100, TimeUnit.MILLISECONDS);
        for (; line != null; line = lines.poll()) heard.append(line.strip()).append('\n');
      }
      assertThat(heard.toString()).contains(said);
    } finally {
      monitor.destroy();
    }
  }

  static Stream<Arguments> acquires() {
    return Stream.of(
        arguments(
            acquire("10.9.0.1/32", "10.9.0.0/24", Mode.Transport.TRANSPORT, "10.9.0.1", "10.9.0.2"),
            List.of(
                "acquire proto esp",
                "sel src 10.9.0.1/32 dst 10.9.0.2/32 proto tcp dport 80",
                "policy src 10.9.0.1/32 dst 10.9.0.0/24 proto tcp dport 80",
                "reqid 1073741901 mode transport")),
        arguments(
            acquire(
                "fd01::/64",
                "fd02::/64",
                new Mode.Tunnel(IpAddress.parse("192.0.2.1"), IpAddress.parse("192.0.2.2")),
                "192.0.2.1",
                "192.0.2.2"),
            List.of(
                "sel src fd01::/64 dst fd02::/64 proto tcp dport 80",
                "tmpl src 192.0.2.1 dst 192.0.2.2",
                "reqid 1073741901 mode tunnel")));
  }

  private static XfrmAcquire acquire(String from, String to, Mode mode, String own, String peer) {
    var selector =
        new XfrmSelector(
            IpPrefix.parse(from),
            IpPrefix.parse(to),
            6,
            Optional.empty(),
            Optional.of(PortBlock.of(80)));
    var action = new Action.Protect(Layers.ESP, 1073741901, mode, true);
    return new XfrmAcquire(
        new XfrmPolicy(Direction.OUT, selector, XfrmPolicy.FIRST, action),
        IpAddress.parse(own),
        IpAddress.parse(peer));
  }

  @Test
  void what_others_hold_is_not_seen() throws ToolException {
    String foreign = "xfrm policy add dir out src 10.0.0.0/8 dst 10.0.0.0/8 priority 600";
    String unused = IP.run(foreign, "-n", space, "-batch", "-");
    assertThat(xfrm.policies()).isEmpty();
  }
}
