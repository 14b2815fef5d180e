package dev.reeve.engine.esp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.engine.Await;
import dev.reeve.engine.TestPolicies;
import dev.reeve.engine.ike.Charon;
import dev.reeve.model.spd.HostPolicy;
import dev.reeve.model.status.ApplyOutcome;
import dev.reeve.model.status.QuickModeSa;
import dev.reeve.model.status.RuleStatus;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// AH around the ESP of tunnels between a and b, judged by what tcpdump sees between them. Run by
/// [EspIT] on a kernel with ESP.
class AhTunnelCases extends InEspLab {

  private static final String BOTH = "require-both";

  private Optional<EspLab.Behind> behindA = Optional.empty();
  private Optional<EspLab.Behind> behindB = Optional.empty();

  private EspLab.Behind inA() {
    return behindA.orElseThrow();
  }

  private EspLab.Behind inB() {
    return behindB.orElseThrow();
  }

  @BeforeAll
  void behind() throws Exception {
    behindA = Optional.of(lab().behind(lab().a, 11));
    behindB = Optional.of(lab().behind(lab().b, 12));
    inB().say("pour 8000 300000");
  }

  private static HostPolicy tunnel(String action, String here, String there, String end) {
    return TestPolicies.of(
        "%s %s > %s via %s".formatted(action, here, there, end),
        "%s %s > %s via me".formatted(action, there, here));
  }

  private static String net(EspLab.Behind behind, int family) {
    return family == 4
        ? behind.v4.replaceFirst("\\d+$", "0/24")
        : behind.v6.replaceFirst("\\d+$", "/64");
  }

  private static String own(EspLab.Behind behind, int family) {
    return family == 4 ? behind.v4 : behind.v6;
  }

  private boolean look() throws Exception {
    return lab().a.engine.needsAttention() | lab().b.engine.needsAttention();
  }

