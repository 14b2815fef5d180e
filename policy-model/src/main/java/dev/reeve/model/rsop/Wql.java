package dev.reeve.model.rsop;

import java.util.List;
import java.util.Optional;

/// A WQL query, as far as we evaluate them: `SELECT * | properties FROM class [WHERE condition]`.
///
/// A condition compares a property with a constant (`=`, `<>`, `!=`, `<`, `>`, `<=`, `>=`), matches
/// it (`LIKE` with `%`, `_`, `[abc]`, `[a-f]`, `[a=f]`, `[^a]`) or asks `IS [NOT] NULL`; `AND`,
/// `OR`, `NOT` and parentheses join conditions. Keywords, names and text ignore letter case.
///
/// @param className as written
/// @param properties empty for `*`
record Wql(String className, List<String> properties, Optional<Condition> where) {

  Wql {
    properties = List.copyOf(properties);
  }

  /// @throws WqlException saying what was found where
  static Wql parse(String text) {
    return new WqlParser(text).query();
  }

  sealed interface Condition {}

  record And(Condition left, Condition right) implements Condition {}

  record Or(Condition left, Condition right) implements Condition {}

  record Not(Condition condition) implements Condition {}

  record Compare(String property, Operator operator, Constant constant) implements Condition {}

  record Like(String property, String pattern) implements Condition {}

  record IsNull(String property) implements Condition {}

  /// @param text unescaped text, or the digits as written
  /// @param number whether it was written without quotes
  record Constant(String text, boolean number) {}

  enum Operator {
    EQUAL,
    NOT_EQUAL,
    LESS,
    GREATER,
    LESS_OR_EQUAL,
    GREATER_OR_EQUAL;

    /// @param order of the left side against the right, as compareTo gives it
    boolean holds(int order) {
      return switch (this) {
        case EQUAL -> order == 0;
        case NOT_EQUAL -> order != 0;
        case LESS -> order < 0;
        case GREATER -> order > 0;
        case LESS_OR_EQUAL -> order <= 0;
        case GREATER_OR_EQUAL -> order >= 0;
      };
    }

    /// The same with its sides exchanged.
    Operator flipped() {
      return switch (this) {
        case EQUAL, NOT_EQUAL -> this;
        case LESS -> GREATER;
        case GREATER -> LESS;
        case LESS_OR_EQUAL -> GREATER_OR_EQUAL;
        case GREATER_OR_EQUAL -> LESS_OR_EQUAL;
      };
    }
  }
}
