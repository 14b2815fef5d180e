package dev.reeve.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What was printed once and found good. `-Dgolden.update=true` rewrites it; then read the diff.
public final class Golden {

  private static final Path ROOT = Path.of("src/test/golden");

  private Golden() {}

  public static void assertMatches(String name, List<String> lines) {
    assertMatches(name, String.join("\n", lines) + "\n");
  }

  public static void assertMatches(String name, String actual) {
    Path file = ROOT.resolve(name);
    try {
      if (Boolean.getBoolean("golden.update")) {
        Files.createDirectories(file.getParent());
        Files.writeString(file, actual);
      }
      assertThat(actual).isEqualTo(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
