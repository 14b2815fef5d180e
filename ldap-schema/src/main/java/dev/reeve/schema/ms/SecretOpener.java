package dev.reeve.schema.ms;

import dev.reeve.model.ipsec.SealedSecret;

/// Opens sealed secrets: Microsoft's form has them readable or not at all.
public interface SecretOpener {

  /// @return UTF-8; the caller overwrites it
  /// @throws IllegalArgumentException when it was sealed to somebody else
  byte[] open(SealedSecret secret);
}
