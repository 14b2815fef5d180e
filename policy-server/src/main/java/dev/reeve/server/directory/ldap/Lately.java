package dev.reeve.server.directory.ldap;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// What was modified since the last time, read again: for a server whose feed forgets to tell of a
/// change now and then. Costs as much as was modified.
final class Lately {

  /// Of what was written just before the last time, some may have become visible after it.
  private static final Duration REACH = Duration.ofMinutes(1);

  private final LdapConfig config;
  private String looked = "";
  private boolean settled;

  Lately(LdapConfig config) {
    this.config = config;
  }

  /// Everything was read.
  void begin(Replica all) {
    looked = all.latest();
    settled = false;
  }

  /// The stamp to read from: of an outage, that is before it. Where nothing was written since the
  /// last two times, it is that of what was written last. Empty where stamps are no times.
  ///
  /// @param latest the latest stamp of all that is known
  String since(String latest) {
    return latest.equals(looked) && settled ? latest : Replica.earlier(looked, REACH);
  }

  /// What was modified up to that stamp was read, and delivered: the next time begins there.
  void looked(String latest) {
    settled = latest.equals(looked);
    looked = latest;
  }

  /// @param from as [#since] says
  Map<UUID, SeenEntry> read(Session session, String from) throws FeedException {
    Map<UUID, SeenEntry> found = new LinkedHashMap<>();
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
