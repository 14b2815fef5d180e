package dev.reeve.server.directory;

import dev.reeve.model.gp.Dn;
import dev.reeve.schema.read.LdapEntry;

/// One change of a directory's content.
public sealed interface DirectoryChange {

  /// The entry is now this.
  record Upsert(LdapEntry entry) implements DirectoryChange {}

  /// The entry is gone, with everything below it.
  record Delete(Dn dn) implements DirectoryChange {}
}
