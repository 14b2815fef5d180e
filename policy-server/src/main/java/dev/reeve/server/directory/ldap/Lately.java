package dev.reeve.server.directory.ldap;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// What was modified lately, read again: for a server whose feed forgets to tell of a change now
/// and then. Costs as much as was modified.
final class Lately {

  /// Longer than from one look to the next: what is written between two is read by both.
  private static final Duration REACH = Duration.ofMinutes(1);

  private final LdapConfig config;
  private String latest = "";

  Lately(LdapConfig config) {
    this.config = config;
  }

  /// Where nothing was written since the last time, only what was written last.
  Map<UUID, SeenEntry> read(Session session, Replica known) throws FeedException {
    Map<UUID, SeenEntry> found = new LinkedHashMap<>();
    String now = known.latest();
    String from = now.equals(latest) ? now : Replica.earlier(now, REACH);
    latest = now;
    if (from.isEmpty()) return found;
    new Reading(session, config, 0)
        .all(
            config.baseDn().toString(),
            "(%s>=%s)"
                .formatted(EntryReader.MODIFY_TIMESTAMP, from.substring(Replica.TIME.length())),
            EntryReader.attributes(),
            List.of(),
            entry -> {
              SeenEntry seen = session.reader().read(entry);
              found.put(seen.id(), seen);
            });
    return found;
  }
}
