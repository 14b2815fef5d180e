package dev.reeve.model.gp;

/// What a GPO says about an IPsec policy.
public sealed interface PolicyPointer {

  /// The GPO assigns none.
  enum None implements PolicyPointer {
    NONE
  }

  record To(Dn policy) implements PolicyPointer {}

  /// The GPO assigns something that could not be read: nobody knows what.
  record Unreadable(String detail) implements PolicyPointer {}
}
