package dev.reeve.server.directory.embedded;

import com.unboundid.ldap.sdk.DN;

/// Who asks.
sealed interface Principal {

  record Anonymous() implements Principal {}

  /// An entry with a password.
  record User(DN dn) implements Principal {}

  /// The built-in administrator, or an entry that the configuration names as one.
  record Administrator(DN dn) implements Principal {}

  Principal ANONYMOUS = new Anonymous();

  /// The name an operation is recorded under; empty for an anonymous client.
  default DN name() {
    return switch (this) {
      case Anonymous _ -> DN.NULL_DN;
      case User(DN dn) -> dn;
      case Administrator(DN dn) -> dn;
    };
  }
}
