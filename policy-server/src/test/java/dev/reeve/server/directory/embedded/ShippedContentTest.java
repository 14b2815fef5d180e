package dev.reeve.server.directory.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.schema.read.LdapEntry;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The schema and the sample domain that we ship.
class ShippedContentTest {
  @TempDir Path state;

  @Test
  void the_sample_domain_loads_under_our_schema_and_reads_the_same_after_a_restart()
      throws Exception {
    var config =
        EmbeddedDirectoryConfig.of(
                state, TestDirectory.BASE, () -> shipped("/schema/reeve-embedded.ldif"))
            .withInitialContent(() -> shipped("/samples/corp.ldif"));
    List<String> before;
    try (var directory = EmbeddedDirectory.open(config)) {
      before = TestDirectory.text(directory);
      assertThat(directory.readAll()).hasSizeGreaterThan(100);
      assertThat(directory.find("CN=Configuration," + TestDirectory.BASE)).isPresent();
      assertThat(directory.readAll()).anyMatch(e -> e.hasAttribute("ipsecData"));
      assertThat(directory.authenticate("admin", "admin")).isEmpty();
    }
    try (var directory = EmbeddedDirectory.open(config)) {
      assertThat(TestDirectory.text(directory)).isEqualTo(before);
    }
  }

  private static InputStream shipped(String resource) {
    var stream = LdapEntry.class.getResourceAsStream(resource);
    if (stream == null) throw new IllegalStateException(resource + " is missing");
    return stream;
  }
}
