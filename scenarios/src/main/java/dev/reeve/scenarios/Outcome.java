package dev.reeve.scenarios;

import java.util.Locale;
import java.util.Optional;

/// What came of one scenario. Its text is one line that scripts read.
sealed interface Outcome {

  record Ok(double seconds) implements Outcome {}

  /// @param reason on one line
  record NotOk(String reason) implements Outcome {}

  record Skipped(String reason) implements Outcome {}

  default String toLine(String name) {
    return switch (this) {
      case Ok(var seconds) -> String.format(Locale.ROOT, "ok %s  %.1f", name, seconds);
      case NotOk(var reason) -> "not ok " + name + "  " + oneLine(reason);
      case Skipped(var reason) -> "skip " + name + "  " + oneLine(reason);
    };
  }

  /// The other way round; empty when the line tells of something else.
  static Optional<Outcome> parse(String name, String line) {
    if (line.startsWith("ok " + name + "  ")) {
      return Optional.of(new Ok(Double.parseDouble(line.substring(name.length() + 5))));
    }
    if (line.startsWith("not ok " + name + "  ")) {
      return Optional.of(new NotOk(line.substring(name.length() + 9)));
    }
    if (line.startsWith("skip " + name + "  ")) {
      return Optional.of(new Skipped(line.substring(name.length() + 7)));
    }
    return Optional.empty();
  }

  private static String oneLine(String text) {
    return text.strip().replaceAll("\\s*\\R\\s*", " / ");
  }
}
