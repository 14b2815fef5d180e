package dev.reeve.scenarios;

import java.util.Locale;

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

  private static String oneLine(String text) {
    return text.strip().replaceAll("\\s*\\R\\s*", " / ");
  }
}
