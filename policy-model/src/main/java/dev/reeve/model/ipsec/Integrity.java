package dev.reeve.model.ipsec;

import java.util.Arrays;

/// Hashes: integrity of ESP and AH, and the pseudo-random function of IKE.
public enum Integrity {
  NONE("none", false),
  MD5("md5", true),
  SHA1("sha1", false),
  SHA256("sha256", false),
  SHA384("sha384", false),
  SHA512("sha512", false);

  private final String text;
  private final boolean weak;

  Integrity(String text, boolean weak) {
    this.text = text;
    this.weak = weak;
  }

  /// @throws IllegalArgumentException naming the text
  public static Integrity parse(String text) {
    return Arrays.stream(values())
        .filter(i -> i.text.equals(text))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "'" + text + "' is no hash; known: " + Arrays.toString(values())));
  }

  /// Used only where the host setting `legacy` allows it.
  public boolean isWeak() {
    return weak;
  }

  @Override
  public String toString() {
    return text;
  }
}
