package dev.reeve.cli.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.cli.Golden;
import dev.reeve.model.gp.PolicyEntry;
import dev.reeve.model.ipsec.IpsecPolicy;
import dev.reeve.model.ipsec.SealedSecret;
import dev.reeve.schema.read.LdifFile;
import dev.reeve.schema.read.SnapshotBuilder;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyTextTest {

  @Test
  void a_modern_policy_reads_as_recorded() {
    Golden.assertMatches("policy/modern.txt", PolicyText.lines(TestPolicies.modern()));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "Client (Respond Only), client.txt",
    "Server (Request Security), server.txt",
    "Secure Server (Require Security), secure-server.txt"
  })
  void the_default_policies_of_microsoft_read_as_recorded(String name, String golden)
      throws IOException {
    Golden.assertMatches("policy/" + golden, PolicyText.lines(sample(name)));
  }

  @Test
  void every_line_fits_a_terminal() {
    assertThat(PolicyText.lines(TestPolicies.modern()))
        .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(80));
  }

  @Test
  void a_key_is_never_printed() {
    assertThat(String.join("\n", PolicyText.lines(TestPolicies.modern())))
        .contains("pre-shared key (sealed; not shown)")
        .doesNotContain("AQID"); // its sealed bytes
  }

  private static IpsecPolicy sample(String name) throws IOException {
    byte[] corp;
    try (var in = PolicyTextTest.class.getResourceAsStream("/samples/corp.ldif")) {
      corp = java.util.Objects.requireNonNull(in).readAllBytes();
    }
    var snapshot =
        SnapshotBuilder.build(LdifFile.parse(corp), _ -> SealedSecret.ofBytes(new byte[] {0}));
    List<IpsecPolicy> found =
        snapshot.policies().values().stream()
            .filter(PolicyEntry.Readable.class::isInstance)
            .map(entry -> ((PolicyEntry.Readable) entry).policy())
            .filter(policy -> policy.name().equals(name))
            .toList();
    assertThat(found).hasSize(1);
    return found.getFirst();
  }
}
