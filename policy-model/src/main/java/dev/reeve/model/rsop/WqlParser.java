package dev.reeve.model.rsop;

import dev.reeve.model.rsop.Wql.Condition;
import dev.reeve.model.rsop.Wql.Constant;
import dev.reeve.model.rsop.Wql.Operator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Recursive descent over one query; [Wql] says what it takes. Length and depth are bounded, for
/// the text is somebody else's.
final class WqlParser {

  private static final int MAX_LENGTH = 10_000;
  private static final int MAX_DEPTH = 50;
  private static final Set<String> KEYWORDS =
      Set.of("SELECT", "FROM", "WHERE", "AND", "OR", "NOT", "LIKE", "IS", "NULL", "TRUE", "FALSE");

  private enum Kind {
    WORD,
    NUMBER,
    TEXT,
    SIGN,
    END
  }

  /// @param text a word or sign as written, a text unescaped
  private record Token(Kind kind, String text, int at) {}

  private final List<Token> tokens;
  private int next;
  private int depth;

  WqlParser(String query) {
    if (query.length() > MAX_LENGTH)
      throw new WqlException("a query of " + query.length() + " characters");
    tokens = tokens(query);
  }

  Wql query() {
    expectKeyword("SELECT");
    var properties = new ArrayList<String>();
    if (!takeSign("*")) {
      do properties.add(name());
      while (takeSign(","));
    }
    expectKeyword("FROM");
    String className = name();
    Optional<Condition> where = takeKeyword("WHERE") ? Optional.of(or()) : Optional.empty();
    if (peek().kind != Kind.END) throw unexpected("the end");
    return new Wql(className, properties, where);
  }

  private Condition or() {
    Condition left = and();
    while (takeKeyword("OR")) left = new Wql.Or(left, and());
    return left;
  }

  private Condition and() {
    Condition left = not();
    while (takeKeyword("AND")) left = new Wql.And(left, not());
    return left;
  }

  private Condition not() {
    if (++depth > MAX_DEPTH) throw new WqlException("conditions nested deeper than " + MAX_DEPTH);
    Condition condition = takeKeyword("NOT") ? new Wql.Not(not()) : primary();
    depth--;
    return condition;
  }

  private Condition primary() {
    if (takeSign("(")) {
      Condition inner = or();
      if (!takeSign(")")) throw unexpected("')'");
      return inner;
    }
    if (isConstant(peek())) {
      Constant constant = constant();
      Operator operator = operator();
      return new Wql.Compare(name(), operator.flipped(), constant);
    }
    String property = name();
    if (takeKeyword("IS")) {
      boolean not = takeKeyword("NOT");
      expectKeyword("NULL");
      return not ? new Wql.Not(new Wql.IsNull(property)) : new Wql.IsNull(property);
    }
    if (takeKeyword("LIKE")) {
      if (peek().kind != Kind.TEXT) throw unexpected("a pattern in quotes");
      return new Wql.Like(property, take().text);
    }
    Operator operator = operator();
    if (takeKeyword("NULL")) {
      return switch (operator) {
        case EQUAL -> new Wql.IsNull(property);
        case NOT_EQUAL -> new Wql.Not(new Wql.IsNull(property));
        default -> throw new WqlException("NULL is neither more nor less than anything");
      };
    }
    return new Wql.Compare(property, operator, constant());
  }

  private Operator operator() {
    Token token = peek();
    Operator operator =
        switch (token.kind == Kind.SIGN ? token.text : "") {
          case "=" -> Operator.EQUAL;
          case "<>", "!=" -> Operator.NOT_EQUAL;
          case "<" -> Operator.LESS;
          case ">" -> Operator.GREATER;
          case "<=" -> Operator.LESS_OR_EQUAL;
          case ">=" -> Operator.GREATER_OR_EQUAL;
          default -> throw unexpected("a comparison");
        };
    next++;
    return operator;
  }

  private static boolean isConstant(Token token) {
    return token.kind == Kind.TEXT || token.kind == Kind.NUMBER;
  }

