package dev.reeve.server.directory.embedded;

import com.unboundid.ldap.sdk.DN;
import com.unboundid.ldap.sdk.Entry;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.schema.Schema;
import com.unboundid.ldif.LDIFAddChangeRecord;
import com.unboundid.ldif.LDIFChangeRecord;
import com.unboundid.ldif.LDIFDeleteChangeRecord;
import com.unboundid.ldif.LDIFException;
import com.unboundid.ldif.LDIFReader;
import com.unboundid.util.ByteStringBuffer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.NavigableMap;

/// What one journal record says, as LDIF: results, not requests. `changetype: add` means that the
/// entry is now this, whether it was added or modified; `changetype: delete` means that the entry
/// and everything below it is gone; a rename is a delete and the adds of what moved.
///
/// So replay computes nothing anew (UUIDs and timestamps stay), and no clear-text password of a
/// request reaches the disk.
final class Records {
  private Records() {}

  static byte[] encode(List<? extends LDIFChangeRecord> records) {
    var text = new ByteStringBuffer();
    for (var r : records) {
      r.toLDIF(text, 0);
      text.append("\n");
    }
    return text.toByteArray();
  }

  /// Applies one journal record to a tree.
  static void replay(byte[] payload, NavigableMap<DN, Entry> tree, Schema schema)
      throws IOException, LDIFException, LDAPException {
    try (var reader = new LDIFReader(new ByteArrayInputStream(payload))) {
      reader.setSchema(schema);
      for (var r = reader.readChangeRecord(); r != null; r = reader.readChangeRecord()) {
        var dn = new DN(r.getDN(), schema);
        switch (r) {
          case LDIFAddChangeRecord add -> tree.put(dn, add.getEntryToAdd());
          case LDIFDeleteChangeRecord _ -> removeSubtree(tree, dn);
          default ->
              throw new LDIFException(
                  "change type %s of %s".formatted(r.getChangeType(), dn), 0, true, null);
        }
      }
    }
  }

  /// DNs sort parent first, so a subtree is one run of the map.
  private static void removeSubtree(NavigableMap<DN, Entry> tree, DN top) {
    var run = tree.tailMap(top, true).keySet().iterator();
    while (run.hasNext() && run.next().isDescendantOf(top, true)) run.remove();
  }
}
