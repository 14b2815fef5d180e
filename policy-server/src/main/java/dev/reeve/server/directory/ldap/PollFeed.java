package dev.reeve.server.directory.ldap;

import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// Asks for what was modified since the last answer, and compares everything now and then: the one
/// for directories that have no feed.
final class PollFeed implements Follower {

  private static final String ALL = "(objectClass=*)";
  private static final int REST = 5; // comparing takes at most a fifth of the time

  private final LdapConfig config;
  private Optional<String> latest = Optional.empty();
  private boolean readAll = true;

  PollFeed(LdapConfig config) {
    this.config = config;
  }

  @Override
  public void forget() {
    readAll = true;
  }

  @Override
  public void follow(Session session, Picture picture, Duty duty)
      throws FeedException, InterruptedException {
    long took = compare(session, picture);
    long compared = System.nanoTime();
    while (!duty.isClosed() && !duty.isFullReadDue()) {
      Thread.sleep(config.timing().poll());
      changedSince(session, picture);
      if (Duty.since(compared).compareTo(longest(config.timing().compare(), took)) >= 0) {
        took = compare(session, picture);
        compared = System.nanoTime();
      }
      picture.inContact();
      var unused = duty.patrol(session, picture, false);
    }
  }

  private static Duration longest(Duration wanted, long tookNanos) {
    Duration rest = Duration.ofNanos(tookNanos).multipliedBy(REST);
    return rest.compareTo(wanted) > 0 ? rest : wanted;
  }

  private long compare(Session session, Picture picture) throws FeedException {
    long began = System.nanoTime();
    Map<UUID, SeenEntry> all = search(session, ALL);
    if (readAll) {
      picture.complete(session, all.values(), Duty.since(began), false);
      readAll = false;
    } else {
      Set<UUID> vanished = new HashSet<>(picture.replica().ids());
      vanished.removeAll(all.keySet());
      picture.compared(session, picture.replica().different(all.values()), Set.of(), vanished);
    }
    return System.nanoTime() - began;
  }

  /// From the last second on, whose writes may not all have been in the last answer.
  private void changedSince(Session session, Picture picture) throws FeedException {
    if (latest.isEmpty()) return;
    String filter = "(" + EntryReader.MODIFY_TIMESTAMP + ">=" + latest.get() + ")";
    picture.compared(
        session, picture.replica().different(search(session, filter).values()), Set.of(), Set.of());
  }

  private Map<UUID, SeenEntry> search(Session session, String filter) throws FeedException {
    Map<UUID, SeenEntry> found = new LinkedHashMap<>();
    new Reading(session, config, 0)
        .all(
            config.baseDn().toString(),
            filter,
            EntryReader.attributes(),
            List.of(),
            entry -> {
              EntryReader.value(entry, EntryReader.MODIFY_TIMESTAMP)
                  .filter(time -> latest.filter(l -> l.compareTo(time) >= 0).isEmpty())
                  .ifPresent(time -> latest = Optional.of(time));
              SeenEntry seen = session.reader().read(entry);
              found.put(seen.id(), seen);
            });
    return found;
  }
}
