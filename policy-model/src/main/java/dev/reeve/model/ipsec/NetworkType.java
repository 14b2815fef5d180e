package dev.reeve.model.ipsec;

import java.util.Arrays;
import java.util.Locale;

/// The kind of connection that a rule is for.
public enum NetworkType {
  ALL,
  LAN,
  /// Dial-up and other remote access.
  REMOTE;

  /// @throws IllegalArgumentException naming the text
  public static NetworkType parse(String text) {
    return Arrays.stream(values())
        .filter(t -> t.toString().equals(text))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "'" + text + "' is no network type; expected all, lan or remote"));
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
