package dev.reeve.server.reports;

import dev.reeve.model.bundle.Digest;
import dev.reeve.model.bundle.HostId;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// Port: the facts each host sent last.
public interface HostFacts {

  Optional<Digest> findDigest(HostId host);

  Map<String, String> read(HostId host);

  /// Those of every host that sent some.
  Map<HostId, Map<String, String>> readAll();

  /// @return whether they differ from those before
  boolean save(HostId host, Map<String, String> facts, Instant when);
}
