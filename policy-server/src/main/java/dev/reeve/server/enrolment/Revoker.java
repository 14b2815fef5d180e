package dev.reeve.server.enrolment;

import dev.reeve.model.bundle.HostId;
import dev.reeve.model.gp.Dn;
import java.time.Instant;
import java.util.List;

/// Ends what a host may do with its certificates; to come back it must join again.
public final class Revoker {

  private final Hosts hosts;
  private final ComputerDirectory computers;
  private final Audit audit;

  public Revoker(Hosts hosts, ComputerDirectory computers, Audit audit) {
    this.hosts = hosts;
    this.computers = computers;
    this.audit = audit;
  }

  /// @return the hosts that joined as that computer and were good until now
  /// @throws IllegalArgumentException when nobody joined as that computer
  public List<HostId> revoke(Dn computer, String actor, Instant now) {
    ComputerDirectory.Entry entry =
        computers
            .find(computer)
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "there is no computer "
                        + computer
                        + "; a host whose entry is gone is revoked by its id"));
    List<Host> joined = hosts.ofComputer(entry.guid());
    if (joined.isEmpty()) throw new IllegalArgumentException("nobody joined as " + computer);
    return revoke(joined, actor, now);
  }

  /// @throws IllegalArgumentException when no host has that id
  public List<HostId> revoke(HostId id, String actor, Instant now) {
    Host host =
        hosts.find(id).orElseThrow(() -> new IllegalArgumentException("no host has the id " + id));
    return revoke(List.of(host), actor, now);
  }

  private List<HostId> revoke(List<Host> joined, String actor, Instant now) {
    List<Host> good = joined.stream().filter(host -> !host.isRevoked()).toList();
    for (Host host : good) {
      hosts.revoke(host.id(), now);
      audit.record(now, actor, Audit.Event.REVOKED, "host " + host.id() + ", " + host.computerDn());
    }
    return good.stream().map(Host::id).toList();
  }
}
