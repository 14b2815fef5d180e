package dev.reeve.server.revocation;

import dev.reeve.model.bundle.Digest;
import dev.reeve.model.bundle.HostId;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Port: what is revoked, and the list of it that was issued last. Several servers share it.
public interface RevocationStore {

  /// One certificate of a revoked host.
  record Revoked(BigInteger serial, HostId host, Instant since) {}

  /// @param number rises by one
  /// @param of digest of the serials in it
  /// @param content [dev.reeve.model.bundle.Revocations]
  record Issued(long number, Digest of, Instant issued, byte[] content) {}

  /// Certificates of revoked hosts that have not expired at `now`, by serial.
  List<Revoked> revoked(Instant now);

  Optional<Issued> findLatest();

  /// @return false when another server was first with that number; nothing is changed then
  boolean save(Issued issued);
}