  private Constant constant() {
    if (!isConstant(peek())) throw unexpected("a text in quotes or a number");
    Token token = take();
    return new Constant(token.text, token.kind == Kind.NUMBER);
  }

  private String name() {
    Token token = peek();
    if (token.kind != Kind.WORD || KEYWORDS.contains(token.text.toUpperCase(Locale.ROOT)))
      throw unexpected("a name");
    return take().text;
  }

  private void expectKeyword(String keyword) {
    if (!takeKeyword(keyword)) throw unexpected(keyword);
  }

  private boolean takeKeyword(String keyword) {
    if (peek().kind != Kind.WORD || !peek().text.equalsIgnoreCase(keyword)) return false;
    next++;
    return true;
  }

  private boolean takeSign(String sign) {
    if (peek().kind != Kind.SIGN || !peek().text.equals(sign)) return false;
    next++;
    return true;
  }

  private Token peek() {
    return tokens.get(next);
  }

  private Token take() {
    return tokens.get(next++);
  }

  private WqlException unexpected(String wanted) {
    Token token = peek();
    String found = token.kind == Kind.END ? "the end" : "'" + token.text + "'";
    return new WqlException("found " + found + " at position " + token.at + ", expected " + wanted);
  }

  private static List<Token> tokens(String text) {
    var tokens = new ArrayList<Token>();
    int at = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
        at++;
      } else if (c == '\'' || c == '"') {
        at = text(text, at, tokens);
      } else {
        int end = end(text, at);
        Kind kind =
            isLetter(c)
                ? Kind.WORD
                : isDigit(c) || end - at > 1 && c == '-' ? Kind.NUMBER : Kind.SIGN;
        tokens.add(new Token(kind, text.substring(at, end), at));
        at = end;
      }
    }
    tokens.add(new Token(Kind.END, "", text.length()));
    return tokens;
  }

  /// Where the word, number or sign that starts at `at` ends.
  private static int end(String text, int at) {
    char c = text.charAt(at);
    int end = at + 1;
    if (isLetter(c)) {
      while (end < text.length()
          && (isLetter(text.charAt(end)) || isDigit(text.charAt(end)) || text.charAt(end) == '.'))
        end++;
      return end;
    }
    if (isDigit(c) || c == '-') {
      while (end < text.length() && isDigit(text.charAt(end))) end++;
      if (end + 1 < text.length() && text.charAt(end) == '.' && isDigit(text.charAt(end + 1))) {
        end++;
        while (end < text.length() && isDigit(text.charAt(end))) end++;
      }
      boolean bare = c == '-' && end == at + 1;
      boolean runsOn =
          end < text.length() && (isLetter(text.charAt(end)) || text.charAt(end) == '.');
      if (bare || runsOn) throw new WqlException("no number at position " + at);
      return end;
    }
    String two = text.substring(at, Math.min(at + 2, text.length()));
    if (Set.of("<=", ">=", "<>", "!=").contains(two)) return at + 2;
    if ("=<>(),*".indexOf(c) < 0) throw new WqlException("'" + c + "' at position " + at);
    return end;
  }

  /// A text in quotes: a doubled quote or `\'`, `\"`, `\\` stands for the character itself.
  private static int text(String text, int start, List<Token> tokens) {
    char quote = text.charAt(start);
    var value = new StringBuilder();
    for (int at = start + 1; at < text.length(); at++) {
      char c = text.charAt(at);
      char after = at + 1 < text.length() ? text.charAt(at + 1) : 0;
      if (c == '\\') {
        if (after != '\\' && after != '\'' && after != '"')
          throw new WqlException("a backslash that escapes nothing at position " + at);
        value.append(after);
        at++;
      } else if (c == quote && after == quote) {
        value.append(quote);
        at++;
      } else if (c == quote) {
        tokens.add(new Token(Kind.TEXT, value.toString(), start));
        return at + 1;
      } else {
        value.append(c);
      }
    }
    throw new WqlException("a text that does not end, from position " + start);
  }

  private static boolean isLetter(char c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_';
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
