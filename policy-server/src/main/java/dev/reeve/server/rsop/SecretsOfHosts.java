package dev.reeve.server.rsop;

import dev.reeve.model.bundle.Digest;
import dev.reeve.model.bundle.HostId;
import dev.reeve.model.ipsec.SealedSecret;
import java.security.PublicKey;
import java.util.Map;
import java.util.Optional;

/// Port: makes the secrets object of a host.
public interface SecretsOfHosts {

  /// The same question has the same answer.
  ///
  /// @param key the host's encryption key
  /// @param inPolicies what its policies hold, sealed to the vault, by id
  /// @return empty when there is none, or no key to seal them to
  Optional<byte[]> find(HostId host, Optional<PublicKey> key, Map<Digest, SealedSecret> inPolicies);
}
