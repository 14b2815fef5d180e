package dev.reeve.model.rsop;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// A LIKE pattern: `%` any text, `_` one character, `[abc]` one of these, `[a-f]` or `[a=f]` one
/// between, `[^…]` none of them. Letter case is ignored. Matching takes length × length at most,
/// whatever the pattern.
final class WqlPattern {

  private sealed interface Part {
    enum AnyText implements Part {
      ANY_TEXT
    }

    enum AnyOne implements Part {
      ANY_ONE
    }

    record One(char c) implements Part {}

    /// @param ranges pairs of first and last
    record Set(boolean negated, String ranges) implements Part {}
  }

  private final List<Part> parts = new ArrayList<>();

  /// @throws WqlException when a bracket does not close
  WqlPattern(String pattern) {
    String text = fold(pattern);
    for (int at = 0; at < text.length(); at++) {
      char c = text.charAt(at);
      switch (c) {
        case '%' -> parts.add(Part.AnyText.ANY_TEXT);
        case '_' -> parts.add(Part.AnyOne.ANY_ONE);
        case '[' -> {
          int close = text.indexOf(']', at + 1);
          if (close <= at + 1)
            throw new WqlException("LIKE pattern '" + pattern + "' has an open or empty bracket");
          parts.add(set(text.substring(at + 1, close)));
          at = close;
        }
        default -> parts.add(new Part.One(c));
      }
    }
  }

  private static Part set(String inside) {
    boolean negated = inside.length() > 1 && inside.charAt(0) == '^';
    var ranges = new StringBuilder();
    for (int at = negated ? 1 : 0; at < inside.length(); at++) {
      boolean range =
          at + 2 < inside.length()
              && (inside.charAt(at + 1) == '-' || inside.charAt(at + 1) == '=');
      ranges.append(inside.charAt(at)).append(inside.charAt(range ? at + 2 : at));
      if (range) at += 2;
    }
    return new Part.Set(negated, ranges.toString());
  }

  boolean matches(String value) {
    String text = fold(value);
    boolean[] reached = new boolean[text.length() + 1]; // which prefixes the parts so far match
    reached[0] = true;
    for (Part part : parts) {
      boolean[] after = new boolean[text.length() + 1];
      for (int i = 0; i <= text.length(); i++) {
        after[i] =
            part == Part.AnyText.ANY_TEXT
                ? reached[i] || i > 0 && after[i - 1]
                : i > 0 && reached[i - 1] && one(part, text.charAt(i - 1));
      }
      reached = after;
    }
    return reached[text.length()];
  }

  private static boolean one(Part part, char c) {
    return switch (part) {
      case Part.AnyText _, Part.AnyOne _ -> true;
      case Part.One(var wanted) -> wanted == c;
      case Part.Set(var negated, var ranges) -> {
        boolean inside = false;
        for (int i = 0; i < ranges.length(); i += 2)
          inside |= ranges.charAt(i) <= c && c <= ranges.charAt(i + 1);
        yield inside != negated;
      }
    };
  }

  private static String fold(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
