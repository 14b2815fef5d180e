package dev.reeve.server.directory;

import dev.reeve.model.gp.Dn;
import dev.reeve.schema.read.LdapEntry;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;

/// Port: a directory that is read once as a whole and then followed.
public interface DirectorySource extends AutoCloseable {

  /// Reads everything, then follows changes until closed. Returns after the first [Feed#reset].
  ///
  /// @throws DirectoryException when the first read fails
  void start(Feed feed) throws DirectoryException;

  /// For people and logs: what is read and from where.
  String describe();

  @Override
  void close();

  /// Where a source delivers. Calls come one at a time, in the order of the changes.
  interface Feed {

    /// A complete read: whatever is not in it does not exist.
    default void reset(Collection<LdapEntry> all) {
      reset(all, _ -> true);
    }

    /// A complete read of some names: of those that `part` tells, whatever is not in it does not
    /// exist.
    void reset(Collection<LdapEntry> all, Predicate<Dn> part);

    void changed(List<DirectoryChange> changes);

    /// Contact is lost; the last picture stays in force until the next `reset` or `changed`.
    void lost(String why);
  }
}
