package dev.reeve.server.directory.embedded;

import java.util.Optional;

/// The embedded directory is for small sites: it is all in memory, under one lock.
final class SizeWarning {
  private SizeWarning() {}

  static final int ENTRIES = 20_000;

  /// What to say when the number of entries goes from one value to another.
  static Optional<String> between(int before, int after) {
    return before < ENTRIES && after >= ENTRIES
        ? Optional.of(
            "the embedded directory holds %d entries; it is made for fewer than %d: writes and unindexed searches are getting slow; move to OpenLDAP"
                .formatted(after, ENTRIES))
        : Optional.empty();
  }
}
