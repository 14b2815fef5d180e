package dev.reeve.schema.read;

import com.unboundid.ldif.LDIFChangeRecord;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// One change record of an LDIF file, and where in the file it stands.
///
/// @param line of its `dn:`
/// @param lines the whole record, unfolded and without comments
public record LdifChange(LDIFChangeRecord record, int line, List<Line> lines) {

  /// @param number in the file, from 1
  record Line(int number, String text) {
    boolean hasName(String name) {
      return text.regionMatches(true, 0, name + ":", 0, name.length() + 1);
    }
  }

  public LdifChange {
    lines = List.copyOf(lines);
  }

  /// Where the first line of that name is: `newrdn`, or an attribute.
  public int lineOf(String name) {
    return lines.stream()
        .filter(l -> l.hasName(name.toLowerCase(Locale.ROOT)))
        .findFirst()
        .map(Line::number)
        .orElse(line);
  }

  /// Where a part of a `changetype: modify` is.
  ///
  /// @param modification from 0
  /// @param value from 0; empty = the line that names operation and attribute
  public int lineOf(int modification, Optional<Integer> value) {
    int start = 0;
    while (start < lines.size() && !lines.get(start).hasName("changetype")) start++;
    start++;
    for (int left = modification; left > 0 && start < lines.size(); start++)
      if (lines.get(start).text().strip().equals("-")) left--;
    int at = start + value.map(v -> v + 1).orElse(0);
    return at < lines.size() ? lines.get(at).number() : line;
  }
}
