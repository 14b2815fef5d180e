package dev.reeve.cli.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/// A charon for one host alone that loads a plug-in beside those that its settings name, as one
/// would that somebody else has started, or built.
final class MorePlugins {

  static final String CHARON = "/usr/sbin/charon-systemd";

  private static final String SCRIPT =
      """
      #!/bin/sh
      sed -i '/ load = /s/$/ %2$s/' "$STRONGSWAN_CONF"
      exec %1$s "$@"
      """;

  private MorePlugins() {}

  /// @param directory of the host's own
  /// @return what to put in charon's place
  static Path script(Path directory, String plugin) throws LabException {
    Path real = directory.resolve("real").resolve(Path.of(CHARON).getFileName());
    Path script = directory.resolve("charon.more");
    try {
      Files.createDirectories(real.getParent());
      if (!Files.exists(real)) Files.copy(Path.of(CHARON), real);
      Files.writeString(script, SCRIPT.formatted(real, plugin));
      for (Path file : List.of(real, script)) {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
      }
      return script;
    } catch (IOException e) {
      throw new LabException("cannot write " + script, e);
    }
  }
}
