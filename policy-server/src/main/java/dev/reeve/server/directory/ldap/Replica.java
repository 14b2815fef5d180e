package dev.reeve.server.directory.ldap;

import com.unboundid.util.StaticUtils;
import dev.reeve.model.gp.Dn;
import dev.reeve.schema.read.LdapEntry;
import dev.reeve.server.directory.DirectoryChange;
import dev.reeve.server.directory.ldap.Picture.Event;
import dev.reeve.server.directory.ldap.SeenEntry.Kind;
import java.text.ParseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Date;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// What was delivered, without the content: each entry's id, name and marks. It finds out what a
/// change means: a known id under another name is a rename, of everything below it too, of which
/// directories say nothing.
final class Replica {

  /// How stamps begin that are times. They have whole seconds: an entry can be written twice in
  /// one.
  static final String TIME = "time ";

  /// A clock of whole seconds, and the delay with which we begin to measure a read.
  private static final Duration ROUNDING = Duration.ofSeconds(2);

  /// @param firm a later write would have changed the stamp
  record Known(
      UUID id,
      Dn dn,
      String stamp,
      boolean firm,
      int traits,
      Kind kind,
      long digest,
      boolean kept) {
    private Known at(Dn other) {
      return new Known(id, other, stamp, firm, traits, kind, digest, kept);
    }
  }

  private final Map<UUID, Known> byId = new HashMap<>();
  private final Map<Dn, UUID> byName = new HashMap<>();
  private final Map<Dn, Set<UUID>> children = new HashMap<>();

  /// Below a name that no entry has: they were read before, or after, what is above them was
  /// renamed.
  private final Set<UUID> orphans = new HashSet<>();

  private String latest = ""; // time stamp

  boolean isEmpty() {
    return byId.isEmpty();
  }

  Set<UUID> ids() {
    return Set.copyOf(byId.keySet());
  }

  Optional<Known> find(UUID id) {
    return Optional.ofNullable(byId.get(id));
  }

  Optional<Known> find(Dn dn) {
    return Optional.ofNullable(byName.get(dn)).flatMap(this::find);
  }

  /// Those that are new or not as they were.
  List<SeenEntry> different(Collection<SeenEntry> all) {
    return all.stream()
        .filter(seen -> find(seen.id()).filter(k -> k.digest() == seen.digest()).isEmpty())
        .toList();
  }

  Stream<Known> all() {
    return byId.values().stream();
  }

  boolean hasChildren(Dn dn) {
    return children.containsKey(dn);
  }

  Set<UUID> childrenOf(Dn dn) {
    return children.getOrDefault(dn, Set.of());
  }

  /// How many of each kind would be left without these.
  Map<Kind, Integer> count(Predicate<UUID> counted) {
    var counts = new EnumMap<Kind, Integer>(Kind.class);
    for (Known known : byId.values())
      if (counted.test(known.id())) counts.merge(known.kind(), 1, Integer::sum);
    return counts;
  }

  /// Starts again with a complete read.
  ///
  /// @param took how long it took: an entry that was read at its beginning may have been written
  ///   again before its end, in the same second as before
  /// @return what of it is worth delivering
  /// @throws FeedException when two entries have one name
  List<LdapEntry> reset(Collection<SeenEntry> all, Duration took) throws FeedException {
    byId.clear();
    byName.clear();
    children.clear();
    orphans.clear();
    for (SeenEntry seen : all) noteTime(seen.stamp());
    String began = earlier(latest, took.plus(ROUNDING));
    var kept = new ArrayList<LdapEntry>();
    for (SeenEntry seen : all) {
      Optional<UUID> other = Optional.ofNullable(byName.get(seen.dn()));
      if (other.isPresent() || byId.containsKey(seen.id())) throw inconsistent(seen.dn());
      add(known(seen, seen.matters(), began));
      if (seen.matters()) kept.add(seen.entry());
    }
    return kept;
  }

  /// @param events in the order they were made
  /// @return what changed for whoever holds the content
  List<DirectoryChange> changed(List<Event> events) throws FeedException {
    var toCome = new HashMap<UUID, Integer>();
    for (Event event : events)
      if (event instanceof Event.Put(var seen)) toCome.merge(seen.id(), 1, Integer::sum);
    var changes = new ArrayList<DirectoryChange>();
    for (Event event : events) {
      switch (event) {
        case Event.Put(var seen) -> {
          toCome.merge(seen.id(), -1, Integer::sum);
          holder(seen)
              .filter(id -> toCome.getOrDefault(id, 0) > 0)
              .ifPresent(id -> changes.addAll(gone(id)));
          changes.addAll(put(seen));
        }
        case Event.Gone(var id) -> changes.addAll(gone(id));
      }
    }
    return changes;
  }

  /// Another entry without any below it that has this one's name, as when two swap theirs.
  private Optional<UUID> holder(SeenEntry seen) {
    return find(seen.dn())
        .filter(known -> !known.id().equals(seen.id()) && !hasChildren(known.dn()))
        .map(Known::id);
  }

