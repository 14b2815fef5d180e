package dev.reeve.scenarios.verbs;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Words that stand somewhere one after another; `…` between them is anything up to the end of the
/// line.
record Passage(String words) {

  /// One a line; blank lines and lines that start with `#` are for people.
  static List<Passage> lines(String file) {
    return file.lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty() && !line.startsWith("#"))
        .map(Passage::new)
        .toList();
  }

  boolean isIn(String shown) {
    String pattern =
        Arrays.stream(words.strip().split("\\s*…\\s*"))
            .map(Passage::together)
            .collect(Collectors.joining(".*?"));
    return Pattern.compile(pattern).matcher(shown).find();
  }

  private static String together(String words) {
    return Arrays.stream(words.split("\\s+"))
        .map(Pattern::quote)
        .collect(Collectors.joining("\\s+"));
  }

  /// The first that is not there.
  static Optional<Passage> missing(List<Passage> wanted, String shown) {
    return wanted.stream().filter(passage -> !passage.isIn(shown)).findFirst();
  }
}
