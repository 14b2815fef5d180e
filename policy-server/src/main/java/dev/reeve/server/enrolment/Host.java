package dev.reeve.server.enrolment;

import dev.reeve.model.bundle.Digest;
import dev.reeve.model.bundle.HostId;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Optional;

/// An enrolled host.
///
/// @param epoch its bundle versions count within
/// @param computerGuid entryUUID or objectGUID of its entry: survives renames and moves
/// @param computerDn where the entry was at enrolment, for people
/// @param name what it called itself
/// @param key digest of its public key
/// @param serial of its newest certificate
/// @param validUntil end of its newest certificate
/// @param revoked since when; empty = good
public record Host(
    HostId id,
    String epoch,
    String computerGuid,
    String computerDn,
    String name,
    Instant enrolled,
    Digest key,
    BigInteger serial,
    Instant validUntil,
    Optional<Instant> revoked) {

  public boolean isRevoked() {
    return revoked.isPresent();
  }
}
