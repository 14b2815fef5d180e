package dev.reeve.engine.esp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.engine.Await;
import dev.reeve.engine.TestPolicies;
import dev.reeve.engine.esp.Wire.Kind;
import dev.reeve.model.spd.HostPolicy;
import dev.reeve.model.status.MainModeSa;
import dev.reeve.model.status.QuickModeSa;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A host behind a NAT, judged by what tcpdump sees outside. Host s has a NAT that passes on to it
/// what arrives. Run by [EspIT] on a kernel with ESP.
class EspNatCases extends BehindNat {

  private static final HostPolicy REQUEST = TestPolicies.of("request me <> any", "respond");

  private Optional<EspNat> natOfServer = Optional.empty();
  private Optional<EspLab.Behind> behindB = Optional.empty();
  private Optional<EspLab.Behind> behindD = Optional.empty();

  private EspLab.Host s() {
    return natOfServer.orElseThrow().hosts.getFirst();
  }

  private EspLab.Behind inB() {
    return behindB.orElseThrow();
  }

  private EspLab.Behind inD() {
    return behindD.orElseThrow();
  }

  @BeforeAll
  void openServer() throws Exception {
    var published = new EspNat(lab(), "m", 72, 8, "s");
    published.publish();
    published.hosts.getFirst().identity = Pki.host("host-c");
    natOfServer = Optional.of(published);
    behindB = Optional.of(lab().behind(b(), 12));
    behindD = Optional.of(lab().new Behind(d(), 11));
    for (int net : new int[] {11, 71}) { // what comes out of a tunnel is answered through it
      String way = net == 11 ? "10.68.11.0/24" : "10.71.0.0/24";
      b().ip("route add " + way + " via " + nat().v4);
      b().ip("-6 route add " + (net == 11 ? "fd68:11::/64" : "fd71::/64") + " via " + nat().v6);
    }
    b().say("pour 8000 1000000");
    d().say("pour 8000 1000000");
    inB().say("pour 8000 1000000");
    b().say("serve 1701");
  }

  @Override
  void forget() throws Exception {
    super.forget();
    s().engine.removeAll();
    s().forgetWays();
    inB().forgetWays();
    inD().forgetWays();
    natOfServer.orElseThrow().wire.clear();
  }

  /// The first answer may come later than the probe waits.
  private void awaitAnswer(EspLab.Host from, String ends) throws Exception {
    Await.until(
        "an answer to " + ends,
        EspLab.LONG,
        () -> say(from, "within 1000 ask " + ends).equals("ok"));
  }

  private void assertInUdpOnly(Wire wire) {
    assertThat(wire.seen(Kind.CLEAR)).isEmpty();
    assertThat(wire.seen(Kind.SECURED)).isNotEmpty().allMatch(line -> line.contains("UDP-encap"));
  }

  /// Large packets, then over a way that is narrower, whose router says so in clear: nobody has an
  /// association with it. Then the NAT is started anew, and the host is behind another port.
  @ParameterizedTest(name = "a client behind a NAT, IPv{0}")
  @CsvSource({"4", "6"})
  void a_client_behind_a_nat(int family) throws Exception {
    apply(b(), STRICT);
    apply(d(), STRICT);
    b().settled().clear();
    String from = d().own(family);
    String to = b().own(family);
    awaitReach(d(), from, to);

    assertLargeFits(from + " " + to, 1500);
    assertInUdpOnly(b().settled());
    assertThat(activity(b()).mainModes()).extracting(MainModeSa::nat).containsOnly("remote");
    assertThat(activity(d()).mainModes()).extracting(MainModeSa::nat).containsOnly("local");
    assertThat(activity(b()).quickModes()).extracting(QuickModeSa::udp).containsOnly(true);
    assertThat(b().engine.observe().differences()).isEmpty();

    nat().mtu(1400);
    assertLargeFits(from + " " + to, 1400);
    assertThat(b().settled().seen(Kind.CLEAR)).allMatch(EspNatCases::isTooBig);

    List<String> before = ports(b().settled(), family);
    nat().forget();
    b().settled().clear();
    awaitAnswer(d(), from + " 0 " + to + " 9000");
    assertThat(ports(b().settled(), family)).isNotEmpty().doesNotContainAnyElementsOf(before);
    assertThat(b().settled().seen(Kind.CLEAR))
        .as("the router knows no more of the port that was")
        .allMatch(line -> line.contains("udp port"));
  }

  /// Of what does not fit the sender is told, once the way is known.
  private void assertLargeFits(String ends, int mtu) throws Exception {
    assertThat(say(d(), "drink " + ends + " 8000")).isEqualTo("1000000");
    Await.until(
        "the way to be known",
        EspLab.LONG,
        () -> say(d(), "within 400 fit " + ends + " 9000 " + (mtu - 50)).contains("too long"));
    assertThat(say(d(), "fit " + ends + " 9000 " + (mtu - 200))).isEqualTo("ok");
    Await.until(
        "what is taken apart to arrive",
        EspLab.LONG,
        () -> say(d(), "within 1000 big " + ends + " 9000 8000").equals("ok"));
  }

  private static boolean isTooBig(String line) {
    return line.contains("need to frag") || line.contains("packet too big");
  }

