package dev.reeve.server.revocation;

import java.net.URI;
import java.nio.file.Path;

/// Where the CRL of another CA is fetched from: an administrator of this server said so. What a
/// certificate or the directory says of distribution points is never asked.
///
/// @param authority file with the CA's certificate, PEM
/// @param from http or https; the CRL is signed, so either will do
public record CrlSource(Path authority, URI from) {

  public CrlSource {
    boolean web = "http".equals(from.getScheme()) || "https".equals(from.getScheme());
    if (!web || from.getHost() == null || from.getUserInfo() != null)
      throw new IllegalArgumentException("'" + from + "' is no http or https URL of a host");
  }

  /// @param text `FILE=URL`
  /// @throws IllegalArgumentException saying what is wrong
  public static CrlSource parse(String text) {
    int equals = text.indexOf("=http");
    if (equals < 1)
      throw new IllegalArgumentException(
          "found '" + text + "', expected CA-CERTIFICATE-FILE=http://… or https://…");
    return new CrlSource(
        Path.of(text.substring(0, equals)).toAbsolutePath(),
        URI.create(text.substring(equals + 1)));
  }
}
