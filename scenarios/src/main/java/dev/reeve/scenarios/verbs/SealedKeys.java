package dev.reeve.scenarios.verbs;

import dev.reeve.cli.lab.LabException;
import dev.reeve.server.secrets.Vault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/// Puts pre-shared keys into LDIF as `reeve ipsec import --vault` would: `${sealed:KEY}` is KEY
/// sealed to the server's vault.
final class SealedKeys {

  private static final Pattern KEY = Pattern.compile("\\$\\{sealed:([^}]*)}");

  private final Vault vault;

  private SealedKeys(Vault vault) {
    this.vault = vault;
  }

  /// @param state the server's
  static SealedKeys of(Path state) throws LabException {
    try {
      return new SealedKeys(new Vault(Files.readAllBytes(state.resolve("vault.key"))));
    } catch (IOException e) {
      throw new LabException("cannot read the server's vault key", e);
    }
  }

  static String fill(String ldif, Path state) throws LabException {
    if (!KEY.matcher(ldif).find()) return ldif;
    SealedKeys keys = of(state);
    return KEY.matcher(ldif).replaceAll(found -> keys.seal(found.group(1)));
  }

  String seal(String key) {
    return vault.seal(key.getBytes(StandardCharsets.UTF_8)).text();
  }
}
