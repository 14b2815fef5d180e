package dev.reeve.server.directory.ldap;

import dev.reeve.server.directory.DirectoryChange;
import dev.reeve.server.directory.DirectorySource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// Between a feed and whoever holds the content: what is believable goes through.
final class Picture {

  sealed interface Event {
    /// The entry is now this.
    record Put(SeenEntry seen) implements Event {}

    /// The directory said that it was deleted.
    record Gone(UUID id) implements Event {}
  }

  private final DirectorySource.Feed feed;
  private final Sight sight;
  private final Replica replica = new Replica();
  private boolean lost;
  private boolean complete;

  Picture(DirectorySource.Feed feed, LdapConfig config, Earlier earlier) {
    this.feed = feed;
    this.sight = new Sight(config, earlier);
  }

  Replica replica() {
    return replica;
  }

  /// Whether there was ever a complete read.
  boolean isComplete() {
    return complete;
  }

  boolean isLost() {
    return lost;
  }

  /// A complete read.
  ///
  /// @param took how long it took
  /// @param nothingWritten the directory says that nothing was written since the last
  void complete(Session session, Collection<SeenEntry> all, Duration took, boolean nothingWritten)
      throws FeedException {
    sight.judgeComplete(session, all, replica, nothingWritten && complete);
    feed.reset(replica.reset(all, took));
    complete = true;
    lost = false;
  }

  /// Changes in the order they were made.
  void changed(Session session, List<Event> events) throws FeedException {
    var puts = new ArrayList<SeenEntry>();
    for (Event event : events) if (event instanceof Event.Put(var seen)) puts.add(seen);
    sight.judgeChanged(session, replica, puts);
    deliver(replica.changed(events));
  }

  /// The outcome of a comparison.
  ///
  /// @param different entries that are new or not as they were, in any order
  /// @param deleted those the directory says it deleted
  /// @param vanished those that were just not found any more
  void compared(
      Session session, Collection<SeenEntry> different, Set<UUID> deleted, Set<UUID> vanished)
      throws FeedException {
    var gone = new LinkedHashSet<>(vanished);
    gone.retainAll(replica.ids());
    sight.judgeVanished(session, replica, gone);
    gone.addAll(deleted);
    changed(session, replica.inOrder(different, gone));
  }

  private void deliver(List<DirectoryChange> changes) {
    if (changes.isEmpty() && !lost) return;
    feed.changed(changes);
    lost = false;
  }

  /// Contact is there and nothing changed.
  void inContact() {
    if (lost) deliver(List.of());
    else feed.inContact();
  }

  /// @param toldOfDeletions the feed says at once what was deleted
  void patrol(Session session, boolean toldOfDeletions) throws FeedException {
    sight.patrol(session, replica, toldOfDeletions);
    feed.inContact();
  }

  void lost(String why) {
    lost = true;
    feed.lost(why);
  }

  Optional<UUID> renamed(SeenEntry seen) {
    return replica
        .find(seen.id())
        .filter(known -> !known.dn().equals(seen.dn()))
        .map(Replica.Known::id);
  }
}
