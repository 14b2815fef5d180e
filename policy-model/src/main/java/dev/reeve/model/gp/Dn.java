package dev.reeve.model.gp;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// A distinguished name (RFC 4514). It keeps the text it was written with and compares without
/// regard to letter case, spacing or the way characters were escaped, as caseIgnoreMatch does for
/// every naming attribute we meet.
public final class Dn implements Comparable<Dn> {

  private final String text;
  private final String key;

  private Dn(String text, String key) {
    this.text = text;
    this.key = key;
  }

  /// @throws IllegalArgumentException naming the text and what is wrong with it
  public static Dn parse(String text) {
    String trimmed = trimmed(text);
    return new Dn(trimmed, new Parser(trimmed).key());
  }

  /// Without space around it; an escaped space at the end belongs to the name.
  private static String trimmed(String text) {
    String stripped = text.strip();
    if (!escapedAt(stripped, stripped.length())) return stripped;
    int end = text.stripTrailing().length();
    return end < text.length() ? stripped + text.charAt(end) : stripped;
  }

  public static Optional<Dn> find(String text) {
    try {
      return Optional.of(parse(text));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /// The name one level up; empty at the top.
  public Optional<Dn> parent() {
    int inKey = comma(key);
    return inKey < 0
        ? Optional.empty()
        : Optional.of(new Dn(trimmed(text.substring(comma(text) + 1)), key.substring(inKey + 1)));
  }

  /// The name of a child: `child("CN", "Machine")`.
  public Dn child(String attribute, String value) {
    return parse(attribute + "=" + escaped(value) + "," + text);
  }

  /// A name below this one, given as text relative to it: `below("CN=IP Security,CN=System")`.
  public Dn below(String relative) {
    return parse(relative + "," + text);
  }

  /// Whether the first RDN has that attribute, given in lower case; an RDN may have several.
  public boolean isNamedBy(String attribute) {
    int end = comma(key);
    String rdn = end < 0 ? key : key.substring(0, end);
    if (rdn.startsWith(attribute + "=")) return true;
    for (int at = rdn.indexOf("+" + attribute + "="); at >= 0; ) {
      if (!escapedAt(rdn, at)) return true;
      at = rdn.indexOf("+" + attribute + "=", at + 1);
    }
    return false;
  }

  /// The attribute of the first RDN, lower case: `ou`, `cn`, `dc`; of several, the first by name.
  public String attribute() {
    return key.substring(0, key.indexOf('='));
  }

  /// The value of the first RDN as written, unescaped: what a person calls the entry.
  public String name() {
    int end = comma(text);
    String rdn = end < 0 ? text : text.substring(0, end);
    return new Parser(rdn).firstValue();
  }

  /// Whether this name is `ancestor` or below it.
  public boolean isUnder(Dn ancestor) {
    return key.equals(ancestor.key)
        || key.length() > ancestor.key.length()
            && key.endsWith(ancestor.key)
            && key.charAt(key.length() - ancestor.key.length() - 1) == ','
            && !escapedAt(key, key.length() - ancestor.key.length() - 1);
  }

  /// This name after the entry `from`, which it is or is below, was renamed to `to`.
  public Dn moved(Dn from, Dn to) {
    if (!isUnder(from)) throw new IllegalArgumentException(this + " is not under " + from);
    int end = -1; // of the part that stays
    for (int left = depth() - from.depth(); left > 0; left--)
      end += 1 + comma(text.substring(end + 1));
    String keyBelow = key.substring(0, key.length() - from.key.length());
    return new Dn(text.substring(0, end + 1) + to.text, keyBelow + to.key);
  }

  /// Number of RDNs.
  public int depth() {
    int depth = 1;
    for (int i = 0; i < key.length(); i++) if (key.charAt(i) == ',' && !escapedAt(key, i)) depth++;
    return depth;
  }

  private static boolean escapedAt(String text, int at) {
    int backslashes = 0;
    while (at - 1 - backslashes >= 0 && text.charAt(at - 1 - backslashes) == '\\') backslashes++;
    return backslashes % 2 == 1;
  }

  private static int comma(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\') i++;
      else if (c == ',') return i;
    }
    return -1;
  }

  private static String escaped(String value) {
    var out = new StringBuilder();
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      boolean edge = i == 0 && (c == ' ' || c == '#') || i == value.length() - 1 && c == ' ';
      if (edge || ",+\"\\<>;=".indexOf(c) >= 0) out.append('\\');
      if (c == 0) out.append("\\00");
      else out.append(c);
    }
    return out.toString();
  }

  /// The form names are compared by: for maps shared with code that has no `Dn`.
  public String key() {
    return key;
  }

  @Override
  public int compareTo(Dn other) {
    return key.compareTo(other.key);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Dn dn && key.equals(dn.key);
  }

  @Override
  public int hashCode() {
    return key.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }

  /// One pass over RFC 4514 text.
  private static final class Parser {
    private static final Pattern HEX_STRING = Pattern.compile("#([0-9a-fA-F]{2})+");

