package dev.reeve.server.directory.ldap;

import dev.reeve.server.directory.DirectoryChange;
import dev.reeve.server.directory.DirectorySource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
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
    var toCome = new HashMap<UUID, Integer>();
    for (SeenEntry seen : puts) toCome.merge(seen.id(), 1, Integer::sum);
    var changes = new ArrayList<DirectoryChange>();
    for (Event event : events) {
      switch (event) {
        case Event.Put(var seen) -> {
          toCome.merge(seen.id(), -1, Integer::sum);
          holder(seen)
              .filter(id -> toCome.getOrDefault(id, 0) > 0)
              .ifPresent(id -> changes.addAll(replica.gone(id)));
          changes.addAll(replica.put(seen));
        }
        case Event.Gone(var id) -> changes.addAll(replica.gone(id));
      }
    }
    deliver(changes);
  }

  /// Another entry without any below it that has this one's name, as when two swap theirs.
  private Optional<UUID> holder(SeenEntry seen) {
    return replica
        .find(seen.dn())
        .filter(known -> !known.id().equals(seen.id()) && !replica.hasChildren(known.dn()))
        .map(Replica.Known::id);
  }

  /// The outcome of a comparison.
  ///
  /// @param different entries that are new or not as they were
  /// @param deleted those the directory says it deleted
  /// @param vanished those that were just not found any more
  void compared(Session session, List<SeenEntry> different, Set<UUID> deleted, Set<UUID> vanished)
      throws FeedException {
    var gone = new LinkedHashSet<>(vanished);
    gone.retainAll(replica.ids());
    sight.judgeVanished(session, replica, gone);
    gone.addAll(deleted);
    // What has nothing below it goes first: its name may be another's already. Of the rest, entries
    // may have been moved out before it went.
    var events = new ArrayList<Event>();
    gone.stream().filter(this::isLeaf).forEach(id -> events.add(new Event.Gone(id)));
    different.forEach(seen -> events.add(new Event.Put(seen)));
    gone.stream().filter(id -> !isLeaf(id)).forEach(id -> events.add(new Event.Gone(id)));
    changed(session, events);
  }

  private boolean isLeaf(UUID id) {
    return replica.find(id).filter(known -> !replica.hasChildren(known.dn())).isPresent();
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
