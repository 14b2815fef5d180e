package dev.reeve.model.gp;

/// What the directory holds under a GPO's DN.
public sealed interface GpoEntry permits Gpo, GpoEntry.Unreadable {

  Dn dn();

  /// It exists, and its content is not for us to see or makes no sense.
  record Unreadable(Dn dn, String detail) implements GpoEntry {}
}
