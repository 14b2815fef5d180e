package dev.reeve.server.publish;

import dev.reeve.model.bundle.HostId;
import java.time.Instant;
import java.util.Optional;

/// Port: told whether a host has policy, as its manifests say.
public interface PolicyRecord {

  /// @param policy whether there is one; empty = unknown, as before
  /// @param persistent likewise
  void remember(HostId host, Optional<Boolean> policy, Optional<Boolean> persistent, Instant when);
}
