package dev.reeve.server.publish;

import dev.reeve.model.bundle.Digest;
import java.util.Optional;

/// Port: content-addressed objects; many hosts share one.
public interface ObjectStore {

  /// Keeps it; does nothing when it is there already. Durable when it returns.
  void put(Digest digest, byte[] content);

  Optional<byte[]> find(Digest digest);
}
