package dev.reeve.model.bundle;

import java.time.Instant;
import java.util.Optional;

/// What a host remembers between manifests; it survives restarts.
///
/// @param floor the newest version ever admitted; number 0 before the first
/// @param newest the manifest of that version
/// @param timeFloor the latest moment known to have passed (last signed time, build time): a clock
///   set back fools nobody
public record GateState(
    HostId host, BundleVersion floor, Optional<Manifest> newest, Instant timeFloor) {

  /// A host that has just enrolled.
  public static GateState enrolled(HostId host, String epoch, Instant timeFloor) {
    return new GateState(host, new BundleVersion(epoch, 0), Optional.empty(), timeFloor);
  }

  /// After `manifest` was admitted.
  public GateState after(Manifest manifest) {
    Instant later = manifest.issued().isAfter(timeFloor) ? manifest.issued() : timeFloor;
    return new GateState(host, manifest.version(), Optional.of(manifest), later);
  }
}
