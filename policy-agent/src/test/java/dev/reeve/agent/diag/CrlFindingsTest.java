package dev.reeve.agent.diag;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.agent.TestBundles;
import dev.reeve.model.json.JsonBuilder;
import dev.reeve.model.json.JsonMembers;
import dev.reeve.model.json.JsonValue.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CrlFindingsTest {

  @ParameterizedTest(name = "level {0}, {1} {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          level | bytes | until                | state   | said
          0     |       |                      | SKIPPED | strongcrlcheck is 0: no peer is checked against a CRL
          1     | 300   | 2027-02-01T00:00:00Z | OK      | strongcrlcheck is 1; the CRL of 'CN=A' holds until 2027-02-01T00:00:00Z
          1     |       |                      | NOT_OK  | strongcrlcheck is 1; this host was sent no CRL of 'CN=A': whom it revoked is let in
          1     | 300   | 2027-01-15T12:00:00Z | NOT_OK  | strongcrlcheck is 1; the CRL of 'CN=A' ended 2027-01-15T12:00:00Z: whom it revoked since is let in
          1     | 65536 | 2027-02-01T00:00:00Z | NOT_OK  | strongcrlcheck is 1; the CRL of 'CN=A' has 65536 bytes, more than charon takes: whom it revoked is let in
          2     | 65535 |                      | OK      | strongcrlcheck is 2; the CRL of 'CN=A' holds until another comes
          2     |       |                      | NOT_OK  | strongcrlcheck is 2; this host was sent no CRL of 'CN=A': its peers are refused
          2     | 300   | 2027-01-01T00:00:00Z | NOT_OK  | strongcrlcheck is 2; the CRL of 'CN=A' ended 2027-01-01T00:00:00Z: its peers are refused
          """,
      useHeadersInDisplayName = true)
  void what_the_level_needs_is_looked_at(
      int level, String bytes, String until, Finding.State state, String said) {
    var crl = JsonBuilder.object().put("authority", "CN=A");
    if (bytes != null) crl.put("bytes", Long.parseLong(bytes));
    if (until != null) crl.put("until", until);
    assertThat(crls(level, crl.build()))
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.state()).isEqualTo(state);
          assertThat(finding.detail()).isEqualTo(said);
          if (state == Finding.State.NOT_OK) assertThat(finding.advice()).contains("gpupdate");
        });
  }

  @Test
  void each_authority_is_told_of_and_a_host_without_a_certificate_has_none() {
    var one = JsonBuilder.object().put("authority", "CN=A").build();
    var other = JsonBuilder.object().put("authority", "CN=B").put("bytes", 300).build();
    assertThat(crls(2, one, other))
        .extracting(Finding::state)
        .containsExactly(Finding.State.NOT_OK, Finding.State.OK);
    assertThat(crls(2))
        .containsExactly(
            Finding.skipped("crl", "strongcrlcheck is 2, and there is no certificate here"));
  }

  /// What is said of CRLs at noon, when the agent says that.
  private static List<Finding> crls(int level, JsonObject... needed) {
    JsonObject sight =
        JsonBuilder.object()
            .put("settings", JsonBuilder.object().put("strongCrlCheck", level).build())
            .putAll("crls", List.of(needed), crl -> crl)
            .build();
    return CrlFindings.of(JsonMembers.of("$", sight), TestBundles.NOON);
  }
}
