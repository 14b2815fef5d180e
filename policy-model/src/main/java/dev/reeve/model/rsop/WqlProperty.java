package dev.reeve.model.rsop;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/// A property that queries may name, and the facts it comes from (docs/fact-filters.md).
///
/// @param own the key of the fact that is called `Class.Property`; where a host reports it, it
///   counts
/// @param plain the key of the plain fact it is derived from otherwise
record WqlProperty(
    Type type, String own, Optional<String> plain, Function<String, Optional<String>> derive) {

  enum Type {
    /// Compared as text, also with a number: WMI's Version is text, and so '6.2' is more than
    /// '10.0'.
    TEXT,
    NUMBER,
    /// A plain fact: compared as the constant is written.
    PLAIN
  }

  private static final List<String> PLAIN_CLASSES = List.of("reeve_host", "facts");
  private static final List<String> PLAIN_FACTS =
      List.of("hostname", "os", "os.version", "kernel", "arch", "address");
  private static final Map<String, WqlProperty> LISTED = new TreeMap<>();

  static {
    text("Win32_OperatingSystem.Caption", "os", Optional::of);
    text("Win32_OperatingSystem.Name", "os", Optional::of);
    text("Win32_OperatingSystem.Version", "os.version", Optional::of);
    text("Win32_OperatingSystem.BuildNumber", "kernel", Optional::of);
    text("Win32_OperatingSystem.CSName", "hostname", WqlProperty::firstLabel);
    text("Win32_OperatingSystem.OSArchitecture", "arch", arch -> width(arch).map(w -> w + "-bit"));
    none("Win32_OperatingSystem.ProductType", Type.NUMBER);
    text("Win32_ComputerSystem.Name", "hostname", WqlProperty::firstLabel);
    text("Win32_ComputerSystem.DNSHostName", "hostname", WqlProperty::firstLabel);
    none("Win32_ComputerSystem.Domain", Type.TEXT);
    none("Win32_ComputerSystem.Manufacturer", Type.TEXT);
    none("Win32_ComputerSystem.Model", Type.TEXT);
    none("Win32_ComputerSystem.TotalPhysicalMemory", Type.NUMBER);
    number("Win32_Processor.Architecture", "arch", WqlProperty::architecture);
    number("Win32_Processor.AddressWidth", "arch", WqlProperty::width);
  }

  private static void text(String name, String plain, Function<String, Optional<String>> derive) {
    put(name, Type.TEXT, Optional.of(plain), derive);
  }

  private static void number(String name, String plain, Function<String, Optional<String>> derive) {
    put(name, Type.NUMBER, Optional.of(plain), derive);
  }

  private static void none(String name, Type type) {
    put(name, type, Optional.empty(), _ -> Optional.empty());
  }

  private static void put(
      String name, Type type, Optional<String> plain, Function<String, Optional<String>> derive) {
    LISTED.put(key(name), new WqlProperty(type, key(name), plain.map(WqlProperty::key), derive));
  }

  /// Names of facts, classes and properties compare without regard to case, and `.` is `_`.
  static String key(String name) {
    return name.toLowerCase(Locale.ROOT).replace('.', '_');
  }

  /// Facts by key; of two facts with one key the first by name counts.
  static Map<String, String> index(Map<String, String> facts) {
    var index = new HashMap<String, String>();
    new TreeMap<>(facts).forEach((name, value) -> index.putIfAbsent(key(name), value));
    return index;
  }

  /// @param facts by key
  /// @throws WqlException when there is no such class or property
  static WqlProperty find(String className, String name, Map<String, String> facts) {
    String own = ownKey(className, name);
    if (isPlain(className)) {
      boolean known =
          facts.containsKey(own) || PLAIN_FACTS.stream().anyMatch(fact -> key(fact).equals(own));
      if (!known) throw new WqlException("no host fact is called " + name);
      return new WqlProperty(Type.PLAIN, own, Optional.empty(), Optional::of);
    }
    WqlProperty listed = LISTED.get(own);
    if (listed != null) return listed;
    if (facts.containsKey(own))
      return new WqlProperty(Type.TEXT, own, Optional.empty(), Optional::of);
    throw new WqlException(className + "." + name + " is nothing that hosts report");
  }

  /// Whether we know the class without any property of it.
  static boolean isClass(String className) {
    return isPlain(className)
        || LISTED.keySet().stream().anyMatch(k -> k.startsWith(key(className) + "_"));
  }

  private static boolean isPlain(String className) {
    return PLAIN_CLASSES.contains(key(className));
  }

  private static String ownKey(String className, String name) {
    return isPlain(className) ? key(name) : key(className + "." + name);
  }

  /// The keys of all facts that may matter to a property of that name, known or not.
  static List<String> sources(String className, String name) {
    String own = ownKey(className, name);
    WqlProperty listed = LISTED.get(own);
    return listed == null || listed.plain.isEmpty()
        ? List.of(own)
        : List.of(own, listed.plain.get());
  }

  /// @param facts by key
  Optional<String> value(Map<String, String> facts) {
    String reported = facts.get(own);
    if (reported != null) return Optional.of(reported);
    return plain.flatMap(name -> Optional.ofNullable(facts.get(name))).flatMap(derive);
  }

  private static Optional<String> firstLabel(String hostname) {
    return Optional.of(hostname.split("\\.", 2)[0]);
  }

  /// The numbers of Win32_Processor.Architecture; other machines have none.
  private static Optional<String> architecture(String arch) {
    return switch (arch.toLowerCase(Locale.ROOT)) {
      case "i386", "i486", "i586", "i686", "x86" -> Optional.of("0");
      case "arm", "armv6l", "armv7l" -> Optional.of("5");
      case "x86_64", "amd64", "x64" -> Optional.of("9");
      case "aarch64", "arm64" -> Optional.of("12");
      default -> Optional.empty();
    };
  }

  private static Optional<String> width(String arch) {
    return architecture(arch).map(number -> number.equals("0") || number.equals("5") ? "32" : "64");
  }
}
