package dev.reeve.server.enrolment;

import dev.reeve.model.bundle.Digest;
import dev.reeve.model.bundle.JoinString;
import dev.reeve.server.enrolment.Token.Binding;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;

/// Makes join tokens. The secret leaves with the join string; what stays is its hash.
public final class Tokens {

  private final TokenStore store;
  private final ComputerDirectory computers;
  private final Audit audit;
  private final SecureRandom random;
  private final Server server;

  /// @param pin SHA-256 of the root's public key
  public record Server(String name, int port, Digest pin) {}

  public Tokens(
      TokenStore store,
      ComputerDirectory computers,
      Audit audit,
      SecureRandom random,
      Server server) {
    this.store = store;
    this.computers = computers;
    this.audit = audit;
    this.random = random;
    this.server = server;
  }

  /// @param actor who asks, for the audit
  /// @throws IllegalArgumentException when the computer or OU does not exist
  public JoinString create(Binding binding, Duration lifetime, String actor, Instant now) {
    switch (binding) {
      case Binding.Computer(var dn) -> {
        if (computers.find(dn).isEmpty()) throw new IllegalArgumentException("no computer " + dn);
      }
      case Binding.Ou(var dn) -> {
        if (!computers.containerExists(dn)) throw new IllegalArgumentException("no OU " + dn);
      }
      case Binding.Name _ -> {}
    }
    String id = hex(8);
    String secret = hex(32);
    store.add(new Token(id, hash(secret), binding, now, now.plus(lifetime), Optional.empty()));
    audit.record(
        now,
        actor,
        Audit.Event.TOKEN_CREATED,
        "token " + id + " for " + binding + " until " + now.plus(lifetime));
    return new JoinString(server.name, server.port, id, secret, server.pin);
  }

  static Digest hash(String secret) {
    return Digest.of(secret.getBytes(StandardCharsets.US_ASCII));
  }

  private String hex(int bytes) {
    byte[] value = new byte[bytes];
    random.nextBytes(value);
    return HexFormat.of().formatHex(value);
  }
}
