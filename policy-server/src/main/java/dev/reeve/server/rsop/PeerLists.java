package dev.reeve.server.rsop;

import dev.reeve.model.bundle.HostId;
import dev.reeve.model.bundle.PeerList;
import dev.reeve.model.gp.Computer;
import dev.reeve.model.gp.DirectorySnapshot;
import dev.reeve.model.gp.Dn;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// `networkAllow` and `networkDeny`, which name computers, groups, OUs and domains → the enrolled
/// hosts that they mean.
final class PeerLists {

  private final DirectorySnapshot snapshot;
  private final List<HostRegister.Enrolled> enrolled;

  PeerLists(DirectorySnapshot snapshot, List<HostRegister.Enrolled> enrolled) {
    this.snapshot = snapshot;
    this.enrolled = enrolled;
  }

  sealed interface Resolved {
    record Good(PeerList list) implements Resolved {}

    /// That name is nobody's: who it meant is not known.
    record Unknown(String name) implements Resolved {}
  }

  /// @param allow empty when every host is allowed
  /// @param deny wins
  Resolved resolve(List<String> allow, List<String> deny) {
    var allowed = new HashSet<Dn>();
    var denied = new HashSet<Dn>();
    for (String name : allow) if (!add(name, allowed)) return new Resolved.Unknown(name);
    for (String name : deny) if (!add(name, denied)) return new Resolved.Unknown(name);
    return new Resolved.Good(
        new PeerList(
            allow.isEmpty() ? Optional.empty() : Optional.of(hosts(c -> is(c, allowed), false)),
            hosts(c -> is(c, denied), !denied.isEmpty())));
  }

  private boolean add(String name, Set<Dn> names) {
    Dn dn;
    try {
      dn = Dn.parse(name);
    } catch (IllegalArgumentException e) {
      return false;
    }
    names.add(dn);
    return snapshot.findComputer(dn).isPresent()
        || snapshot.findGroup(dn).isPresent()
        || snapshot.findSom(dn).isPresent();
  }

  private boolean is(Computer computer, Set<Dn> names) {
    if (names.contains(computer.dn())) return true;
    for (Optional<Dn> above = computer.dn().parent();
        above.isPresent();
        above = above.get().parent()) {
      if (names.contains(above.get())) return true;
    }
    return snapshot.groupsOf(computer.dn(), Set.of()).stream().anyMatch(names::contains);
  }

  /// @param ifGone what counts for a host whose entry is gone: nobody knows what it was
  private Set<HostId> hosts(Predicate<Computer> which, boolean ifGone) {
    var hosts = new HashSet<HostId>();
    for (HostRegister.Enrolled host : enrolled) {
      boolean means =
          snapshot.findComputerByGuid(host.computerGuid()).map(which::test).orElse(ifGone);
      if (means) hosts.add(host.id());
    }
    return hosts;
  }
}
