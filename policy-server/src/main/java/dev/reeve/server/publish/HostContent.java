package dev.reeve.server.publish;

import java.util.Optional;

/// What one host should enforce, as the bytes of its objects.
///
/// @param computer the host's DN, for people
/// @param provenance the RSoP document
/// @param secrets sealed to this host; empty = none
/// @param peers empty for a host that may associate with everybody
/// @param revocations empty for a host that checks no certificates against a CRL
public record HostContent(
    String computer,
    Content policy,
    Content persistent,
    Content settings,
    byte[] provenance,
    Optional<byte[]> secrets,
    Optional<byte[]> revocations,
    Optional<byte[]> peers) {

  /// One part.
  public sealed interface Content {
    record Bytes(byte[] bytes) implements Content {}

    enum None implements Content {
      NONE
    }

    enum Unknown implements Content {
      UNKNOWN
    }
  }
}
