package dev.reeve.server.publish;

import dev.reeve.model.bundle.BundleVersion;
import dev.reeve.model.bundle.HostId;
import java.util.Optional;

/// Port: the last manifest signed for each host. What is recorded survives a crash before anybody
/// is served with it.
public interface Ledger {

  /// @param signed the manifest as signed
  record Entry(BundleVersion version, byte[] signed) {}

  Optional<Entry> latest(HostId host);

  /// A new version.
  ///
  /// @throws IllegalStateException when another server recorded this version or a later one
  ///   meanwhile
  void record(HostId host, Entry entry);

  /// The newest version signed again, saying the same until later.
  void renew(HostId host, Entry entry);
}
