package dev.reeve.model.ipsec;

/// Seals a secret at the moment it is typed or decoded, so that nothing behind it ever holds it
/// readable.
public interface SecretSealer {

  /// @param secret overwritten with zeros by the callee when it is done
  SealedSecret seal(byte[] secret);
}
