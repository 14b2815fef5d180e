package dev.reeve.agent.join;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// What tells a machine from a copy of it.
public final class MachineId {

  private MachineId() {}

  /// @param file usually `/etc/machine-id`
  /// @return empty when the system has none
  public static Optional<String> find(Path file) {
    try (var in = Files.newInputStream(file)) {
      String id = new String(in.readNBytes(100), StandardCharsets.US_ASCII).strip();
      return id.matches("[0-9a-f]{32}") ? Optional.of(id) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /// Whether an identity made on the machine `joined` is used on another one. A machine that has
  /// lost its id is not called another.
  public static boolean differs(Optional<String> joined, Optional<String> now) {
    return joined.isPresent() && now.isPresent() && !joined.equals(now);
  }
}
