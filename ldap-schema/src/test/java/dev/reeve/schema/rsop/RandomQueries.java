package dev.reeve.schema.rsop;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/// Fact filters as administrators write them, good and bad, and the facts of a host.
final class RandomQueries {

  private static final List<String> HOST =
      List.of("hostname", "os", "os_version", "os.version", "kernel", "arch", "address", "role");
  private static final Map<String, List<String>> CLASSES =
      Map.of(
          "Reeve_Host", HOST,
          "Facts", HOST,
          "Win32_OperatingSystem",
              List.of(
                  "Caption", "Version", "BuildNumber", "CSName", "OSArchitecture", "ProductType"),
          "Win32_ComputerSystem", List.of("Name", "Model", "Manufacturer", "TotalPhysicalMemory"),
          "Win32_Processor", List.of("Architecture", "AddressWidth"),
          "Win32_BIOS", List.of("SerialNumber", "Nothing"));
  private static final List<String> TEXTS =
      List.of(
          "debian", "Debian", "12", "6.2", "10", "web-01", "64-bit", "x86_64", "X1", "it's", "");
  private static final List<String> NUMBERS = List.of("12", "6.2", "-3", "64", "9", "0", "12.0");
  private static final List<String> PATTERNS =
      List.of(
          "deb%", "_EBIAN", "[c-e]ebian", "[^d]%", "%", "1_", "%.%", "x[1=3]", "", "64-[a-b]it");

  private final Random random;

  RandomQueries(Random random) {
    this.random = random;
  }

  static Map<String, String> facts(Random random) {
    var facts = new TreeMap<String, String>();
    if (random.nextInt(4) > 0) facts.put("hostname", "web-01.corp.example");
    if (random.nextInt(4) > 0) facts.put("os", random.nextBoolean() ? "debian" : "Fedora");
    if (random.nextInt(4) > 0)
      facts.put("os.version", List.of("12", "9.1", "rawhide").get(random.nextInt(3)));
    if (random.nextInt(4) > 0) facts.put("kernel", "6.1.0");
    if (random.nextInt(4) > 0)
      facts.put("arch", List.of("x86_64", "i686", "s390x").get(random.nextInt(3)));
    if (random.nextBoolean()) facts.put("role", "12");
    if (random.nextInt(3) == 0) facts.put("Win32_ComputerSystem.Model", "X1");
    if (random.nextInt(3) == 0) facts.put("Win32_BIOS.SerialNumber", "64");
    if (random.nextInt(3) == 0) facts.put("Win32_OperatingSystem.ProductType", "3");
    return facts;
  }

  /// One to three queries.
  List<RandomDomain.RawQuery> filter() {
    var queries = new ArrayList<RandomDomain.RawQuery>();
    for (int i = 1 + (random.nextInt(3) == 0 ? random.nextInt(3) : 0); i > 0; i--) {
      String namespace =
          switch (random.nextInt(20)) {
            case 0 -> "root\\Other";
            case 1, 2 -> "ROOT\\cimv2";
            default -> "root\\CIMv2";
          };
      queries.add(new RandomDomain.RawQuery(namespace, query()));
    }
    return queries;
  }

  private String query() {
    String className = pick(List.copyOf(new TreeMap<>(CLASSES).keySet()));
    boolean where = className.equals("Win32_BIOS") || random.nextInt(8) > 0;
    var tokens = new ArrayList<String>();
    tokens.add(word("select"));
    tokens.add(random.nextInt(4) > 0 ? "*" : property(className) + ", " + property(className));
    tokens.add(word("from"));
    tokens.add(random.nextInt(20) == 0 ? "Win32_Unheard" : word(className));
    if (where) {
      tokens.add(word("where"));
      tokens.addAll(condition(className, 3));
    }
    if (random.nextInt(25) == 0) tokens.removeLast();
    return String.join(random.nextInt(4) == 0 ? "  " : " ", tokens);
  }

  private List<String> condition(String className, int depth) {
    var tokens = new ArrayList<String>();
    switch (depth == 0 ? 9 : random.nextInt(10)) {
      case 0, 1 -> {
        tokens.addAll(condition(className, depth - 1));
        tokens.add(word("and"));
        tokens.addAll(condition(className, depth - 1));
      }
      case 2, 3 -> {
        tokens.addAll(condition(className, depth - 1));
        tokens.add(word("or"));
        tokens.addAll(condition(className, depth - 1));
      }
      case 4 -> {
        tokens.add(word("not"));
        tokens.addAll(condition(className, depth - 1));
      }
      case 5, 6 -> {
        tokens.add("(");
        tokens.addAll(condition(className, depth - 1));
        tokens.add(")");
      }
      default -> tokens.addAll(test(className));
    }
    return tokens;
  }

  private List<String> test(String className) {
    String property = property(className);
    String operator = pick(List.of("=", "<>", "!=", "<", ">", "<=", ">="));
    return switch (random.nextInt(8)) {
      case 0 -> List.of(property, word("is"), word("null"));
      case 1 -> List.of(property, word("is"), word("not"), word("null"));
      case 2 -> List.of(property, pick(List.of("=", "<>", "!=", "<")), word("null"));
      case 3, 4 -> List.of(property, word("like"), quoted(pick(PATTERNS)));
      case 5 -> List.of(constant(), operator, property);
      default -> List.of(property, operator, constant());
    };
  }

  private String property(String className) {
    return random.nextInt(30) == 0 ? "Unheard" : word(pick(CLASSES.get(className)));
  }

  private String constant() {
    return random.nextInt(3) == 0 ? pick(NUMBERS) : quoted(pick(TEXTS));
  }

  private String quoted(String text) {
    if (random.nextBoolean()) return "\"" + text + "\"";
    return "'" + text.replace("'", random.nextBoolean() ? "''" : "\\'") + "'";
  }

  private String word(String word) {
    return switch (random.nextInt(4)) {
      case 0 -> word.toUpperCase(Locale.ROOT);
      case 1 -> word.toLowerCase(Locale.ROOT);
      default -> word;
    };
  }

  private <T> T pick(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }
}