    private final String text;
    private int at;

    Parser(String text) {
      this.text = text;
    }

    String key() {
      var key = new StringBuilder(text.length());
      if (text.isBlank()) throw wrong("is empty");
      do {
        if (!key.isEmpty()) key.append(',');
        key.append(rdn());
      } while (next(','));
      return key.toString();
    }

    String firstValue() {
      attribute();
      return value();
    }

    private String rdn() {
      String first = attribute() + "=" + matched();
      if (at >= text.length() || text.charAt(at) != '+') return first;
      var parts = new java.util.ArrayList<String>();
      parts.add(first);
      while (next('+')) parts.add(attribute() + "=" + matched());
      String[] sorted = parts.toArray(String[]::new);
      Arrays.sort(sorted);
      return String.join("+", sorted);
    }

    /// The value in the form it is compared by.
    private String matched() {
      while (at < text.length() && text.charAt(at) == ' ') at++;
      boolean encoded = at < text.length() && text.charAt(at) == '#';
      String value = value();
      if (!encoded) return normal(value);
      if (!HEX_STRING.matcher(value).matches())
        throw wrong("has an unescaped '#' and no hex after");
      return value.toLowerCase(Locale.ROOT);
    }

    private boolean next(char c) {
      if (at >= text.length() || text.charAt(at) != c) return false;
      at++;
      return true;
    }

    private String attribute() {
      int equals = text.indexOf('=', at);
      if (equals < 0) throw wrong("has no '=' after position " + at);
      String name = text.substring(at, equals).strip().toLowerCase(Locale.ROOT);
      if (name.isEmpty()
          || !name.chars()
              .allMatch(
                  c -> c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '.')) {
        throw wrong("has no attribute name before '=' at position " + equals);
      }
      at = equals + 1;
      return name.startsWith("oid.") ? name.substring(4) : name;
    }

    /// The value, unescaped; stops at an unescaped comma or plus.
    private String value() {
      var out = new StringBuilder();
      int keep = 0; // length up to the last character that is no trailing space
      while (at < text.length() && text.charAt(at) == ' ') at++;
      while (at < text.length()) {
        char c = text.charAt(at);
        if (c == ',' || c == '+') break;
        if (c == '"' || c == ';' || c == '<' || c == '>' || c == 0)
          throw wrong("has an unescaped '" + c + "'");
        if (c == '\\') {
          escape(out);
          keep = out.length();
        } else {
          out.append(c);
          at++;
          if (c != ' ') keep = out.length();
        }
      }
      if (keep == 0) throw wrong("has an empty value before position " + at);
      out.setLength(keep);
      return out.toString();
    }

    private void escape(StringBuilder out) {
      if (at + 1 >= text.length()) throw wrong("ends in a backslash");
      if (hex(at + 1) < 0 || hex(at + 2) < 0) {
        if (Character.digit(text.charAt(at + 1), 36) >= 0)
          throw wrong("has a backslash that escapes nothing at position " + at);
        out.append(text.charAt(at + 1));
        at += 2;
        return;
      }
      int end = at;
      while (end < text.length()
          && text.charAt(end) == '\\'
          && hex(end + 1) >= 0
          && hex(end + 2) >= 0) end += 3;
      var bytes = ByteBuffer.allocate((end - at) / 3);
      while (at < end) {
        bytes.put((byte) (hex(at + 1) << 4 | hex(at + 2)));
        at += 3;
      }
      try {
        out.append(StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()));
      } catch (CharacterCodingException e) {
        throw wrong("has escaped bytes that are no UTF-8");
      }
    }

    private int hex(int i) {
      return i < text.length() && text.charAt(i) < 128 ? Character.digit(text.charAt(i), 16) : -1;
    }

    /// Prepared as RFC 4518 section 2 does it, as far as it matters to names in use.
    private static String normal(String value) {
      String folded = value.chars().allMatch(c -> c < 128) ? value : normalized(value);
      folded = folded.toLowerCase(Locale.ROOT);
      if (folded.isBlank()) return " ";
      var out = new StringBuilder(folded.length());
      boolean space = false;
      for (int i = 0; i < folded.length(); i++) {
        char c = folded.charAt(i);
        if (c == ' ') {
          space = !out.isEmpty();
          continue;
        }
        if (space) out.append(' ');
        space = false;
        if (c == ',' || c == '+' || c == '\\' || c == '#' && out.isEmpty()) out.append('\\');
        out.append(c);
      }
      return out.toString();
    }

    private static String normalized(String value) {
      String lower = Normalizer.normalize(value, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
      return Normalizer.normalize(lower.replace("ß", "ss").replace('ς', 'σ'), Normalizer.Form.NFKC);
    }

    private IllegalArgumentException wrong(String detail) {
      String shown = text.length() > 200 ? text.substring(0, 200) + "…" : text;
      return new IllegalArgumentException("DN '" + shown + "' " + detail);
    }
  }
}
