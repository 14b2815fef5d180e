package dev.reeve.engine.negotiate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.engine.esp.Pki;
import dev.reeve.model.bundle.Revocations;
import dev.reeve.model.ipsec.HostSetting;
import dev.reeve.model.ipsec.HostSettings;
import dev.reeve.model.json.JsonValue.JsonNumber;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NeededCrlTest {

  private static HostSettings level(int level) {
    return new HostSettings(Map.of(HostSetting.STRONG_CRL_CHECK, new JsonNumber(level)));
  }

  /// By name, and until when the one at hand holds.
  private static String told(List<NeededCrl> needed) {
    return String.join(
        "; ",
        needed.stream()
            .map(crl ->
                crl.authority() + " " + crl.held().map(held -> held.until()).orElse("missing"))
            .toList());
  }

  /// The host has a certificate of Reeve's CA and one of a CA without another between.
  @ParameterizedTest(name = "level {0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0 | ''
          1 | CN=Reeve hosts issuer, OU=Hosts, O=Reeve 2021-02-01T00:00:00Z; CN=Acme device CA, O=Acme, C=DE missing
          2 | CN=Reeve hosts issuer, OU=Hosts, O=Reeve 2021-02-01T00:00:00Z; CN=Reeve root, O=Reeve missing; CN=Acme device CA, O=Acme, C=DE missing
          """)
  void the_level_says_whose_are_needed(int level, String expected) {
    var sent = new Revocations(Pki.crl("stale"), List.of(), Set.of());
    assertThat(
            told(
                NeededCrl.of(
                    level(level),
                    Optional.of(sent),
                    List.of(Pki.enrolled("a"), Pki.acme("a"), Pki.enrolled("b")))))
        .isEqualTo(expected);
  }

  @Test
  void those_of_other_authorities_are_found_beside_the_hosts_own() {
    var sent =
        new Revocations(
            Pki.crl("none"), List.of(Pki.crl("acme-none"), Pki.crl("enrolled-root")), Set.of());
    assertThat(NeededCrl.of(level(2), Optional.of(sent), List.of(Pki.enrolled("a"), Pki.acme("a"))))
        .hasSize(3)
        .allMatch(crl -> crl.held().isPresent());
  }

  @Test
  void a_host_without_a_certificate_needs_none() {
    assertThat(NeededCrl.of(level(2), Optional.empty(), List.of())).isEmpty();
  }
}
