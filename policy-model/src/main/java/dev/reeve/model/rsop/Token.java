package dev.reeve.model.rsop;

import dev.reeve.model.gp.Computer;
import dev.reeve.model.gp.DirectorySnapshot;
import dev.reeve.model.gp.Dn;
import dev.reeve.model.gp.SecurityFilter;
import dev.reeve.model.gp.SecurityFilter.Ace;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Who a computer is to the security filters: itself, its groups with the groups they are in, and
/// the well-known ones, as far as some filter speaks of them. So hosts that no filter tells apart
/// have equal tokens.
///
/// @param names DNs of the computer and its groups
/// @param sids their SIDs where the directory has them, and the well-known ones
record Token(Set<Dn> names, Set<String> sids) {

  private static final String EVERYONE = "S-1-1-0";
  private static final String AUTHENTICATED_USERS = "S-1-5-11";

  static Token of(DirectorySnapshot snapshot, RsopQuery query, Optional<Computer> computer) {
    var names = new HashSet<Dn>();
    var sids = new HashSet<String>();
    for (Dn group : snapshot.groupsOf(query.computer(), query.groups())) {
      if (snapshot.isTrustee(group)) names.add(group);
      snapshot.sidOfGroup(group).filter(snapshot::isTrustee).ifPresent(sids::add);
    }
    if (snapshot.isTrustee(query.computer())) names.add(query.computer());
    computer.flatMap(Computer::sid).filter(snapshot::isTrustee).ifPresent(sids::add);
    sids.add(EVERYONE);
    sids.add(AUTHENTICATED_USERS);
    return new Token(Set.copyOf(names), Set.copyOf(sids));
  }

  /// Whether a filter lets this token apply, and what decided it.
  sealed interface Answer {
    record Allowed() implements Answer {}

    record Denied(String because) implements Answer {}

    /// A group that would decide cannot be read.
    record Uncertain(Dn group) implements Answer {}
  }

  Answer ask(SecurityFilter filter, DirectorySnapshot snapshot) {
    return switch (filter) {
      case SecurityFilter.Everyone _ -> new Answer.Allowed();
      case SecurityFilter.Groups groups -> askGroups(groups, snapshot);
      case SecurityFilter.AccessList(var entries) -> {
        for (Ace ace : entries) {
          if (!sids.contains(ace.trustee())) continue;
          yield ace.allow()
              ? new Answer.Allowed()
              : new Answer.Denied("its access list denies " + ace.trustee());
        }
        yield new Answer.Denied(
            "its access list grants Apply-Group-Policy to nobody the computer is");
      }
    };
  }

  /// Names are asked in their order, so that the same answer gives the same reason.
  private Answer askGroups(SecurityFilter.Groups filter, DirectorySnapshot snapshot) {
    List<Dn> deny = filter.deny().stream().sorted().toList();
    List<Dn> apply = filter.apply().stream().sorted().toList();
    for (Dn group : deny) {
      if (names.contains(group)) return new Answer.Denied("reeveDenyGroup names " + group);
    }
    boolean applies = apply.isEmpty() || apply.stream().anyMatch(names::contains);
    List<Dn> undecided = applies ? deny : apply;
    for (Dn group : undecided) if (!known(group, snapshot)) return new Answer.Uncertain(group);
    return applies
        ? new Answer.Allowed()
        : new Answer.Denied("the computer is in no group that reeveApplyGroup names");
  }

  private static boolean known(Dn group, DirectorySnapshot snapshot) {
    return snapshot.findGroup(group).isPresent() || snapshot.findComputer(group).isPresent();
  }
}
