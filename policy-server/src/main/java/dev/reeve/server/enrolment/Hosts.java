package dev.reeve.server.enrolment;

import dev.reeve.model.bundle.Digest;
import dev.reeve.model.bundle.HostId;
import java.math.BigInteger;
import java.security.PublicKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Port: the hosts that have joined.
public interface Hosts {

  Optional<Host> find(HostId id);

  /// Newest first: the same computer may have joined several times.
  List<Host> ofComputer(String computerGuid);

  List<Host> all();

  /// How many there are, the revoked ones apart.
  long countGood();

  /// Remembers a host that joins, and its certificate.
  ///
  /// @return false when it is there already; nothing is changed then
  boolean add(Host host);

  /// A new certificate.
  void certified(HostId id, Digest key, BigInteger serial, Instant validUntil);

  /// What the host's secrets are sealed to; empty when it has sent none yet.
  Optional<PublicKey> findEncryptionKey(HostId id);

  void saveEncryptionKey(HostId id, PublicKey key);

  /// From now on the host's certificates do not count; the first time stays.
  void revoke(HostId id, Instant when);

  Set<HostId> revoked();
}
