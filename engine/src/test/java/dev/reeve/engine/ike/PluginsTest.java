package dev.reeve.engine.ike;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PluginsTest {

  @TempDir Path directory;

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

  /// As Debian's packages unpack them, of which administrators may leave some out.
  @ParameterizedTest(name = "without {0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          nothing        | ''
          openssl        | strongSwan is installed without its plug-in openssl (Debian package libstrongswan-standard-plugins)
          vici           | strongSwan is installed without its plug-in vici (Debian package strongswan-swanctl)
          socket-default | strongSwan is installed without its plug-in socket-default (Debian package strongswan-libcharon)
          curve25519     | ''
          """)
  void what_is_not_installed_is_named_before_a_charon_runs(String name, String said)
      throws IOException {
    for (String plugin : ours()) {
      if (!plugin.equals(name)) {
        Files.createFile(directory.resolve("libstrongswan-" + plugin + ".so"));
      }
    }
    assertThat(Plugins.notInstalled(directory).orElse("")).isEqualTo(said);
  }

  @Test
  void of_plugins_that_are_elsewhere_nothing_is_known() {
    assertThat(Plugins.notInstalled(directory.resolve("gone"))).isEmpty();
  }

  @Test
  void a_charon_that_opens_holes_is_unfit_and_the_setting_is_named() {
    Set<String> loaded = ours();
    loaded.add("bypass-lan");
    assertThat(Plugins.whyUnfit(loaded).orElseThrow())
        .contains("charon.plugins.bypass-lan.load = no");
  }
}
