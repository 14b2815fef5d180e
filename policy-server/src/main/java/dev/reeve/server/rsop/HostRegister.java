package dev.reeve.server.rsop;

import dev.reeve.model.bundle.HostId;
import java.security.PublicKey;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Port: enrolled hosts and what they say of themselves, from memory: asked at every poll.
public interface HostRegister {

  Optional<Known> find(HostId host);

  /// What selects the policy of each host; read at once, for whoever goes on to ask for all.
  Function<HostId, Optional<Selecting>> fleet();

  record Selecting(String computerGuid, Map<String, String> facts) {}

  /// Every host that has joined and was not revoked.
  List<Enrolled> enrolled();

  /// Rises whenever that may have changed.
  long enrolments();

  record Enrolled(HostId id, String computerGuid) {}

  /// @param encryptionKey what its secrets are sealed to; empty when it has sent none yet
  /// @param version rises whenever the facts or the key change
  record Known(
      String epoch,
      String computerGuid,
      String computerDn,
      boolean revoked,
      Map<String, String> facts,
      String factsDigest,
      Optional<PublicKey> encryptionKey,
      long version) {
    public Known {
      facts = Map.copyOf(facts);
    }
  }
}