  /// An order in which what was found in none can have come about: containers come before what is
  /// in them, or an entry would be put where a container, with what it holds, is still to come.
  ///
  /// @param now entries as they are; of several of one id the last counts
  /// @param gone those that are no more
  List<Event> inOrder(Collection<SeenEntry> now, Set<UUID> gone) {
    var last = new LinkedHashMap<UUID, SeenEntry>();
    for (SeenEntry seen : now) last.put(seen.id(), seen);
    // What has nothing below it goes first: its name may be another's already. Of the rest, entries
    // may have been moved out before it went.
    var events = new ArrayList<Event>();
    gone.stream().filter(this::isLeaf).forEach(id -> events.add(new Event.Gone(id)));
    last.values().stream()
        .sorted(Comparator.comparingInt(seen -> seen.dn().depth()))
        .forEach(seen -> events.add(new Event.Put(seen)));
    gone.stream().filter(id -> !isLeaf(id)).forEach(id -> events.add(new Event.Gone(id)));
    return events;
  }

  private boolean isLeaf(UUID id) {
    return find(id).filter(known -> !hasChildren(known.dn())).isPresent();
  }

  /// The entry is now this.
  ///
  /// @return what changed for whoever holds the content; empty when nothing did
  List<DirectoryChange> put(SeenEntry seen) throws FeedException {
    noteTime(seen.stamp());
    Optional<Known> before = find(seen.id());
    Optional<UUID> holder = Optional.ofNullable(byName.get(seen.dn()));
    if (holder.filter(id -> !id.equals(seen.id())).isPresent()) throw inconsistent(seen.dn());
    boolean kept = seen.matters() || before.filter(Known::kept).isPresent();
    var changes = new ArrayList<DirectoryChange>();
    if (before.isPresent()) {
      Dn from = before.get().dn();
      if (!from.equals(seen.dn())) {
        rename(from, seen.dn());
        changes.add(new DirectoryChange.Moved(from, seen.dn()));
      }
    }
    Known now = known(seen, kept, latest);
    if (before.isPresent()) byId.put(now.id(), now);
    else add(now);
    boolean same = before.filter(b -> b.digest() == seen.digest() && b.kept() == kept).isPresent();
    if (kept && !same) changes.add(new DirectoryChange.Upsert(seen.entry()));
    return changes;
  }

  /// The entry is gone.
  List<DirectoryChange> gone(UUID id) {
    Optional<Known> known = find(id);
    if (known.isEmpty()) return List.of();
    subtree(known.get()).forEach(this::remove);
    return List.of(new DirectoryChange.Delete(known.get().dn()));
  }

  /// @param readAfter a time stamp: the entry was read after it
  private Known known(SeenEntry seen, boolean kept, String readAfter) {
    boolean firm = !seen.stamp().startsWith(TIME) || seen.stamp().compareTo(readAfter) < 0;
    return new Known(
        seen.id(),
        seen.dn(),
        seen.stamp(),
        firm && !seen.stamp().isEmpty(),
        seen.traits(),
        seen.kind(),
        seen.digest(),
        kept);
  }

  /// @return empty when the stamp is no time
  static String earlier(String stamp, Duration by) {
    try {
      if (!stamp.startsWith(TIME)) return "";
      Date time = StaticUtils.decodeGeneralizedTime(stamp.substring(TIME.length()));
      return TIME + StaticUtils.encodeGeneralizedTime(Date.from(time.toInstant().minus(by)));
    } catch (ParseException e) {
      return "";
    }
  }

  /// The latest time stamp of an entry; empty where stamps are no times.
  String latest() {
    return latest;
  }

  private void noteTime(String stamp) {
    if (stamp.startsWith(TIME) && stamp.compareTo(latest) > 0) latest = stamp;
  }

  private void rename(Dn from, Dn to) throws FeedException {
    List<Known> moved = subtree(find(from).orElseThrow());
    moved.forEach(this::remove);
    for (Known known : moved) {
      Dn name = known.dn().moved(from, to);
      if (byName.containsKey(name)) throw inconsistent(name);
      add(known.at(name));
    }
  }

  /// All that has a name below that one, as for whoever holds the content.
  private List<Known> subtree(Known top) {
    var found = new ArrayList<Known>(List.of(top));
    orphans.stream()
        .filter(id -> !id.equals(top.id()))
        .flatMap(id -> find(id).stream())
        .filter(known -> known.dn().isUnder(top.dn()))
        .forEach(found::add);
    for (int i = 0; i < found.size(); i++)
      for (UUID child : childrenOf(found.get(i).dn())) found.add(find(child).orElseThrow());
    return found;
  }

  private void add(Known known) {
    byId.put(known.id(), known);
    byName.put(known.dn(), known.id());
    known
        .dn()
        .parent()
        .ifPresent(parent -> {
          children.computeIfAbsent(parent, _ -> new HashSet<>()).add(known.id());
          if (!byName.containsKey(parent)) orphans.add(known.id());
        });
    orphans.removeAll(childrenOf(known.dn()));
  }

  private void remove(Known known) {
    byId.remove(known.id());
    byName.remove(known.dn(), known.id());
    orphans.remove(known.id());
    orphans.addAll(childrenOf(known.dn()));
    known
        .dn()
        .parent()
        .ifPresent(p ->
            children.computeIfPresent(
                p,
                (_, ids) -> {
                  ids.remove(known.id());
                  return ids.isEmpty() ? null : ids;
                }));
  }

  private static FeedException inconsistent(Dn dn) {
    return new FeedException(
        FeedException.Kind.POSITION,
        "two entries came by the name " + dn + ": a change was missed");
  }
}
