package dev.reeve.model.bundle;

/// What a manifest says of one part of a host's policy.
public sealed interface Part {

  /// It is this object.
  record Content(Digest digest) implements Part {}

  /// There is none, on purpose: a complete, verified read said so.
  enum None implements Part {
    NONE
  }

  /// The directory could not be read completely: keep what you have.
  enum Unknown implements Part {
    UNKNOWN
  }
}
