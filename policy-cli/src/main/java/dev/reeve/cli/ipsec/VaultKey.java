package dev.reeve.cli.ipsec;

import dev.reeve.cli.CommandException;
import dev.reeve.cli.ExitCode;
import dev.reeve.model.ipsec.SealedSecret;
import dev.reeve.schema.exchange.Keys;
import dev.reeve.schema.exchange.Policies;
import dev.reeve.server.secrets.Vault;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/// The server's vault, for those who may read its key.
final class VaultKey {

  private final Optional<Vault> vault;

  private VaultKey(Optional<Vault> vault) {
    this.vault = vault;
  }

  static VaultKey read(Optional<Path> file) throws CommandException {
    if (file.isEmpty()) return new VaultKey(Optional.empty());
    byte[] key = new byte[0];
    try {
      key = Files.readAllBytes(file.get());
      return new VaultKey(Optional.of(new Vault(key)));
    } catch (AccessDeniedException e) {
      throw new CommandException(ExitCode.NOT_PERMITTED, file.get() + ": permission denied");
    } catch (IOException | IllegalArgumentException e) {
      throw new CommandException(ExitCode.FAILED, "--vault " + file.get() + ": " + e.getMessage());
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  /// The same policies with every key that the vault can open as one of the exchange.
  Policies opened(Policies policies, Keys keys) {
    if (vault.isEmpty()) return policies;
    return new Policies(
        policies.policies().stream()
            .map(policy ->
                PreSharedKeys.replaced(policy, key -> keys.has(key) ? key : opened(key, keys)))
            .toList(),
        policies.originals(),
        policies.domain(),
        policies.findings());
  }

  private SealedSecret opened(SealedSecret key, Keys keys) {
    try {
      return keys.seal(vault.orElseThrow().open(key));
    } catch (IllegalArgumentException e) {
      return key; // sealed to somebody else, and stays so
    }
  }

  /// A key of the exchange sealed to the vault; one that was sealed before stays as it is.
  Optional<SealedSecret> sealed(SealedSecret key, Keys keys) {
    if (!keys.has(key)) return Optional.of(key);
    return vault.map(v -> v.seal(keys.open(key)));
  }
}
