package dev.reeve.engine.ike;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.engine.vici.FakeCharon;
import dev.reeve.engine.vici.ViciMessage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The agent and `reeve diag` judge a charon alike.
class CharonCheckTest {

  private static final List<String> ENOUGH =
      List.of(
          "constraints",
          "kernel-netlink",
          "nonce",
          "openssl",
          "pkcs8",
          "pubkey",
          "revocation",
          "socket-default",
          "vici",
          "x509");

  @TempDir Path directory;

  private CharonCheck.Result check() {
    return CharonCheck.of(Optional.empty(), directory.resolve("vici"));
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          with    | kdf        | ''
          with    | bypass-lan | charon-systemd 5.9.8: charon has loaded bypass-lan, which lets traffic to the own subnets pass in clear; set charon.plugins.bypass-lan.load = no
          without | pkcs8      | charon-systemd 5.9.8: charon has not loaded its plug-in pkcs8 (Debian package libstrongswan)
          without | pubkey     | charon-systemd 5.9.8: charon has not loaded its plug-in pubkey (Debian package libstrongswan)
          without | openssl    | charon-systemd 5.9.8: charon has not loaded its plug-in openssl (Debian package libstrongswan-standard-plugins)
          """)
  void a_charon_that_the_agent_does_not_use_is_unfit(String how, String plugin, String why)
      throws IOException {
    var loaded = new HashSet<>(ENOUGH);
    boolean unused = how.equals("with") ? loaded.add(plugin) : loaded.remove(plugin);
    var answers =
        Map.of(
            "version",
            ViciMessage.of(m -> m.put("daemon", "charon-systemd").put("version", "5.9.8")),
            "stats",
            ViciMessage.of(m -> m.list("plugins", List.copyOf(loaded))));
    try (var _ = new FakeCharon(directory.resolve("vici"), answers)) {
      switch (check()) {
        case CharonCheck.Fit(var detail) -> {
          assertThat(why).isEmpty();
          assertThat(detail).startsWith("charon-systemd 5.9.8 runs, with every plug-in");
        }
        case CharonCheck.Unfit(var detail, var advice) -> {
          assertThat(detail).isEqualTo(why);
          assertThat(advice).contains("end this charon");
        }
        case CharonCheck.Result other -> throw new AssertionError(other);
      }
    }
  }

  @Test
  void one_that_does_not_run_is_no_fault_one_that_cannot_is() {
    assertThat(check()).isInstanceOf(CharonCheck.NotStarted.class);
    assertThat(CharonCheck.of(Optional.of("no plug-in"), directory.resolve("vici")))
        .isEqualTo(new CharonCheck.Missing("no plug-in"));
  }

  @Test
  void one_that_has_gone_is_unfit() throws IOException {
    new FakeCharon(directory.resolve("vici"), Map.of()).close();
    assertThat(check()).isInstanceOf(CharonCheck.Unfit.class);
  }
}
