package dev.reeve.engine.esp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.engine.TestPolicies;
import dev.reeve.engine.esp.Wire.Kind;
import dev.reeve.model.ipsec.AuthMethod;
import dev.reeve.model.ipsec.SealedSecret;
import dev.reeve.model.spd.HostPolicy;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
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

  private static HostPolicy policy(String list) {
    return TestPolicies.authenticated(
        TestPolicies.of("require me <> any"),
        Arrays.stream(list.split(" ")).map(AuthListCases::method).toArray(AuthMethod[]::new));
  }

  @ParameterizedTest(name = "{0} begins, {1} answers: {2}; then the other one begins: {3}")
  @CsvSource({
    "psk machine,     psk,             true,  true",
    "psk machine,     machine psk,     true,  true",
    "foreign psk,     psk,             true,  true",
    "foreign machine, machine foreign, true,  true",
    "machine psk,     psk,             false, true",
    "machine,         psk,             false, false"
  })
  void lists(String callers, String answerers, boolean works, boolean worksBack) throws Exception {
    EspLab.Host a = opened.orElseThrow().a;
    EspLab.Host b = opened.orElseThrow().b;
    a.apply(policy(callers));
    b.apply(policy(answerers));
    b.settled().clear();

    assertThat(a.reaches(b, 80)).isEqualTo(works);
    assertThat(b.settled().count(Kind.SECURED) > 0).isEqualTo(works);
    assertThat(b.reaches(a, 80)).isEqualTo(worksBack);
    assertThat(b.settled().count(Kind.SECURED) > 0).isEqualTo(worksBack);
    assertThat(b.settled().seen(Kind.CLEAR)).isEmpty();
  }
}
