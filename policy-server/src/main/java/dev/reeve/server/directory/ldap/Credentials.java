package dev.reeve.server.directory.ldap;

import java.nio.file.Path;
import java.util.Optional;

/// As whom the server reads.
public sealed interface Credentials {

  /// Simple bind.
  ///
  /// @param name a DN, or on Active Directory also `user@domain`
  /// @param file holds the password, one line; read at every bind, so that a new one needs no
  ///   restart
  record Password(String name, Path file) implements Credentials {}

  /// GSSAPI with a key table.
  ///
  /// @param principal `user@REALM`
  /// @param kdc the KDC's host; empty = the machine's krb5.conf knows
  record Kerberos(String principal, Path keytab, Optional<String> kdc) implements Credentials {
    public Kerberos {
      if (principal.indexOf('@') < 1 || principal.endsWith("@"))
        throw new IllegalArgumentException("found '" + principal + "', expected USER@REALM");
    }

    String realm() {
      return principal.substring(principal.indexOf('@') + 1);
    }
  }
}
