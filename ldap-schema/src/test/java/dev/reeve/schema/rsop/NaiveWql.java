package dev.reeve.schema.rsop;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// docs/fact-filters.md once more, read aloud: a query is answered while it is read, from left to
/// right. It shares no code with the real one.
final class NaiveWql {

  static final class CannotEvaluate extends RuntimeException {
    private static final long serialVersionUID = 1;

    CannotEvaluate(String why) {
      super(why);
    }
  }

  private static final Pattern TOKEN =
      Pattern.compile(
          "\\s*('(?:[^'\\\\]|''|\\\\['\"\\\\])*'|\"(?:[^\"\\\\]|\"\"|\\\\['\"\\\\])*\""
              + "|[A-Za-z_][A-Za-z0-9_.]*|-?[0-9]+(?:\\.[0-9]+)?|<=|>=|<>|!=|[=<>(),*])");

  /// The table of classes: property → its type, the fact, and what is made of it.
  private static final Map<String, String> TABLE = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

  static {
    TABLE.put("Win32_OperatingSystem.Caption", "text os");
    TABLE.put("Win32_OperatingSystem.Name", "text os");
    TABLE.put("Win32_OperatingSystem.Version", "text os.version");
    TABLE.put("Win32_OperatingSystem.BuildNumber", "text kernel");
    TABLE.put("Win32_OperatingSystem.CSName", "text hostname label");
    TABLE.put("Win32_OperatingSystem.OSArchitecture", "text arch bit");
    TABLE.put("Win32_OperatingSystem.ProductType", "number -");
    TABLE.put("Win32_ComputerSystem.Name", "text hostname label");
    TABLE.put("Win32_ComputerSystem.DNSHostName", "text hostname label");
    TABLE.put("Win32_ComputerSystem.Domain", "text -");
    TABLE.put("Win32_ComputerSystem.Manufacturer", "text -");
    TABLE.put("Win32_ComputerSystem.Model", "text -");
    TABLE.put("Win32_ComputerSystem.TotalPhysicalMemory", "number -");
    TABLE.put("Win32_Processor.Architecture", "number arch number");
    TABLE.put("Win32_Processor.AddressWidth", "number arch width");
    for (String plain : List.of("hostname", "os", "os_version", "kernel", "arch", "address")) {
      TABLE.put("Reeve_Host." + plain, "plain " + plain);
      TABLE.put("Facts." + plain, "plain " + plain);
    }
  }

  private final List<String> tokens = new ArrayList<>();
  private final Map<String, String> facts;
  private String className = "";

  private NaiveWql(String query, Map<String, String> facts) {
    Matcher token = TOKEN.matcher(query);
    int at = 0;
    while (at < query.stripTrailing().length()) {
      if (!token.find(at) || token.start() != at) throw new CannotEvaluate("at " + at);
      tokens.add(token.group(1));
      at = token.end();
    }
    this.facts = facts;
  }

  /// @throws CannotEvaluate what the document says cannot be
  static boolean hasRow(String namespace, String query, Map<String, String> facts) {
    if (!namespace.equalsIgnoreCase("root\\cimv2")) throw new CannotEvaluate(namespace);
    return new NaiveWql(query, facts).row();
  }

  private boolean row() {
    word("SELECT");
    var selected = new ArrayList<String>();
    if (next("*")) {
      // all
    } else {
      do selected.add(name());
      while (next(","));
    }
    word("FROM");
    className = name();
    if (selected.isEmpty() && tokens.isEmpty()) {
      if (TABLE.keySet().stream()
          .noneMatch(p -> p.toLowerCase(Locale.ROOT).startsWith(lower(className) + ".")))
        throw new CannotEvaluate("class " + className);
    }
    selected.forEach(this::value);
    Optional<Boolean> answer = Optional.of(true);
    if (next("WHERE")) answer = or();
    if (!tokens.isEmpty()) throw new CannotEvaluate("then " + tokens);
    return answer.orElse(false);
  }

  /// Empty = neither true nor false.
  private Optional<Boolean> or() {
    Optional<Boolean> left = and();
    while (next("OR")) {
      Optional<Boolean> right = and();
      boolean oneIsTrue = left.orElse(false) || right.orElse(false);
      boolean bothAreFalse = !left.orElse(true) && !right.orElse(true);
      left = oneIsTrue ? Optional.of(true) : bothAreFalse ? Optional.of(false) : Optional.empty();
    }
    return left;
  }

  private Optional<Boolean> and() {
    Optional<Boolean> left = not();
    while (next("AND")) {
      Optional<Boolean> right = not();
      boolean oneIsFalse = !left.orElse(true) || !right.orElse(true);
      boolean bothAreTrue = left.orElse(false) && right.orElse(false);
      left = oneIsFalse ? Optional.of(false) : bothAreTrue ? Optional.of(true) : Optional.empty();
    }
    return left;
  }

