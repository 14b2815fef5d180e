package dev.reeve.server.rsop;

import dev.reeve.model.bundle.HostId;
import java.util.Map;
import java.util.Optional;

/// Port: enrolled hosts and what they say of themselves, from memory: asked at every poll.
public interface HostRegister {

  Optional<Known> find(HostId host);

  /// @param factsVersion rises whenever the facts change
  record Known(
      String epoch,
      String computerGuid,
      String computerDn,
      boolean revoked,
      Map<String, String> facts,
      String factsDigest,
      long factsVersion) {
    public Known {
      facts = Map.copyOf(facts);
    }
  }
}
