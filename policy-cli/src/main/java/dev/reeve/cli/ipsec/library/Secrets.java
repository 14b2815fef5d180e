package dev.reeve.cli.ipsec.library;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.reeve.model.ipsec.AuthMethod;
import dev.reeve.schema.exchange.Keys;
import java.util.Optional;

/// What becomes of a pre-shared key that is typed.
///
/// @param refusal why none is taken here; empty when one is
/// @param keys makes a ticket of it
record Secrets(Optional<String> refusal, Keys keys) {

  /// @throws IllegalArgumentException without repeating it
  AuthMethod seal(String key) {
    if (refusal.isPresent()) throw new IllegalArgumentException(refusal.get());
    if (key.isEmpty()) throw new IllegalArgumentException("an empty pre-shared key");
    return new AuthMethod.PreSharedKey(keys.seal(key.getBytes(UTF_8)));
  }
}
