package dev.reeve.model.bundle;

import java.util.regex.Pattern;

/// A host, for ever: random, given at enrolment, in its certificate, manifests and the ledger. DN
/// and name may change.
///
/// @param text 32 lower-case hex digits
public record HostId(String text) {

  private static final Pattern HEX = Pattern.compile("[0-9a-f]{32}");
  private static final String URI = "urn:reeve:host:";

  public HostId {
    if (!HEX.matcher(text).matches())
      throw new IllegalArgumentException("'" + text + "' is no host id: 32 lower-case hex digits");
  }

  /// As it stands in a certificate's subject alternative name.
  public String toUri() {
    return URI + text;
  }

  /// @throws IllegalArgumentException naming the text
  public static HostId parseUri(String uri) {
    if (!uri.startsWith(URI))
      throw new IllegalArgumentException("'" + uri + "' does not start with " + URI);
    return new HostId(uri.substring(URI.length()));
  }

  @Override
  public String toString() {
    return text;
  }
}
