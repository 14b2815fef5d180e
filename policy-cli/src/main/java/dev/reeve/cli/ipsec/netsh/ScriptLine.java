package dev.reeve.cli.ipsec.netsh;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// A line of a script of netsh commands. `"…"` holds several words together; `#`, `rem` and `::`
/// begin a remark. The words that only lead to the context, such as `netsh ipsec static`, `pushd`
/// and `popd`, are not part of a command.
public final class ScriptLine {

  private static final List<String> CONTEXT = List.of("netsh", "reeve", "ipsec", "static");

  private ScriptLine() {}

  /// Empty for a line that asks for nothing.
  ///
  /// @throws IllegalArgumentException when a quotation mark is not closed
  public static List<String> words(String line) {
    String text = line.strip();
    String lower = text.toLowerCase(Locale.ROOT);
    boolean remark =
        text.startsWith("#")
            || text.startsWith("::")
            || lower.equals("rem")
            || lower.startsWith("rem ");
    if (remark) return List.of();
    var words = new ArrayList<>(split(text));
    if (!words.isEmpty()
        && List.of("pushd", "popd").contains(words.getFirst().toLowerCase(Locale.ROOT))) {
      return List.of();
    }
    while (!words.isEmpty() && CONTEXT.contains(words.getFirst().toLowerCase(Locale.ROOT))) {
      words.removeFirst();
    }
    return List.copyOf(words);
  }

  private static List<String> split(String text) {
    var words = new ArrayList<String>();
    var word = new StringBuilder();
    boolean quoted = false;
    boolean begun = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"') {
        quoted = !quoted;
        begun = true;
      } else if (Character.isWhitespace(c) && !quoted) {
        if (begun) words.add(word.toString());
        word.setLength(0);
        begun = false;
      } else {
        word.append(c);
        begun = true;
      }
    }
    if (quoted) throw new IllegalArgumentException("a quotation mark is not closed");
    if (begun) words.add(word.toString());
    return words;
  }
}
