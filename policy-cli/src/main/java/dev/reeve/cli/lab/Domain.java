package dev.reeve.cli.lab;

import java.nio.file.Path;

/// What the server's directory starts with.
public sealed interface Domain {

  /// The sample domain of the product.
  enum Sample implements Domain {
    SAMPLE
  }

  /// @param base its base DN
  record File(Path ldif, String base) implements Domain {}
}