  /// Both agents look meanwhile, as they do while something goes on.
  private <T> T looking(Callable<T> what) throws Exception {
    var done =
        CompletableFuture.supplyAsync(() -> {
          try {
            return what.call();
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        });
    Await.until(
        "the end of it",
        EspLab.LONG,
        () -> {
          boolean unused = look();
          return done.isDone();
        });
    return done.join();
  }

  /// AH that holds the gateways' ESP, and nothing else.
  private void assertBothOnTheWire() {
    Wire wire = lab().b.settled();
    assertThat(wire.seen(Wire.Kind.CLEAR)).isEmpty();
    assertThat(wire.seen(Wire.Kind.SECURED))
        .isNotEmpty()
        .allMatch(line -> line.matches(".*: (frag \\(0\\|\\d+\\) )?AH\\(.*\\): IP6? .*: ESP\\(.*"));
    for (String inner : List.of("10.68.11.", "10.68.12.", "fd68:11::", "fd68:12::"))
      assertThat(wire.naming(inner)).isEmpty();
  }

  private List<QuickModeSa> begun() throws Exception {
    return lab().a.engine.observe().activity().quickModes();
  }

  @ParameterizedTest(name = "gateway to gateway, IPv{0} in IPv{1}")
  @CsvSource({"4, 4", "6, 6", "6, 4", "4, 6"})
  void gateways(int inner, int outer) throws Exception {
    HostPolicy policy = tunnel(BOTH, net(inA(), inner), net(inB(), inner), lab().b.own(outer));
    ApplyOutcome applied = lab().a.apply(policy);
    lab().b.apply(tunnel(BOTH, net(inB(), inner), net(inA(), inner), lab().a.own(outer)));
    assertThat(applied.rules())
        .extracting(RuleStatus::state)
        .containsOnly(RuleStatus.State.ENFORCED);
    assertThat(lab().a.engine.observe().differences()).isEmpty();
    assertThat(lab().a.apply(policy)).isInstanceOf(ApplyOutcome.Unchanged.class);
    lab().b.settled().clear();

    String hostA = own(inA(), inner);
    String hostB = own(inB(), inner);
    assertThat(looking(() -> inA().reaches(hostA, hostB, 80))).as(lab().a.log()).isTrue();
    assertThat(looking(() -> inB().reaches(hostB, hostA, 80))).isTrue();
    assertBothOnTheWire();
    assertThat(begun()).extracting(QuickModeSa::protocol).contains("ESP", "AH");
  }

  @ParameterizedTest(name = "a server to a gateway, IPv{0}")
  @CsvSource({"4", "6"})
  void server_to_gateway(int family) throws Exception {
    String hostA = lab().a.own(family);
    String hostB = own(inB(), family);
    lab().a.apply(tunnel(BOTH, "me", net(inB(), family), lab().b.own(family)));
    lab().b.apply(tunnel(BOTH, net(inB(), family), hostA, hostA));
    lab().b.settled().clear();

    assertThat(looking(() -> lab().a.reaches(hostA, hostB, 80))).as(lab().a.log()).isTrue();
    assertThat(looking(() -> inB().reaches(hostB, hostA, 80))).isTrue();
    assertBothOnTheWire();
  }

  /// The addresses of the packets within are those of the ESP and those of the AH.
  @ParameterizedTest(name = "a server to a server, IPv{0}")
  @CsvSource({"4", "6"})
  void server_to_server(int family) throws Exception {
    String hostA = lab().a.own(family);
    String hostB = lab().b.own(family);
    lab().a.apply(TestPolicies.of("require-both me <> %s via %s".formatted(hostB, hostB)));
    lab().b.apply(TestPolicies.of("require-both me <> %s via %s".formatted(hostA, hostA)));
    lab().b.settled().clear();

    assertThat(looking(() -> lab().a.reaches(hostA, hostB, 80))).as(lab().a.log()).isTrue();
    assertThat(looking(() -> lab().b.reaches(hostB, hostA, 80))).isTrue();
    assertBothOnTheWire();
  }

  @ParameterizedTest(name = "large packets, IPv{0}")
  @CsvSource({"4", "6"})
  void large_packets(int family) throws Exception {
    String hostA = own(inA(), family);
    String hostB = own(inB(), family);
    lab().a.apply(tunnel(BOTH, net(inA(), family), net(inB(), family), lab().b.own(family)));
    lab().b.apply(tunnel(BOTH, net(inB(), family), net(inA(), family), lab().a.own(family)));
    assertThat(looking(() -> inA().reaches(hostA, hostB, 80))).as(lab().a.log()).isTrue();
    lab().b.settled().clear();

    String drink = "drink " + hostA + " " + hostB + " 8000";
    assertThat(looking(() -> inA().say(drink))).isEqualTo("300000");
    String big = "big " + hostA + " " + hostB + " 9000 4000"; // the first one may teach the way
    assertThat(inA().say("within 400 " + big) + inA().say(big)).as("taken apart").endsWith("ok");
    String fit = "fit " + hostA + " " + hostB + " 9000 ";
    assertThat(inA().say("within 400 " + fit + "1440")).as("does not fit").startsWith("no");
    assertThat(inA().say(fit + "1440")).contains("too long");
    assertThat(inA().say(fit + "1200")).isEqualTo("ok");
    assertBothOnTheWire();
  }

  /// Neither half lets anything through, and none of them stays.
  @ParameterizedTest(name = "a peer with {0}")
  @CsvSource({"ESP, require", "AH, require-ah"})
  void a_peer_with_half_of_it_is_no_peer(String what, String its) throws Exception {
    lab().a.apply(tunnel(BOTH, net(inA(), 4), net(inB(), 4), lab().b.v4));
    lab().b.apply(tunnel(its, net(inB(), 4), net(inA(), 4), lab().a.v4));
    lab().b.settled().clear();
    long before = Long.parseLong(inA().say("count 9000"));

    assertThat(looking(() -> inA().cannotReach(inA().v4, inB().v4, 80))).as(what).isTrue();
    String ask = "ask " + inB().v4 + " 0 " + inA().v4 + " 9000";
    assertThat(looking(() -> inB().cannot(ask))).as("from the other side").isTrue();
    assertThat(inA().say("count 9000")).as("it never arrives").isEqualTo("" + before);
    assertThat(lab().b.settled().naming("10.68.11.")).isEmpty();
    Await.until(
        "the half to end",
        EspLab.LONG,
        () -> {
          boolean unused = look();
          return begun().isEmpty();
        });
    assertThat(lab().a.engine.failures()).as(lab().a.log()).isNotEmpty();
  }

  /// Without its AH not a packet goes on until one comes again, and it comes again more than once.
  @Test
  void without_its_ah_a_tunnel_carries_nothing() throws Exception {
    lab().a.apply(tunnel(BOTH, net(inA(), 4), net(inB(), 4), lab().b.v4));
    lab().b.apply(tunnel(BOTH, net(inB(), 4), net(inA(), 4), lab().a.v4));
    assertThat(looking(() -> inA().reaches(inA().v4, inB().v4, 80))).as(lab().a.log()).isTrue();
    for (int i = 0; i < 2; i++) {
      endAh(lab().a);
      lab().b.settled().clear();
      String ask = "ask " + inA().v4 + " 0 " + inB().v4 + " 9000";
      assertThat(inA().cannot(ask)).as("no agent looks").isTrue();
      assertThat(lab().b.settled().seen(Wire.Kind.SECURED)).isEmpty();
      Await.until(
          "another AH",
          EspLab.LONG,
          () -> {
            boolean unused = look();
            return hasAh();
          });
    }
    assertThat(looking(() -> inA().reaches(inA().v4, inB().v4, 80))).as(lab().a.log()).isTrue();
    assertBothOnTheWire();
  }

  private boolean hasAh() throws Exception {
    return begun().stream().anyMatch(sa -> sa.protocol().equals("AH"));
  }

  private void endAh(EspLab.Host host) throws Exception {
    QuickModeSa ah =
        begun().stream().filter(sa -> sa.protocol().equals("AH")).findFirst().orElseThrow();
    try (var charon = Charon.connect(host.charon.ensure())) {
      charon.endChild(ah.id());
    }
    Await.until("its end", EspLab.LONG, () -> !hasAh());
  }

  /// What one host sends in ESP alone the other one does not take, whatever it decrypts to.
  @Test
  void esp_that_comes_without_ah_is_not_taken() throws Exception {
    lab().a.apply(tunnel(BOTH, net(inA(), 4), net(inB(), 4), lab().b.v4));
    lab().b.apply(tunnel(BOTH, net(inB(), 4), net(inA(), 4), lab().a.v4));
    assertThat(looking(() -> inA().reaches(inA().v4, inB().v4, 80))).as(lab().a.log()).isTrue();
    lab().b.settled().clear();
    long before = Long.parseLong(inB().say("count 9000"));
    escape();

    String ask = "ask " + inA().v4 + " 0 " + inB().v4 + " 9000";
    assertThat(inA().cannot(ask)).isTrue();
    assertThat(lab().b.settled().seen(Wire.Kind.SECURED))
        .as("it is sent")
        .isNotEmpty()
        .noneMatch(line -> line.contains("AH("));
    assertThat(inB().say("count 9000")).as("and never arrives").isEqualTo("" + before);
  }

  /// Host a without a gate, and with the first layer of its policy alone.
  private void escape() {
    lab().a.in("nft delete table inet reeve");
    String policy =
        lab()
            .a
            .in("ip xfrm policy list dir out")
            .lines()
            .reduce("", (all, line) -> all + " " + line.strip());
    String reqid = policy.replaceFirst(".* proto esp .*?reqid (\\d+) .*", "$1");
    String ends = "src " + inA().v4.replaceFirst("\\d+$", "0/24") + " dst " + net(inB(), 4);
    lab().a.ip("xfrm policy delete dir out " + ends);
    lab()
        .a
        .ip(
            "xfrm policy add dir out %s tmpl src %s dst %s proto esp reqid %s mode tunnel"
                .formatted(ends, lab().a.v4, lab().b.v4, reqid));
  }
}
