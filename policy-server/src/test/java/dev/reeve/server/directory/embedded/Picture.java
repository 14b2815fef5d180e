package dev.reeve.server.directory.embedded;

import com.unboundid.ldap.sdk.DN;
import com.unboundid.ldap.sdk.Entry;
import com.unboundid.ldap.sdk.LDAPException;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;

/// What a listener can know: the state at the beginning and the changes since.
final class Picture implements Consumer<List<Change>> {
  private final TreeMap<DN, Entry> entries = new TreeMap<>();

  private Picture() {}

  static Picture of(EmbeddedDirectory directory) {
    var picture = new Picture();
    synchronized (picture) {
      directory.follow(picture).forEach(picture::put);
    }
    return picture;
  }

  @Override
  public synchronized void accept(List<Change> changes) {
    for (var change : changes) {
      switch (change) {
        case Change.Upsert(Entry entry) -> put(entry);
        case Change.Delete(String dn) -> remove(dn);
        case Change.Move(String oldDn, List<Entry> moved) -> {
          remove(oldDn);
          moved.forEach(this::put);
        }
      }
    }
  }

  synchronized List<String> text() {
    return entries.values().stream().map(TestDirectory::text).toList();
  }

  private void put(Entry entry) {
    entries.put(dn(entry.getDN()), entry);
  }

  private void remove(String top) {
    var gone = dn(top);
    entries.keySet().removeIf(name -> name.isDescendantOf(gone, true));
  }

  private static DN dn(String text) {
    try {
      return new DN(text);
    } catch (LDAPException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
