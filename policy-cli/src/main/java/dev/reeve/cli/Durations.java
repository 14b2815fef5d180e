package dev.reeve.cli;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Durations as people type them: `90s`, `30m`, `8h`, `7d`.
final class Durations {

  private static final Pattern TEXT = Pattern.compile("([0-9]{1,6})([smhd])");

  private Durations() {}

  /// @throws IllegalArgumentException naming the text
  static Duration parse(String text) {
    Matcher parts = TEXT.matcher(text);
    if (!parts.matches()) {
      throw new IllegalArgumentException("'" + text + "' is no time; expected 90s, 30m, 8h or 7d");
    }
    long count = Long.parseLong(parts.group(1));
    return switch (parts.group(2)) {
      case "s" -> Duration.ofSeconds(count);
      case "m" -> Duration.ofMinutes(count);
      case "h" -> Duration.ofHours(count);
      default -> Duration.ofDays(count);
    };
  }
}
