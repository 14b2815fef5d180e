package dev.reeve.server.enrolment;

import dev.reeve.model.bundle.Digest;
import dev.reeve.model.bundle.HostId;
import dev.reeve.model.gp.Dn;
import java.time.Instant;
import java.util.Optional;

/// Permission for one host to join.
///
/// @param id 16 lower-case hex digits; not secret
/// @param secretHash SHA-256 of the secret's text
/// @param use the host that joined with it
public record Token(
    String id,
    Digest secretHash,
    Binding binding,
    Instant created,
    Instant expires,
    Optional<Use> use) {

  /// Which computer entry the host becomes.
  public sealed interface Binding {
    /// This one.
    record Computer(Dn dn) implements Binding {}

    /// The one of the host's name in this OU; made when there is none.
    record Ou(Dn dn) implements Binding {}

    /// The only one in the directory that has the host's name.
    enum Name implements Binding {
      NAME
    }
  }

  /// @param key digest of the public key it was used with
  public record Use(Digest key, HostId host) {}
}
