package dev.reeve.model.spd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.model.ipsec.HostSettings;
import dev.reeve.model.ipsec.IpsecJson;
import dev.reeve.model.json.JsonText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// One case per folder: `policy.json`, and `settings.json` where they matter.
/// `-Dgolden.update=true` rewrites `expected.spd`; then read the difference.
class SpdGoldenTest {

  private static final Path CASES = Path.of("src/test/golden/spd");

  static List<Path> cases() throws IOException {
    try (var folders = Files.list(CASES)) {
      return folders.sorted().toList();
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void a_policy_compiles_to_the_recorded_spd(Path folder) throws IOException {
    var policy = IpsecJson.readPolicy(Files.readAllBytes(folder.resolve("policy.json")));
    Path settings = folder.resolve("settings.json");
    var host =
        new HostPolicy(
            Optional.empty(),
            Optional.of(policy),
            Optional.empty(),
            Files.exists(settings)
                ? HostSettings.read(JsonText.parseObject(Files.readAllBytes(settings)))
                : HostSettings.DEFAULTS);

    String spd = SymbolicSpd.of(host).resolve(RandomPolicy.VIEW).toText();

    Path expected = folder.resolve("expected.spd");
    if (Boolean.getBoolean("golden.update")) Files.writeString(expected, spd);
    assertThat(spd).isEqualTo(Files.readString(expected));
  }
}
