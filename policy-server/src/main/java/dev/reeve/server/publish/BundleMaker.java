package dev.reeve.server.publish;

import dev.reeve.model.bundle.BundleVersion;
import dev.reeve.model.bundle.Digest;
import dev.reeve.model.bundle.HostId;
import dev.reeve.model.bundle.Manifest;
import dev.reeve.model.bundle.Part;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;

/// A host's content → its manifest and objects. Pure.
///
/// @param objects by digest
record BundleMaker(Manifest manifest, Map<Digest, byte[]> objects) {

  /// How long a manifest may be admitted after it was signed.
  static final Duration VALIDITY = Duration.ofDays(7);

  static BundleMaker make(HostId host, BundleVersion version, HostContent content, Instant now) {
    var objects = new LinkedHashMap<Digest, byte[]>();
    Instant issued = now.truncatedTo(ChronoUnit.SECONDS);
    var manifest =
        new Manifest(
            host,
            version,
            content.computer(),
            issued,
            issued.plus(VALIDITY),
            part(content.policy(), objects),
            part(content.persistent(), objects),
            part(content.settings(), objects),
            add(content.provenance(), objects),
            content.secrets().map(secrets -> add(secrets, objects)),
            content.revocations().map(list -> add(list, objects)),
            content.peers().map(list -> add(list, objects)));
    return new BundleMaker(manifest, objects);
  }

  private static Part part(HostContent.Content content, Map<Digest, byte[]> objects) {
    return switch (content) {
      case HostContent.Content.Bytes(var bytes) -> new Part.Content(add(bytes, objects));
      case HostContent.Content.None _ -> Part.None.NONE;
      case HostContent.Content.Unknown _ -> Part.Unknown.UNKNOWN;
    };
  }

  private static Digest add(byte[] bytes, Map<Digest, byte[]> objects) {
    Digest digest = Digest.of(bytes);
    objects.put(digest, bytes);
    return digest;
  }

  /// Whether a manifest has used up half of its time and should be signed anew, with the same
  /// version.
  static boolean wantsRenewal(Manifest manifest, Instant now) {
    Duration half = Duration.between(manifest.issued(), manifest.expires()).dividedBy(2);
    return now.isAfter(manifest.issued().plus(half));
  }
}