  /// It begins in clear, and is secured once there is an association.
  @Test
  void a_client_behind_a_nat_that_requests() throws Exception {
    apply(b(), REQUEST);
    apply(d(), REQUEST);
    awaitReach(d(), d().v4, b().v4);
    Await.until(
        "what is secured both ways",
        EspLab.LONG,
        () -> {
          b().settled().clear();
          return reaches(d(), d().v4, b().v4)
              && b().settled().seen(Kind.CLEAR).isEmpty()
              && b().settled().seen(Kind.SECURED).stream()
                  .anyMatch(line -> line.startsWith("IP " + b().v4));
        });
    assertThat(say(d(), "drink " + d().v4 + " " + b().v4 + " 8000")).isEqualTo("1000000");
    assertInUdpOnly(b().settled());
  }

  @ParameterizedTest(name = "a server whose NAT passes on to it, IPv{0}")
  @CsvSource({"4", "6"})
  void both_behind_nats(int family) throws Exception {
    EspNat server = natOfServer.orElseThrow();
    apply(s(), STRICT);
    apply(d(), STRICT);
    server.wire.clear();
    String to = family == 4 ? server.v4 : server.v6;

    awaitReach(d(), d().own(family), to);
    awaitAnswer(d(), d().own(family) + " 0 " + to + " 9000");
    assertInUdpOnly(server.wire);
    assertThat(activity(s()).mainModes()).extracting(MainModeSa::nat).containsOnly("both");
  }

  /// L2TP's filter. The scenario `large-packets` has it too.
  @ParameterizedTest(name = "UDP 1701, IPv{0}, {1}")
  @CsvSource({"4, NAT", "4, no NAT", "6, NAT", "6, no NAT"})
  @EnabledIfSystemProperty(named = "reeve.full", matches = "true")
  void udp_1701(int family, String way) throws Exception {
    EspLab.Host from = way.equals("NAT") ? d() : lab().a;
    apply(b(), TestPolicies.of("require me#1701 <> any udp"));
    apply(from, TestPolicies.of("require me <> any#1701 udp"));
    b().settled().clear();
    awaitAnswer(from, from.own(family) + " 1701 " + b().own(family) + " 1701");
    Wire wire = b().settled();
    assertThat(wire.seen(Kind.CLEAR)).isEmpty();
    assertThat(wire.seen(Kind.SECURED))
        .isNotEmpty()
        .allMatch(line -> line.contains("UDP-encap") == way.equals("NAT"));
    wire.clear();
    awaitReach(from, from.own(family), b().own(family)); // the rest
    assertThat(b().settled().count(Kind.SECURED)).isZero();
  }

  private static HostPolicy tunnel(String here, String there, String end) {
    return TestPolicies.of(
        "require %s > %s via %s".formatted(here, there, end),
        "require %s > %s via me".formatted(there, here));
  }

  @ParameterizedTest(name = "a tunnel through a NAT, {0}, IPv{1}")
  @CsvSource({
    "gateway to gateway, 4",
    "gateway to gateway, 6",
    "server to gateway, 4",
    "server to gateway, 6",
    "server to server, 4",
    "server to server, 6"
  })
  void tunnels(String kind, int family) throws Exception {
    boolean four = family == 4;
    boolean net = kind.startsWith("gateway");
    boolean toNet = kind.endsWith("gateway");
    String here = net ? (four ? "10.68.11.0/24" : "fd68:11::/64") : d().own(family);
    String there = toNet ? (four ? "10.68.12.0/24" : "fd68:12::/64") : b().own(family);
    apply(d(), tunnel(here, there, b().own(family)));
    apply(b(), tunnel(there, here, four ? nat().v4 : nat().v6));
    b().settled().clear();
    String from = net ? (four ? inD().v4 : inD().v6) : d().own(family);
    String to = toNet ? (four ? inB().v4 : inB().v6) : b().own(family);
    String ends = from + " " + to;
    nat().mtu(1400);
    Await.until("the tunnel", EspLab.LONG, () -> tell(net, "connect " + ends + " 80").equals("ok"));
    assertThat(tell(net, "drink " + ends + " 8000")).isEqualTo("1000000");
    // What does not fit teaches the gateway first, and then who sent it.
    Await.until(
        "the way to be known",
        EspLab.LONG,
        () -> tell(net, "within 400 fit " + ends + " 9000 1350").contains("too long"));
    assertThat(tell(net, "fit " + ends + " 9000 1200")).isEqualTo("ok");
    Await.until(
        "what is taken apart to arrive",
        EspLab.LONG,
        () -> tell(net, "within 1000 big " + ends + " 9000 8000").equals("ok"));
    // A connection of the tunnel before may still send again what nobody secures any more.
    List<String> ours =
        List.of(prefix(here), prefix(there), b().own(family), family == 4 ? nat().v4 : nat().v6);
    assertThat(b().settled().seen(Kind.CLEAR))
        .filteredOn(line -> ours.stream().anyMatch(end -> line.contains(" " + end)))
        .allMatch(EspNatCases::isTooBig);
    assertThat(b().settled().count(Kind.SECURED)).isPositive();
  }

  /// How the addresses of a net, or this one, begin.
  private static String prefix(String ends) {
    return ends.replaceFirst("0?/.*", "");
  }

  private String tell(boolean behind, String command) throws Exception {
    return behind ? said(command, () -> inD().say(command)) : say(d(), command);
  }
}
