package dev.reeve.model.bundle;

/// A manifest that passed the gate; only the gate makes one. Its objects are yet to come.
public final class VerifiedManifest {
  private final Manifest manifest;
  private final byte[] signed;

  VerifiedManifest(Manifest manifest, byte[] signed) {
    this.manifest = manifest;
    this.signed = signed;
  }

  public Manifest manifest() {
    return manifest;
  }

  /// The bytes as they came: what is kept, so that they can be verified again.
  public byte[] signed() {
    return signed.clone();
  }
}
