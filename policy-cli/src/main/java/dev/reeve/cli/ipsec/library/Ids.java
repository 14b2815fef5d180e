package dev.reeve.cli.ipsec.library;

import java.util.Locale;
import java.util.UUID;

/// Ids of new things, as the directory has them.
final class Ids {

  private Ids() {}

  static String next() {
    return "{" + UUID.randomUUID().toString().toUpperCase(Locale.ROOT) + "}";
  }
}
