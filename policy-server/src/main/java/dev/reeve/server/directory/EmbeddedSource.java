package dev.reeve.server.directory;

import com.unboundid.ldap.sdk.Entry;
import dev.reeve.model.gp.Dn;
import dev.reeve.schema.read.LdapEntry;
import dev.reeve.server.directory.embedded.Change;
import dev.reeve.server.directory.embedded.EmbeddedDirectory;
import java.util.ArrayList;
import java.util.List;

/// Follows the embedded directory by its change call-back.
public final class EmbeddedSource implements DirectorySource {

  private final EmbeddedDirectory directory;
  private final Object order = new Object();
  private boolean closed;

  public EmbeddedSource(EmbeddedDirectory directory) {
    this.directory = directory;
  }

  @Override
  public void start(Feed feed) {
    synchronized (order) { // a change that comes before the first read is delivered waits here
      List<Entry> all = directory.follow(changes -> deliver(feed, changes));
      feed.reset(all.stream().map(LdapEntry::of).toList());
    }
  }

  @Override
  public void resume(Feed feed) {
    start(feed);
  }

  private void deliver(Feed feed, List<Change> changes) {
    synchronized (order) {
      if (!closed)
        feed.changed(changes.stream().flatMap(change -> translate(change).stream()).toList());
    }
  }

  private static List<DirectoryChange> translate(Change change) {
    return switch (change) {
      case Change.Upsert(var entry) -> List.of(new DirectoryChange.Upsert(LdapEntry.of(entry)));
      case Change.Delete(var dn) -> List.of(new DirectoryChange.Delete(Dn.parse(dn)));
      case Change.Move(var oldDn, var entries) -> {
        var moved = new ArrayList<DirectoryChange>();
        moved.add(new DirectoryChange.Delete(Dn.parse(oldDn)));
        entries.forEach(entry -> moved.add(new DirectoryChange.Upsert(LdapEntry.of(entry))));
        yield moved;
      }
    };
  }

  @Override
  public String describe() {
    return "embedded directory at " + directory.address();
  }

  @Override
  public void close() {
    synchronized (order) {
      closed = true;
    }
  }
}
