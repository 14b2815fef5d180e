package dev.reeve.engine.nft;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.engine.TestPolicies;
import dev.reeve.model.net.IpAddress;
import dev.reeve.model.spd.HostView;
import dev.reeve.model.spd.SymbolicSpd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// One case per folder: `policy.rules` in the words of [TestPolicies], and `private` where own
/// addresses are not "me". `-Dgolden.update=true` rewrites `expected.nft`; then read the
/// difference.
class GateGoldenTest {

  private static final Path CASES = Path.of("src/test/golden/nft");

  static List<Path> cases() throws IOException {
    try (var folders = Files.list(CASES)) {
      return folders.sorted().toList();
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void an_spd_renders_as_the_recorded_table(Path folder) throws IOException {
    String[] rules = Files.readAllLines(folder.resolve("policy.rules")).toArray(String[]::new);
    Path own = folder.resolve("private");
    HostView view = view(Files.exists(own) ? Files.readAllLines(own) : List.of());

    var spd = SymbolicSpd.of(TestPolicies.of(rules)).resolve(view);
    String text = Gate.render(spd, view).table().orElseThrow().toText();

    Path expected = folder.resolve("expected.nft");
    if (Boolean.getBoolean("golden.update")) Files.writeString(expected, text);
    assertThat(text).isEqualTo(Files.readString(expected));
  }

  private static HostView view(List<String> own) {
    return new HostView(
        List.of(IpAddress.parse("10.0.0.53")),
        List.of(),
        List.of(),
        List.of(),
        Map.of("web", List.of(IpAddress.parse("10.0.0.2"), IpAddress.parse("2001:db8::2"))),
        List.of(new HostView.Endpoint(IpAddress.parse("2001:db8::3"), 8443)),
        List.of(),
        own.stream().map(IpAddress::parse).toList());
  }
}
