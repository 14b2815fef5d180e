package dev.reeve.server.publish;

import dev.reeve.model.bundle.Digest;
import dev.reeve.model.bundle.Manifest;

/// A manifest ready to serve.
///
/// @param signed the bytes a host gets
/// @param etag names these bytes: a strong entity tag (RFC 9110 section 8.8.3)
public record Published(Manifest manifest, byte[] signed, String etag) {

  static Published of(Manifest manifest, byte[] signed) {
    return new Published(manifest, signed, "\"" + Digest.of(signed).hex() + "\"");
  }
}
