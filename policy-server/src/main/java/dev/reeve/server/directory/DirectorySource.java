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

  /// What an earlier run has seen. A first read that shows less of an entry, which nobody has
  /// written since, fails: something is hidden from us that was not.
  default void remember(Collection<LdapEntry> earlier) {}

  /// As `start`, for a feed that has a picture to go on with: returns at once, and a first read
  /// that fails is a loss like any later one.
  void resume(Feed feed);

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

    /// Contact is there, and what was delivered is what there is. Said now and then while nothing
    /// changes.
    void inContact();
  }
}
