package dev.reeve.cli.text;

import java.util.ArrayList;
import java.util.List;

/// Lines of text under construction: labels in one column, long text wrapped under its beginning.
public final class Page {

  public static final int WIDTH = 80;

  private final List<String> lines = new ArrayList<>();

  /// One paragraph at `indent`; what does not fit goes on at `hang`.
  public Page text(int indent, int hang, String text) {
    return text(" ".repeat(indent), hang, text);
  }

  /// One paragraph behind `start`, whose spaces stay as they are.
  public Page text(String start, int hang, String text) {
    wrap(start, hang, text);
    return this;
  }

  public Page text(int indent, String text) {
    return text(indent, indent, text);
  }

  /// A label at `indent` and its value at column `at`.
  public Page field(int indent, int at, String label, String value) {
    String start = " ".repeat(indent) + label;
    int gap = at - start.length();
    if (gap < 1) {
      lines.add(start);
      return text(at, value);
    }
    wrap(start + " ".repeat(gap), at, value);
    return this;
  }

  /// The same for several values, one below the other; nothing at all when there is none.
  public Page fields(int indent, int at, String label, List<String> values) {
    for (int i = 0; i < values.size(); i++) field(indent, at, i == 0 ? label : "", values.get(i));
    return this;
  }

  /// A line of a table: its spaces stay as they are.
  public Page row(String text) {
    lines.add(harmless(text).stripTrailing());
    return this;
  }

  public Page blank() {
    if (!lines.isEmpty() && !lines.getLast().isEmpty()) lines.add("");
    return this;
  }

  public Page add(List<String> more) {
    lines.addAll(more);
    return this;
  }

  public List<String> lines() {
    return List.copyOf(lines);
  }

  /// Breaks at spaces; a word longer than a line (a DN) breaks after a comma, else stays whole.
  private void wrap(String start, int hang, String text) {
    var line = new StringBuilder(start);
    boolean fresh = true; // nothing but indentation on this line
    for (String word : words(text, WIDTH - hang)) {
      boolean glued = !word.startsWith(" ");
      String bare = glued ? word : word.substring(1);
      int needed = line.length() + (fresh || glued ? 0 : 1) + bare.length();
      if (needed > WIDTH && !fresh) {
        lines.add(line.toString());
        line = new StringBuilder(" ".repeat(hang));
        fresh = true;
      }
      if (!fresh && !glued) line.append(' ');
      line.append(bare);
      fresh = false;
    }
    lines.add(line.toString().stripTrailing());
  }

  /// Names come from a directory that others write: no escape sequence of theirs reaches a
  /// terminal.
  private static String harmless(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (isHarmful(text.charAt(i))) {
        return text.chars()
            .map(c -> isHarmful(c) ? '\uFFFD' : c)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();
      }
    }
    return text;
  }

  private static boolean isHarmful(int c) {
    return Character.isISOControl(c) && !Character.isWhitespace(c)
        || c >= 0x202A && c <= 0x202E
        || c >= 0x2066 && c <= 0x2069;
  }

  /// Words with their leading space; pieces of a word that was too long have none.
  private static List<String> words(String text, int room) {
    var found = new ArrayList<String>();
    for (String word : harmless(text).strip().split("\\s+")) {
      String rest = " " + word;
      while (rest.length() > room) {
        int cut = rest.lastIndexOf(',', room - 1);
        if (cut < room / 2) break;
        found.add(rest.substring(0, cut + 1));
        rest = rest.substring(cut + 1);
      }
      found.add(rest);
    }
    return found;
  }
}
