package dev.reeve.model.bundle;

import dev.reeve.model.ipsec.HostSettings;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// A manifest with all its objects, verified and read; only the gate makes one.
public final class VerifiedBundle {
  private final VerifiedManifest manifest;
  private final Map<Digest, byte[]> objects;
  private final Assignment policy;
  private final Assignment persistent;
  private final Optional<HostSettings> settings;
  private final HostSecrets secrets;
  private final Optional<Revocations> revocations;
  private final Optional<PeerList> peers;

  VerifiedBundle(
      VerifiedManifest manifest,
      Map<Digest, byte[]> objects,
      Assignment policy,
      Assignment persistent,
      Optional<HostSettings> settings,
      HostSecrets secrets,
      Optional<Revocations> revocations,
      Optional<PeerList> peers) {
    this.manifest = manifest;
    this.objects = Map.copyOf(objects);
    this.policy = policy;
    this.persistent = persistent;
    this.settings = settings;
    this.secrets = secrets;
    this.revocations = revocations;
    this.peers = peers;
  }

  public Manifest manifest() {
    return manifest.manifest();
  }

  public byte[] signed() {
    return manifest.signed();
  }

  /// Every object of the manifest, by digest; copies, for nobody changes what was verified.
  public Map<Digest, byte[]> objects() {
    var copies = new HashMap<Digest, byte[]>();
    objects.forEach((digest, content) -> copies.put(digest, content.clone()));
    return copies;
  }

  public Assignment policy() {
    return policy;
  }

  public Assignment persistent() {
    return persistent;
  }

  /// Empty when unknown: keep what you have.
  public Optional<HostSettings> settings() {
    return settings;
  }

  /// Sealed to this host.
  public HostSecrets secrets() {
    return secrets;
  }

  /// Empty when this host does not check certificates against a CRL.
  public Optional<Revocations> revocations() {
    return revocations;
  }

  /// Empty when this host may associate with everybody.
  public Optional<PeerList> peers() {
    return peers;
  }

  /// The RSoP document.
  public byte[] provenance() {
    return objects.getOrDefault(manifest().provenance(), new byte[0]).clone();
  }
}
