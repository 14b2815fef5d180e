package dev.reeve.server.withdrawal;

import dev.reeve.model.bundle.HostId;
import dev.reeve.server.publish.PolicyRecord;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// Port: which hosts have policy, as far as this and all other servers of the database have said. A
/// kind that comes back takes an earlier confirmation with it.
public interface PolicyMemory extends PolicyRecord {

  Optional<Remembered> find(HostId host);

  /// Of every host that has joined and was not revoked.
  List<Remembered> all();

  void confirm(Collection<HostId> hosts, Instant when);

  /// The hosts have policy again, or still: what was confirmed is no longer meant.
  void forgetConfirmation(Collection<HostId> hosts);
}
