package dev.reeve.schema.read;

import com.unboundid.ldap.sdk.Entry;
import com.unboundid.ldif.LDIFAddChangeRecord;
import com.unboundid.ldif.LDIFException;
import com.unboundid.ldif.LDIFReader;
import com.unboundid.ldif.LDIFRecord;
import com.unboundid.ldif.TrailingSpaceBehavior;
import dev.reeve.model.gp.Dn;
import dev.reeve.model.gp.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// An LDIF export of a directory.
public final class LdifFile {

  private LdifFile() {}

  /// @param entries in file order, no DN twice
  /// @param problems entries that could not be read or were there already
  public record Contents(List<LdapEntry> entries, List<Problem> problems) {
    public Contents {
      entries = List.copyOf(entries);
      problems = List.copyOf(problems);
    }
  }

  /// Reads what can be read; what cannot be is a problem and the rest goes on.
  ///
  /// @throws LdifException when the file cannot be read or holds no entry
  public static Contents read(Path file) throws LdifException {
    byte[] content = content(file);
    Contents contents = parse(content);
    if (contents.entries().isEmpty()) {
      String why =
          contents.problems().isEmpty() ? "" : ": " + contents.problems().getFirst().detail();
      throw new LdifException(file, "holds no LDIF entry" + why);
    }
    return contents;
  }

  /// The bytes of a file that should hold LDIF.
  static byte[] content(Path file) throws LdifException {
    byte[] content;
    try {
      content = Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new LdifException(file, "no such file");
    } catch (IOException e) {
      String why = Files.isDirectory(file) ? "is a directory" : String.valueOf(e.getMessage());
      throw new LdifException(
          file, Files.exists(file) && !Files.isReadable(file) ? "permission denied" : why);
    }
    if (content.length == 0) throw new LdifException(file, "has 0 bytes, expected LDIF entries");
    return content;
  }

  /// The same for a text at hand.
  public static Contents parse(byte[] content) {
    var entries = new LinkedHashMap<Dn, LdapEntry>();
    var problems = new ArrayList<Problem>();
    try (var reader = new LDIFReader(LdifText.of(content))) {
      reader.setTrailingSpaceBehavior(TrailingSpaceBehavior.STRIP);
      while (true) {
        try {
          LDIFRecord found = reader.readLDIFRecord();
          if (found == null) break;
          add(found, entries, problems);
        } catch (LDIFException e) {
          problems.add(malformed(dnOf(e), reason(e)));
          if (!e.mayContinueReading()) break;
        }
      }
    } catch (IOException e) {
      problems.add(malformed("", String.valueOf(e.getMessage())));
    }
    return new Contents(List.copyOf(entries.values()), problems);
  }

  private static void add(LDIFRecord found, Map<Dn, LdapEntry> entries, List<Problem> problems) {
    Entry entry =
        switch (found) {
          case Entry plain -> plain;
          case LDIFAddChangeRecord added -> added.getEntryToAdd(); // as ldifde writes them
          default -> {
            problems.add(
                malformed(found.getDN(), "is a change record, expected an entry to be there"));
            yield null;
          }
        };
    if (entry == null) return;
    try {
      LdapEntry read = LdapEntry.of(entry);
      if (entries.putIfAbsent(read.dn(), read) != null) {
        problems.add(
            new Problem(
                entry.getDN(),
                "",
                Problem.Code.DUPLICATE_ENTRY,
                "a second entry of this name; the first one counts"));
      }
    } catch (IllegalArgumentException e) {
      problems.add(malformed(entry.getDN(), String.valueOf(e.getMessage())));
    }
  }

  private static Problem malformed(String dn, String detail) {
    return new Problem(dn, "", Problem.Code.MALFORMED_ENTRY, detail);
  }

  /// The name that the lines of a refused entry give, as far as they give one.
  private static String dnOf(LDIFException e) {
    List<String> lines = e.getDataLines();
    if (lines == null) return "";
    for (String line : lines) {
      if (line.regionMatches(true, 0, "dn: ", 0, 4)) return line.substring(4).strip();
    }
    return "";
  }

  private static String reason(LDIFException e) {
    return "line " + e.getLineNumber() + ": " + e.getExceptionMessage();
  }
}
