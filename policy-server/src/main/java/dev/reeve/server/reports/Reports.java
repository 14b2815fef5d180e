package dev.reeve.server.reports;

import dev.reeve.model.bundle.HostId;
import dev.reeve.model.status.StatusReport;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Port: the reports of hosts, the newest [#KEPT] of each.
public interface Reports {

  int KEPT = 20;

  void save(HostId host, StatusReport report, Instant received);

  Optional<Received> findLatest(HostId host);

  /// Newest first.
  List<Received> history(HostId host);

  /// @param received by the server's clock; the report has the host's
  record Received(Instant received, StatusReport report) {}
}
