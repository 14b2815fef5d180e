package dev.reeve.engine.esp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.reeve.engine.TestPolicies;
import dev.reeve.engine.esp.Pluto.Auth;
import dev.reeve.engine.esp.Pluto.Mode;
import dev.reeve.engine.esp.Wire.Kind;
import dev.reeve.model.ipsec.AuthMethod;
import dev.reeve.model.ipsec.SealedSecret;
import dev.reeve.model.spd.HostPolicy;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// A host with our engine, a, and one with libreswan, b, judged by what tcpdump sees between them.
/// Run by [EspIT] on a kernel with ESP.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EspLibreswanCases {

  private Optional<EspLab> opened = Optional.empty();

  private EspLab.Host a() {
    return opened.orElseThrow().a;
  }

  private EspLab.Host b() {
    return opened.orElseThrow().b;
  }

  @BeforeAll
  void open() throws Exception {
    assumeTrue(Pluto.isThere(), "no libreswan; run build/libreswan get");
    opened = Optional.of(new EspLab());
  }

  @AfterAll
  void close() {
    opened.ifPresent(EspLab::close);
  }

  @AfterEach
  void withdraw() throws Exception {
    a().engine.removeAll();
    for (EspLab.Host host : List.of(a(), b())) host.settled().clear();
  }

  private HostPolicy policy(Auth auth, Mode mode, String peer) {
    HostPolicy policy =
        switch (mode) {
          case TRANSPORT -> TestPolicies.of("require me <> " + peer);
          case TUNNEL -> TestPolicies.of("require me <> %s via %1$s".formatted(peer));
        };
    return switch (auth) {
      case CERTIFICATE -> policy;
      case SHARED_KEY ->
          TestPolicies.authenticated(
              policy, new AuthMethod.PreSharedKey(SealedSecret.ofBytes(new byte[] {1})));
    };
  }

  static Stream<Arguments> peers() {
    return Stream.of(Auth.values())
        .flatMap(auth -> Stream.of(Mode.values()).flatMap(mode -> peers(auth, mode)));
  }

  private static Stream<Arguments> peers(Auth auth, Mode mode) {
    return Stream.of(4, 6)
        .flatMap(family ->
            Stream.of("Reeve", "libreswan").map(first -> arguments(auth, mode, family, first)));
  }

  /// Both ways over one association, TCP and UDP, and nothing beside it.
  @ParameterizedTest(name = "libreswan, {0}, {1}, IPv{2}, {3} first")
  @MethodSource("peers")
  void a_libreswan_peer_talks_to_us_secured(Auth auth, Mode mode, int family, String first)
      throws Exception {
    boolean weBegin = first.equals("Reeve");
    try (var pluto = new Pluto(b(), a(), family, auth, mode)) {
      a().apply(policy(auth, mode, b().own(family)));
      b().settled().clear();
      EspLab.Host caller = weBegin ? a() : b();
      EspLab.Host called = weBegin ? b() : a();

      assertThat(caller.reaches(called, family, 80)).as(() -> a().log() + pluto.log()).isTrue();
      assertThat(called.reaches(caller, family, 80)).as(() -> a().log() + pluto.log()).isTrue();
      String ends = caller.own(family) + " 0 " + called.own(family);
      assertThat(caller.say("ask " + ends + " 9000")).isEqualTo("ok");
      Wire wire = b().settled();
      assertThat(wire.seen(Kind.CLEAR)).isEmpty();
      assertThat(wire.count(Kind.SECURED)).isPositive();
      assertThat(a().in("ip xfrm state"))
          .contains("mode " + mode.name().toLowerCase(java.util.Locale.ROOT));
    }
  }
}
