package dev.reeve.cli.ipsec;

import dev.reeve.agent.disk.StateDirectory;
import dev.reeve.model.ipsec.SealedSecret;
import dev.reeve.schema.exchange.Keys;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/// What the pre-shared keys of a host's own stores are sealed with, for those who may read it.
record StoreKey(StateDirectory directory) {

  /// A key of the exchange, sealed to this host; one that this host can open already stays as it
  /// is. Empty for one that was sealed to somebody else.
  Optional<SealedSecret> sealed(SealedSecret key, Keys keys) {
    if (!keys.has(key)) return opens(key) ? Optional.of(key) : Optional.empty();
    try {
      return Optional.of(SealedSecret.ofBytes(directory.storeSeal().seal(keys.open(key))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean opens(SealedSecret key) {
    var keys = new Keys();
    try {
      return !opened(key, keys).equals(key);
    } finally {
      keys.forget();
    }
  }

  /// As a key of the exchange; itself when it was sealed to somebody else.
  SealedSecret opened(SealedSecret key, Keys keys) {
    try {
      var seal = directory.findStoreSeal();
      return seal.isPresent() ? keys.seal(seal.get().open(key.toBytes())) : key;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (IllegalArgumentException e) {
      return key;
    }
  }
}
