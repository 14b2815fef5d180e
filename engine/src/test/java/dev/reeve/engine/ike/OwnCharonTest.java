package dev.reeve.engine.ike;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reeve.engine.vici.FakeCharon;
import dev.reeve.engine.vici.ViciMessage;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Settings and log of a charon that is there, and of one that has gone.
class OwnCharonTest {

  @TempDir Path directory;

  private OwnCharon charon;

  @BeforeEach
  void settings() throws IOException {
    charon = new OwnCharon(directory, List.of());
    Files.writeString(directory.resolve("strongswan.conf"), OwnCharon.settings(directory, false));
    Files.writeString(directory.resolve("log"), "little");
  }

  private void logHas(int megabytes) throws IOException {
    try (var log = new RandomAccessFile(directory.resolve("log").toFile(), "rw")) {
      log.setLength((long) megabytes << 20);
    }
  }

  private String level() throws IOException {
    return Files.readString(directory.resolve("strongswan.conf"))
        .replaceAll("(?s).*\\bdefault = (\\d).*?flush_line.*", "$1");
  }

  /// Killed, it leaves its socket; whoever applies a policy then starts another one.
  @ParameterizedTest(name = "{0} MiB logged")
  @ValueSource(ints = {1, 17})
  void one_that_has_gone_keeps_nobody_from_setting_what_the_next_one_starts_with(int megabytes)
      throws Exception {
    new FakeCharon(directory.resolve("vici"), Map.of()).close();
    logHas(megabytes);
    charon.logging(true);
    assertThat(level()).isEqualTo("2");
    assertThat(Files.exists(directory.resolve("log.1"))).isEqualTo(megabytes > 16);
  }

  @Test
  void one_that_does_not_take_its_settings_keeps_the_old_ones() throws Exception {
    var version = Map.of("version", ViciMessage.of(m -> m.put("daemon", "charon-systemd")));
    try (var _ = new FakeCharon(directory.resolve("vici"), version)) {
      assertThatThrownBy(() -> charon.logging(true))
          .isInstanceOf(IkeException.class)
          .hasMessageContaining("charon does not take its settings");
    }
    assertThat(level()).isEqualTo("1");
  }
}
