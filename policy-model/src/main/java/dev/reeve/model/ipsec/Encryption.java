package dev.reeve.model.ipsec;

import java.util.Arrays;

/// Ciphers of IKE and ESP. The text form is the one strongSwan and this project's JSON use.
public enum Encryption {
  NULL("null", true),
  DES("des", true),
  DES3("3des", true),
  AES128("aes128", false),
  AES192("aes192", false),
  AES256("aes256", false),
  AES128_GCM("aes128gcm16", false),
  AES256_GCM("aes256gcm16", false),
  CHACHA20_POLY1305("chacha20poly1305", false);

  private final String text;
  private final boolean weak;

  Encryption(String text, boolean weak) {
    this.text = text;
    this.weak = weak;
  }

  /// @throws IllegalArgumentException naming the text
  public static Encryption parse(String text) {
    return Arrays.stream(values())
        .filter(e -> e.text.equals(text))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "'" + text + "' is no cipher; known: " + Arrays.toString(values())));
  }

  /// Used only where the host setting `legacy` allows it (NULL with integrity is weak as
  /// encryption, not as such).
  public boolean isWeak() {
    return weak;
  }

  /// Carries its own integrity, so none is negotiated beside it.
  public boolean isAead() {
    return this == AES128_GCM || this == AES256_GCM || this == CHACHA20_POLY1305;
  }

  @Override
  public String toString() {
    return text;
  }
}
