package dev.reeve.engine.ike;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PluginsTest {

  /// What our own settings make charon load.
  private static Set<String> ours() {
    String load =
        OwnCharon.settings(Path.of("/x"), false)
            .lines()
            .filter(line -> line.strip().startsWith("load = "))
            .findFirst()
            .orElseThrow();
    return new HashSet<>(List.of(load.strip().substring("load = ".length()).split(" ")));
  }

  @Test
  void what_we_load_is_enough_and_nothing_of_it_does_harm() {
    assertThat(Plugins.whyUnfit(ours())).isEmpty();
  }

  @Test
  void what_is_missing_is_named_with_its_package() {
    Set<String> loaded = ours();
    loaded.remove("openssl");
    loaded.remove("revocation");
    assertThat(Plugins.whyUnfit(loaded))
        .hasValue(
            "charon has not loaded its plug-in openssl (Debian package"
                + " libstrongswan-standard-plugins), revocation (Debian package libstrongswan)");
  }

  @Test
  void a_charon_that_opens_holes_is_not_used() {
    Set<String> loaded = ours();
    loaded.add("bypass-lan");
    assertThat(Plugins.whyUnfit(loaded).orElseThrow())
        .contains("charon.plugins.bypass-lan.load = no");
  }
}
