package dev.reeve.server.directory.ldap;

import dev.reeve.schema.read.LdapEntry;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// What an earlier run of the server saw of entries, as far as a stamp can tell that nobody has
/// written them since: one of a whole second cannot.
final class Earlier {

  private record Mark(String stamp, int traits) {}

  static final Earlier NOTHING = new Earlier(Map.of());

  private final Map<UUID, Mark> marks;

  private Earlier(Map<UUID, Mark> marks) {
    this.marks = marks;
  }

  static Earlier of(Collection<LdapEntry> entries) {
    if (entries.isEmpty()) return NOTHING;
    var marks = new HashMap<UUID, Mark>();
    for (LdapEntry entry : entries) {
      int traits = SeenEntry.traits(entry);
      if (traits == 0 || entry.stamp().isEmpty() || entry.stamp().startsWith(Replica.TIME))
        continue;
      EntryReader.id(entry).ifPresent(id -> marks.put(id, new Mark(entry.stamp(), traits)));
    }
    return new Earlier(marks);
  }

  /// The attributes it lost without being written.
  int strippedFrom(SeenEntry seen) {
    return Optional.ofNullable(marks.get(seen.id()))
        .filter(mark -> mark.stamp.equals(seen.stamp()))
        .map(mark -> mark.traits & ~seen.traits() & ~SeenEntry.changesUnwritten(seen))
        .orElse(0);
  }
}
