package dev.reeve.engine.esp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.engine.Await;
import dev.reeve.engine.TestPolicies;
import dev.reeve.engine.esp.Wire.Kind;
import dev.reeve.engine.vici.ViciClient;
import dev.reeve.engine.vici.ViciMessage;
import dev.reeve.model.ipsec.AuthMethod;
import dev.reeve.model.ipsec.IpsecRule;
import dev.reeve.model.ipsec.SealedSecret;
import dev.reeve.model.spd.HostPolicy;
import dev.reeve.model.status.MainModeSa;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
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

/// Rules with several ways to authenticate: a host begins with the first one that it has the means
/// for, and answers every one of them. Run by [EspIT] on a kernel with ESP.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AuthListCases {

  private Optional<EspLab> opened = Optional.empty();

  @BeforeAll
  void open() throws Exception {
    opened = Optional.of(new EspLab());
  }

  @AfterAll
  void close() {
    opened.ifPresent(EspLab::close);
  }

  @AfterEach
  void withdraw() throws Exception {
    EspLab lab = opened.orElseThrow();
    for (EspLab.Host host : List.of(lab.a, lab.b)) {
      host.engine.removeAll();
      host.charon.close();
    }
    lab.b.settled().clear();
  }

  private static AuthMethod method(String name) {
    return switch (name) {
      case "machine" -> AuthMethod.Kerberos.KERBEROS;
      case "psk" -> new AuthMethod.PreSharedKey(SealedSecret.ofBytes(new byte[] {1}));
      case "foreign" -> new AuthMethod.Certificate("CN=A CA of which we have nothing", false, true);
      default -> throw new IllegalArgumentException(name);
    };
  }

  /// Rules by keys of their own: `b`'s by 1, `c`'s by 2.
  private static HostPolicy keyed(String... peers) {
    var rules = new ArrayList<IpsecRule>();
    for (String peer : peers) {
      String[] words = peer.split(" by ");
      rules.addAll(
          TestPolicies.authenticated(
                  TestPolicies.of(
                      List.of(
                          TestPolicies.rule(
                              "{" + rules.size() + "}", "require me <> " + words[0]))),
                  new AuthMethod.PreSharedKey(
                      SealedSecret.ofBytes(new byte[] {Byte.parseByte(words[1])})))
              .active()
              .orElseThrow()
              .rules());
    }
    return TestPolicies.of(rules);
  }

  private static SealedSecret sealed(int number) {
    return SealedSecret.ofBytes(new byte[] {(byte) number});
  }

  /// Each peer by its own key, and nobody by another's, not even under another's name.
  @Test
  void two_peers_have_a_key_each_and_neither_passes_for_the_other() throws Exception {
    EspLab lab = opened.orElseThrow();
    byte[] one = "for b".getBytes(StandardCharsets.US_ASCII);
    byte[] two = "for c".getBytes(StandardCharsets.US_ASCII);
    for (EspLab.Host host : lab.hosts()) host.secrets = Map.of(sealed(1), one, sealed(2), two);
    lab.a.apply(keyed(lab.b.v4 + " by 1", lab.c.v4 + " by 2"));
    lab.b.apply(keyed(lab.a.v4 + " by 1"));
    lab.c.apply(keyed(lab.a.v4 + " by 2"));
    lab.b.settled().clear();
    assertThat(lab.a.reaches(lab.b, 80)).as(lab.a.log()).isTrue();
    assertThat(lab.a.reaches(lab.c, 80)).as(lab.a.log()).isTrue();
    assertThat(lab.b.settled().seen(Kind.CLEAR)).isEmpty();
    assertThat(lab.b.settled().count(Kind.SECURED)).isPositive();
    assertThat(lab.c.in("ip xfrm state")).contains(lab.a.v4);

    for (EspLab.Host host : lab.hosts()) host.engine.removeAll();
    lab.b.secrets = Map.of(sealed(1), two); // b has learnt c's key
    lab.a.apply(keyed(lab.b.v4 + " by 1", lab.c.v4 + " by 2"));
    lab.b.apply(keyed(lab.a.v4 + " by 1"));
    assertThat(lab.b.cannotReach(lab.a, 80)).as(lab.a.log()).isTrue();
    assertThat(lab.a.log()).contains("but MAC mismatched");

    try (ViciClient forger = ViciClient.connect(lab.b.charon.ensure())) {
      forger.change(
          "load-shared",
          ViciMessage.of(m -> m.put("id", "forged").put("type", "IKE").put("data", two)));
      forger.change(
          "load-conn", ViciMessage.of(m -> m.section("forged", c -> forged(c, lab.a, lab.c))));
      var unused =
          forger.stream(
              "initiate",
              "control-log",
              ViciMessage.of(m -> m.put("child", "x").put("timeout", "20000")));
    }
    assertThat(lab.a.log())
        .contains("..." + lab.b.v4 + "[" + lab.c.v4 + "]")
        .contains("no matching peer config found");
    assertThat(lab.a.in("ip xfrm state")).doesNotContain(lab.b.v4);
    lab.c.engine.removeAll();
    lab.c.charon.close();
    for (EspLab.Host host : lab.hosts()) host.secrets = Map.of();
  }

  /// b under c's name.
  private static void forged(ViciMessage.Builder connection, EspLab.Host to, EspLab.Host name) {
    connection
        .put("version", 2)
        .list("remote_addrs", List.of(to.v4))
        .section("local", end -> end.put("auth", "psk").put("id", name.v4))
        .section("remote", end -> end.put("auth", "psk"))
        .section(
            "children",
            all ->
                all.section("x", child -> child.put("mode", "transport").put("policies", false)));
  }

  private static HostPolicy policy(String list) {
    return TestPolicies.authenticated(
        TestPolicies.of("require me <> any"),
        Arrays.stream(list.split(" ")).map(AuthListCases::method).toArray(AuthMethod[]::new));
  }

  @ParameterizedTest(name = "{0} begins, {1} answers: {2}; then the other one begins: {3}")
  @CsvSource({
    "psk machine,     psk,             psk,     psk",
    "psk machine,     machine psk,     psk,     machine",
    "foreign psk,     psk,             psk,     psk",
    "foreign machine, machine foreign, machine, machine",
    "machine psk,     psk,             none,    psk",
    "machine,         psk,             none,    none"
  })
  void lists(String callers, String answerers, String by, String byBack) throws Exception {
    EspLab.Host a = opened.orElseThrow().a;
    EspLab.Host b = opened.orElseThrow().b;
    a.apply(policy(callers));
    b.apply(policy(answerers));
    assertAgreed(a, b, by);
    int unused = a.engine.endAssociations(Optional.empty());
    Await.until("b to know of no association", EspLab.LONG, () -> mainModes(b).isEmpty());
    assertAgreed(b, a, byBack);
  }

  /// @param by what each end proves itself with, or `none` when they come to no terms
  private void assertAgreed(EspLab.Host from, EspLab.Host to, String by) throws Exception {
    boolean works = !by.equals("none");
    Wire wire = opened.orElseThrow().b.settled();
    wire.clear();
    assertThat(works ? from.reaches(to, 80) : from.cannotReach(to, 80)).as(from.log()).isTrue();
    wire = opened.orElseThrow().b.settled();
    assertThat(wire.count(Kind.SECURED) > 0).isEqualTo(works);
    assertThat(wire.seen(Kind.CLEAR)).isEmpty();
    List<MainModeSa> agreed =
        mainModes(from).stream().filter(sa -> sa.state().equals("ESTABLISHED")).toList();
    if (!works) assertThat(agreed).isEmpty();
    else
      assertThat(agreed)
          .isNotEmpty()
          .allMatch(MainModeSa::initiator)
          .extracting(MainModeSa::authentication)
          .containsOnly(by.equals("psk") ? "pre-shared key" : "certificate");
  }

  private static List<MainModeSa> mainModes(EspLab.Host host) throws Exception {
    return host.engine.observe().activity().mainModes();
  }
}
