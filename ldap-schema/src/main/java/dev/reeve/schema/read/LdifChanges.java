package dev.reeve.schema.read;

import com.unboundid.ldif.LDIFException;
import com.unboundid.ldif.LDIFReader;
import com.unboundid.ldif.TrailingSpaceBehavior;
import dev.reeve.schema.read.LdifChange.Line;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// An LDIF file of changes (RFC 2849): what `ldapmodify` would be given.
public final class LdifChanges {

  private LdifChanges() {}

  /// All or nothing: half of a change says nothing about the whole.
  ///
  /// @return in file order
  /// @throws LdifException naming file and line, when the file cannot be read, holds no change, or
  ///   holds one that makes no sense
  public static List<LdifChange> read(Path file) throws LdifException {
    var changes = new ArrayList<LdifChange>();
    try (var reader = LdifText.of(LdifFile.content(file))) {
      var record = new ArrayList<Line>();
      boolean comment = false;
      int number = 0;
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        number++;
        if (line.isEmpty()) {
          add(file, record, changes);
        } else if (line.startsWith(" ")) {
          if (comment) continue;
          if (record.isEmpty())
            throw new LdifException(file, "line " + number + ": goes on where nothing began");
          Line begun = record.removeLast();
          record.add(new Line(begun.number(), begun.text() + line.substring(1)));
        } else if (!line.startsWith("#")) {
          record.add(new Line(number, line));
        }
        comment = line.startsWith("#") || comment && line.startsWith(" ");
      }
      add(file, record, changes);
    } catch (IOException e) {
      throw new LdifException(file, String.valueOf(e.getMessage()));
    }
    if (changes.isEmpty()) throw new LdifException(file, "holds no change");
    return changes;
  }

  private static void add(Path file, List<Line> record, List<LdifChange> changes)
      throws LdifException {
    if (!record.isEmpty() && changes.isEmpty() && record.getFirst().hasName("version"))
      record.removeFirst();
    if (record.isEmpty()) return;
    int line = record.getFirst().number();
    if (record.stream().noneMatch(l -> l.hasName("changetype"))) {
      throw new LdifException(
          file,
          "line "
              + line
              + ": has no changetype, expected add, modify, delete, modrdn or moddn: "
              + record.getFirst().text());
    }
    String[] lines = record.stream().map(Line::text).toArray(String[]::new);
    try {
      changes.add(
          new LdifChange(
              LDIFReader.decodeChangeRecord(false, TrailingSpaceBehavior.STRIP, null, false, lines),
              line,
              record));
    } catch (LDIFException e) {
      throw new LdifException(
          file, "line " + line + ": " + record.getFirst().text() + ": " + e.getExceptionMessage());
    }
    record.clear();
  }
}
