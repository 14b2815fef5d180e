package dev.reeve.engine.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.engine.TestPolicies;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// One case per folder: `policy.rules` in the words of [TestPolicies]. `-Dgolden.update=true`
/// rewrites `expected.plan`; then read the difference.
class WantedGoldenTest {

  private static final Path CASES = Path.of("src/test/golden/plan");

  static List<Path> cases() throws IOException {
    try (var folders = Files.list(CASES)) {
      return folders.sorted().toList();
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void a_policy_compiles_to_the_recorded_plan(Path folder) throws IOException {
    String[] rules = Files.readAllLines(folder.resolve("policy.rules")).toArray(String[]::new);

    String text = EnginePlanTest.wanted(TestPolicies.of(rules)).toText();

    Path expected = folder.resolve("expected.plan");
    if (Boolean.getBoolean("golden.update")) Files.writeString(expected, text);
    assertThat(text).isEqualTo(Files.readString(expected));
  }
}
