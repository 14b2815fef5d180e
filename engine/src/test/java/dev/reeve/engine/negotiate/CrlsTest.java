package dev.reeve.engine.negotiate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.engine.esp.Pki;
import dev.reeve.engine.ike.IkeCrl;
import dev.reeve.model.bundle.Revocations;
import dev.reeve.model.ipsec.HostSetting;
import dev.reeve.model.ipsec.HostSettings;
import dev.reeve.model.json.JsonValue.JsonNumber;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CrlsTest {

  private static final Instant NOW = Instant.parse("2026-12-24T00:00:00Z");

  private static Crls crls(int level, byte[] hosts, byte[]... others) {
    var settings = new HostSettings(Map.of(HostSetting.STRONG_CRL_CHECK, new JsonNumber(level)));
    return Crls.of(settings, Optional.of(new Revocations(hosts, List.of(others), Set.of())));
  }

  private static String note(Crls crls) {
    return crls.note(Pki.enrolled("a"), crl -> crl.hasEnded(NOW)).orElse("");
  }

  @ParameterizedTest(name = "level {0}, {1} {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0 | stale |               | ''
          1 | none  |               | ''
          1 | stale |               | ''
          2 | none  | enrolled-root | ''
          2 | none  |               | every peer is refused: the policy server has sent no CRL of 'CN=Reeve root, O=Reeve'
          2 | stale | enrolled-root | every peer is refused: the CRL of 'CN=Reeve hosts issuer, OU=Hosts, O=Reeve' ended 2021-02-01T00:00:00Z, and no newer one has come from the policy server
          """)
  void what_is_missing_is_told(int level, String hosts, String root, String told) {
    byte[][] others = Stream.ofNullable(root).map(Pki::crl).toArray(byte[][]::new);
    assertThat(note(crls(level, Pki.crl(hosts), others))).isEqualTo(told);
  }

  @Test
  void without_any_the_level_decides_what_becomes_of_peers() {
    var settings = HostSettings.DEFAULTS;
    assertThat(note(Crls.of(settings, Optional.empty()))).isEmpty();
    assertThat(note(new Crls(1, List.of()))).startsWith("new associations are not checked");
    assertThat(note(new Crls(2, List.of()))).startsWith("every peer is refused");
  }

  @Test
  void one_that_charon_does_not_take_is_left_out() {
    Crls crls = crls(2, new byte[IkeCrl.MOST_BYTES + 1], Pki.crl("enrolled-root"));
    assertThat(crls.known()).hasSize(2);
    assertThat(crls.usable()).containsExactly(new IkeCrl(Pki.crl("enrolled-root")));
  }
}
