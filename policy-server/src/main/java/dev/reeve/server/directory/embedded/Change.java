package dev.reeve.server.directory.embedded;

import com.unboundid.ldap.sdk.Entry;
import java.util.List;

/// One durable change of the directory, as its listeners see it. Entries carry their operational
/// attributes (entryUUID, modifyTimestamp, …) and never a password.
public sealed interface Change {

  /// The entry was added, or is now this.
  record Upsert(Entry entry) implements Change {}

  /// The entry is gone, with everything that was below it.
  record Delete(String dn) implements Change {}

  /// The entry and everything below it changed their names; their entryUUIDs stay.
  ///
  /// @param oldDn the name the topmost entry had
  /// @param entries the moved entries under their new names, parents before children, never empty
  record Move(String oldDn, List<Entry> entries) implements Change {
    public Move {
      entries = List.copyOf(entries);
      if (entries.isEmpty()) throw new IllegalArgumentException("a move has at least one entry");
    }
  }
}
