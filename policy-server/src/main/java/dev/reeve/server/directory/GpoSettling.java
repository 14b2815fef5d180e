package dev.reeve.server.directory;

import dev.reeve.model.gp.Dn;
import dev.reeve.model.gp.Gpo;
import dev.reeve.model.gp.GpoEntry;
import dev.reeve.model.gp.PolicyPointer;
import dev.reeve.model.gp.SharedMap;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;

/// Holds a GPO back for a while when it loses what it assigned.
///
/// LDAP deletes leaves first: of a GPO that is being deleted, the entry that assigns goes before
/// the GPO itself, and for a moment the GPO looks like one that assigns nothing, which would
/// withdraw a policy. When the GPO is gone, nobody knows any more what it would have said, and
/// hosts keep what they have. An assignment that was really taken away acts when the time is over.
///
/// @param published what the world may see
/// @param losing GPOs held back, and since when
record GpoSettling(SharedMap<Dn, GpoEntry> published, Map<Dn, Instant> losing) {

  static final Duration QUIET = Duration.ofSeconds(5);

  GpoSettling {
    losing = Map.copyOf(losing);
  }

  static GpoSettling after(Map<Dn, GpoEntry> read) {
    return new GpoSettling(SharedMap.copyOf(read), Map.of());
  }

  /// @param lookAgain when a GPO held back becomes due; empty when none is
  record Settled(GpoSettling next, Optional<Instant> lookAgain) {}

  Settled settle(Map<Dn, GpoEntry> fresh, Instant now) {
    SharedMap<Dn, GpoEntry> next = SharedMap.copyOf(fresh);
    var changed = new HashSet<Dn>();
    next.forEachDifference(published, changed::add);
    var still = new HashMap<Dn, Instant>();
    Optional<Instant> lookAgain = Optional.empty();
    for (Dn name : changed) {
      Optional<GpoEntry> before = Optional.ofNullable(published.get(name));
      Optional<GpoEntry> after = Optional.ofNullable(fresh.get(name));
      if (before.isEmpty() || after.isEmpty() || !loses(before.get(), after.get())) continue;
      Instant since = losing.getOrDefault(name, now);
      Instant due = since.plus(QUIET);
      if (!due.isAfter(now)) continue;
      next = next.with(name, before.get());
      still.put(name, since);
      if (lookAgain.isEmpty() || due.isBefore(lookAgain.get())) lookAgain = Optional.of(due);
    }
    return new Settled(new GpoSettling(next, still), lookAgain);
  }

  private static boolean loses(GpoEntry before, GpoEntry after) {
    return before instanceof Gpo old
        && after instanceof Gpo fresh
        && (loses(old.ipsecPolicy(), fresh.ipsecPolicy())
            || loses(old.persistentPolicy(), fresh.persistentPolicy())
            || (!old.settings().values().isEmpty() && fresh.settings().values().isEmpty()));
  }

  private static boolean loses(PolicyPointer before, PolicyPointer after) {
    return !(before instanceof PolicyPointer.None) && after instanceof PolicyPointer.None;
  }
}
