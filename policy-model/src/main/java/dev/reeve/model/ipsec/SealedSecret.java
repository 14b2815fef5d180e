package dev.reeve.model.ipsec;

import java.util.Base64;

/// A secret encrypted to somebody who is not here: safe to store and to print.
///
/// @param text base64 of the sealed bytes
public record SealedSecret(String text) {
  public SealedSecret {
    if (text.isEmpty()) throw new IllegalArgumentException("empty sealed secret");
    byte[] unused = Base64.getDecoder().decode(text);
  }

  public static SealedSecret ofBytes(byte[] sealed) {
    return new SealedSecret(Base64.getEncoder().encodeToString(sealed));
  }

  public byte[] toBytes() {
    return Base64.getDecoder().decode(text);
  }
}
