package dev.reeve.server.directory.embedded;

import static dev.reeve.server.directory.embedded.TestDirectory.BASE;

import com.unboundid.ldap.sdk.Modification;
import com.unboundid.ldap.sdk.ModificationType;
import com.unboundid.ldif.LDIFChangeRecord;
import com.unboundid.ldif.LDIFDeleteChangeRecord;
import com.unboundid.ldif.LDIFModifyChangeRecord;
import com.unboundid.ldif.LDIFModifyDNChangeRecord;
import java.util.TreeMap;

/// What one writer does in one round: the same for the child that does it and the parent that
/// checks.
///
/// @param box where the writer works; write 0 makes it
record CrashScript(String box) {
  static CrashScript of(int round, int writer) {
    return new CrashScript("CN=round%d writer%d,%s".formatted(round, writer, BASE));
  }

  /// @param description the entry's description
  /// @param madeBy number of the write that added the entry
  record Expected(String description, int madeBy) {}

  LDIFChangeRecord write(int i) {
    if (i == 0) return TestDirectory.container(box, "description: 0");
    int first = i - (i - 1) % 6;
    return switch ((i - 1) % 6) {
      case 0 -> TestDirectory.container(entry("a", first), "description: " + i);
      case 1 ->
          new LDIFModifyChangeRecord(
              entry("a", first),
              new Modification(ModificationType.REPLACE, "description", Integer.toString(i)));
      case 2 -> new LDIFModifyDNChangeRecord(entry("a", first), "CN=b" + first, true, null);
      case 3 -> TestDirectory.container("CN=child," + entry("b", first), "description: " + i);
      case 4 -> new LDIFModifyDNChangeRecord(entry("b", first), "CN=c" + first, true, null);
      default -> new LDIFDeleteChangeRecord("CN=child," + entry("c", first));
    };
  }

  /// The entries after that many writes, by DN.
  TreeMap<String, Expected> after(int writes) {
    var entries = new TreeMap<String, Expected>();
    for (int i = 0; i < writes; i++) apply(entries, i);
    return entries;
  }

  private void apply(TreeMap<String, Expected> entries, int i) {
    int first = i - (i - 1) % 6;
    var fresh = new Expected(Integer.toString(i), i);
    switch (i == 0 ? -1 : (i - 1) % 6) {
      case -1 -> entries.put(box, fresh);
      case 0 -> entries.put(entry("a", first), fresh);
      case 1 -> entries.put(entry("a", first), new Expected(Integer.toString(i), first));
      case 2 -> move(entries, entry("a", first), entry("b", first));
      case 3 -> entries.put("CN=child," + entry("b", first), fresh);
      case 4 -> {
        move(entries, "CN=child," + entry("b", first), "CN=child," + entry("c", first));
        move(entries, entry("b", first), entry("c", first));
      }
      default -> entries.remove("CN=child," + entry("c", first));
    }
  }

  private static void move(TreeMap<String, Expected> entries, String from, String to) {
    var moved = entries.remove(from);
    if (moved == null) throw new IllegalStateException(from);
    entries.put(to, moved);
  }

  private String entry(String prefix, int number) {
    return "CN=%s%d,%s".formatted(prefix, number, box);
  }
}