  private Optional<Boolean> not() {
    if (next("NOT")) return not().map(answer -> !answer);
    if (next("(")) {
      Optional<Boolean> inside = or();
      word(")");
      return inside;
    }
    if (isConstant()) {
      String constant = take();
      String operator = take();
      String turned =
          switch (operator) {
            case "<" -> ">";
            case ">" -> "<";
            case "<=" -> ">=";
            case ">=" -> "<=";
            default -> operator;
          };
      return compare(name(), turned, constant);
    }
    String property = name();
    if (next("IS")) {
      boolean not = next("NOT");
      word("NULL");
      return Optional.of(value(property).isEmpty() != not);
    }
    if (next("LIKE")) {
      String pattern = take();
      if (!isText(pattern) || type(property).equals("number")) throw new CannotEvaluate("LIKE");
      return value(property).map(v -> lower(v).matches(regex(lower(unquoted(pattern)))));
    }
    String operator = take();
    if (next("NULL")) {
      if (operator.equals("=")) return Optional.of(value(property).isEmpty());
      if (operator.equals("<>") || operator.equals("!="))
        return Optional.of(value(property).isPresent());
      throw new CannotEvaluate("NULL " + operator);
    }
    if (!isConstant()) throw new CannotEvaluate("no constant");
    return compare(property, operator, take());
  }

  private Optional<Boolean> compare(String property, String operator, String constant) {
    if (!List.of("=", "<>", "!=", "<", ">", "<=", ">=").contains(operator))
      throw new CannotEvaluate(operator);
    Optional<String> value = value(property);
    String wanted = isText(constant) ? unquoted(constant) : constant;
    String type = type(property);
    boolean numbers = type.equals("number") || type.equals("plain") && !isText(constant);
    if (numbers && !isNumber(wanted)) throw new CannotEvaluate(wanted + " is no number");
    if (value.isEmpty()) return Optional.empty();
    if (numbers && !isNumber(value.get())) throw new CannotEvaluate(value.get() + " is no number");
    int order =
        numbers
            ? new BigDecimal(value.get()).compareTo(new BigDecimal(wanted))
            : lower(value.get()).compareTo(lower(wanted));
    return Optional.of(
        switch (operator) {
          case "=" -> order == 0;
          case "<" -> order < 0;
          case ">" -> order > 0;
          case "<=" -> order <= 0;
          case ">=" -> order >= 0;
          default -> order != 0;
        });
  }

  private Optional<String> value(String property) {
    String inTable = TABLE.getOrDefault(full(property), "text -");
    Optional<String> own = fact(isPlain() ? property : full(property));
    if (own.isPresent()) return own;
    if (!TABLE.containsKey(full(property))) throw new CannotEvaluate("property " + property);
    String[] words = inTable.split(" ");
    Optional<String> of = fact(words[1]);
    if (words.length == 2 || of.isEmpty()) return of;
    boolean wide = of.get().equals("x86_64") || of.get().equals("aarch64");
    boolean narrow = of.get().equals("i686") || of.get().equals("armv7l");
    return switch (words[2]) {
      case "label" -> of.map(name -> name.replaceAll("\\..*", ""));
      case "bit" ->
          wide ? Optional.of("64-bit") : narrow ? Optional.of("32-bit") : Optional.empty();
      case "width" -> wide ? Optional.of("64") : narrow ? Optional.of("32") : Optional.empty();
      default ->
          Optional.ofNullable(
              Map.of("i686", "0", "armv7l", "5", "x86_64", "9", "aarch64", "12").get(of.get()));
    };
  }

  private String type(String property) {
    if (isPlain()) return "plain";
    return TABLE.getOrDefault(full(property), "text").split(" ")[0];
  }

  private boolean isPlain() {
    return className.equalsIgnoreCase("Reeve_Host") || className.equalsIgnoreCase("Facts");
  }

  private String full(String property) {
    return className + "." + (isPlain() ? property.replace('.', '_') : property);
  }

  /// `.` is written `_`.
  private Optional<String> fact(String name) {
    return facts.entrySet().stream()
        .filter(f -> f.getKey().replace('.', '_').equalsIgnoreCase(name.replace('.', '_')))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  private static String regex(String pattern) {
    var regex = new StringBuilder("(?s)");
    for (int at = 0; at < pattern.length(); at++) {
      char c = pattern.charAt(at);
      if (c == '%') regex.append(".*");
      else if (c == '_') regex.append('.');
      else if (c == '[') {
        int close = pattern.indexOf(']', at);
        regex.append('[').append(pattern.substring(at + 1, close).replace('=', '-')).append(']');
        at = close;
      } else regex.append(Pattern.quote(String.valueOf(c)));
    }
    return regex.toString();
  }

  private static boolean isText(String token) {
    return token.startsWith("'") || token.startsWith("\"");
  }

  private static String unquoted(String token) {
    String quote = token.substring(0, 1);
    return token
        .substring(1, token.length() - 1)
        .replace(quote + quote, quote)
        .replaceAll("\\\\(.)", "$1");
  }

  private static boolean isNumber(String text) {
    return text.matches("-?[0-9]+(\\.[0-9]+)?");
  }

  private boolean isConstant() {
    return !tokens.isEmpty() && (isText(tokens.getFirst()) || isNumber(tokens.getFirst()));
  }

  private String name() {
    String name = take();
    boolean keyword =
        List.of("SELECT", "FROM", "WHERE", "AND", "OR", "NOT", "LIKE", "IS", "NULL")
            .contains(name.toUpperCase(Locale.ROOT));
    if (keyword || !name.matches("[A-Za-z_].*")) throw new CannotEvaluate("name " + name);
    return name;
  }

  private boolean next(String word) {
    if (tokens.isEmpty() || !tokens.getFirst().equalsIgnoreCase(word)) return false;
    tokens.removeFirst();
    return true;
  }

  private void word(String word) {
    if (!next(word)) throw new CannotEvaluate("no " + word + " before " + tokens);
  }

  private String take() {
    if (tokens.isEmpty()) throw new CannotEvaluate("ends");
    return tokens.removeFirst();
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
