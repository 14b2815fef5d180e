package dev.reeve.model.ipsec;

import java.util.Arrays;

/// Diffie-Hellman groups of IKE (IANA "Transform Type 4" numbers).
public enum DhGroup {
  MODP768(1, "modp768", true),
  MODP1024(2, "modp1024", true),
  MODP2048(14, "modp2048", false),
  MODP3072(15, "modp3072", false),
  MODP4096(16, "modp4096", false),
  ECP256(19, "ecp256", false),
  ECP384(20, "ecp384", false),
  ECP521(21, "ecp521", false),
  CURVE25519(31, "curve25519", false);

  private final int number;
  private final String text;
  private final boolean weak;

  DhGroup(int number, String text, boolean weak) {
    this.number = number;
    this.text = text;
    this.weak = weak;
  }

  /// @throws IllegalArgumentException naming the text
  public static DhGroup parse(String text) {
    return Arrays.stream(values())
        .filter(g -> g.text.equals(text))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "'" + text + "' is no DH group; known: " + Arrays.toString(values())));
  }

  public int number() {
    return number;
  }

  /// Groups 1 and 2: used only where the host setting `legacy` allows it.
  public boolean isWeak() {
    return weak;
  }

  @Override
  public String toString() {
    return text;
  }
}
