package dev.reeve.engine.esp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.reeve.engine.TestPolicies;
import dev.reeve.engine.esp.Pluto.Auth;
import dev.reeve.engine.esp.Pluto.Mode;
import dev.reeve.engine.esp.Wire.Kind;
import dev.reeve.model.ipsec.AuthMethod;
import dev.reeve.model.ipsec.SealedSecret;
import dev.reeve.model.spd.HostPolicy;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

  private HostPolicy policy(Auth auth, Mode mode) {
    HostPolicy policy =
        switch (mode) {
          case TRANSPORT -> TestPolicies.of("require me <> 10.68.0.2");
          case TUNNEL -> TestPolicies.of("require me <> 10.68.0.2 via 10.68.0.2");
        };
    return switch (auth) {
      case CERTIFICATE -> policy;
      case SHARED_KEY ->
          TestPolicies.authenticated(
              policy, new AuthMethod.PreSharedKey(SealedSecret.ofBytes(new byte[] {1})));
    };
  }

  @Test
  void a_libreswan_peer_talks_to_us_secured() throws Exception {
    talks(Auth.CERTIFICATE, Mode.TRANSPORT, true);
  }

  @EnabledIfSystemProperty(named = "reeve.full", matches = "true")
  @ParameterizedTest(name = "libreswan, {0}, {1}, {2} first")
  @CsvSource({
    "CERTIFICATE, TRANSPORT, libreswan",
    "CERTIFICATE, TUNNEL, Reeve",
    "CERTIFICATE, TUNNEL, libreswan",
    "SHARED_KEY, TRANSPORT, Reeve",
    "SHARED_KEY, TRANSPORT, libreswan",
    "SHARED_KEY, TUNNEL, Reeve",
    "SHARED_KEY, TUNNEL, libreswan"
  })
  void combinations(Auth auth, Mode mode, String first) throws Exception {
    talks(auth, mode, first.equals("Reeve"));
  }

  /// Both ways over one association, TCP and UDP, and nothing beside it.
  private void talks(Auth auth, Mode mode, boolean weBegin) throws Exception {
    try (var pluto = new Pluto(b(), a(), auth, mode)) {
      a().apply(policy(auth, mode));
      b().settled().clear();
      EspLab.Host first = weBegin ? a() : b();
      EspLab.Host second = weBegin ? b() : a();

      assertThat(first.reaches(second, 80)).as(() -> a().log() + pluto.log()).isTrue();
      assertThat(second.reaches(first, 80)).as(() -> a().log() + pluto.log()).isTrue();
      assertThat(first.say("ask " + first.v4 + " 0 " + second.v4 + " 9000")).isEqualTo("ok");
      Wire wire = b().settled();
      assertThat(wire.seen(Kind.CLEAR)).isEmpty();
      assertThat(wire.count(Kind.SECURED)).isPositive();
      assertThat(a().in("ip xfrm state"))
          .contains("mode " + mode.name().toLowerCase(java.util.Locale.ROOT));
    }
  }
}
