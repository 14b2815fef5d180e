package dev.reeve.server.directory;

import dev.reeve.model.gp.Dn;
import dev.reeve.schema.read.LdapEntry;

/// One change of a directory's content.
public sealed interface DirectoryChange {

  /// The entry is now this.
  record Upsert(LdapEntry entry) implements DirectoryChange {}

  /// The entry is gone, with everything below it.
  record Delete(Dn dn) implements DirectoryChange {}

  /// The entry `from` is now called `to`, and everything below it is below `to`. Directories tell
  /// of the renamed entry alone, so a source sends one of these and not a change for each entry
  /// below; an `Upsert` of `to` follows where the entry's own content changed, as its naming
  /// attribute does. An entry that was called `to` before is replaced.
  record Moved(Dn from, Dn to) implements DirectoryChange {}
}
