package dev.reeve.model.rsop;

import dev.reeve.model.gp.Computer;
import dev.reeve.model.gp.DirectorySnapshot;
import dev.reeve.model.gp.Dn;
import dev.reeve.model.gp.HiddenMember;
import dev.reeve.model.gp.SecurityFilter;
import dev.reeve.model.gp.SecurityFilter.Ace;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Who a computer is to the security filters: itself, its groups with the groups they are in, and
/// the well-known ones, as far as some filter speaks of them. So hosts that no filter tells apart
/// have equal tokens.
///
/// @param names DNs of the computer and its groups
/// @param sids their SIDs where the directory has them, and the well-known ones
/// @param hidden what may be a group, and the computer in it
record Token(Set<Dn> names, Set<String> sids, List<HiddenMember> hidden) {

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
    return new Token(Set.copyOf(names), Set.copyOf(sids), snapshot.hiddenMembers());
  }

  /// Whether a filter lets this token apply, and what decided it.
  sealed interface Answer {
    record Allowed() implements Answer {}

    record Denied(String because) implements Answer {}

    /// What would decide cannot be read.
    ///
    /// @param entry the name of what cannot be read
    /// @param because goes on after the GPO's name
    record Uncertain(String entry, String because) implements Answer {}
  }

  Answer ask(SecurityFilter filter, DirectorySnapshot snapshot) {
    Answer certain = decide(filter);
    if (filter instanceof SecurityFilter.Groups(var apply, var deny)) {
      for (Dn group : sorted(apply, deny)) {
        if (!known(group, snapshot) && differs(certain, filter, HiddenMember.of(group, snapshot)))
          return new Answer.Uncertain(
              group.toString(), "is filtered by " + group + ", which cannot be read");
      }
    }
    for (HiddenMember member : hidden) {
      if (differs(certain, filter, member)) {
        return new Answer.Uncertain(
            member.name(),
            "is filtered by a group that has the member "
                + member.name()
                + ", which cannot be read");
      }
    }
    return certain;
  }

  /// Whether it would be another answer if the computer were in there.
  private boolean differs(Answer certain, SecurityFilter filter, HiddenMember member) {
    var more = new Token(union(names, member.groups()), union(sids, member.sids()), List.of());
    return more.decide(filter) instanceof Answer.Allowed != certain instanceof Answer.Allowed;
  }

  private static <T> Set<T> union(Set<T> one, Set<T> other) {
    if (one.containsAll(other)) return one;
    var union = new HashSet<>(one);
    union.addAll(other);
    return union;
  }

  private Answer decide(SecurityFilter filter) {
    return switch (filter) {
      case SecurityFilter.Everyone _ -> new Answer.Allowed();
      case SecurityFilter.Groups(var apply, var deny) -> decide(apply, deny);
      case SecurityFilter.AccessList(var read, var apply) ->
          refusal(read, "Read")
              .map(why -> "the computer may not read it: " + why)
              .or(() -> refusal(apply, "Apply-Group-Policy"))
              .<Answer>map(Answer.Denied::new)
              .orElseGet(Answer.Allowed::new);
    };
  }

  private Optional<String> refusal(List<Ace> entries, String right) {
    for (Ace ace : entries) {
      if (!sids.contains(ace.trustee())) continue;
      return ace.allow()
          ? Optional.empty()
          : Optional.of("its access list denies " + right + " to " + ace.trustee());
    }
    return Optional.of("its access list grants " + right + " to nobody the computer is");
  }

  private Answer decide(Set<Dn> apply, Set<Dn> deny) {
    for (Dn group : sorted(deny, Set.of())) {
      if (names.contains(group)) return new Answer.Denied("reeveDenyGroup names " + group);
    }
    return apply.isEmpty() || apply.stream().anyMatch(names::contains)
        ? new Answer.Allowed()
        : new Answer.Denied("the computer is in no group that reeveApplyGroup names");
  }

  /// Names are asked in their order, so that the same answer gives the same reason.
  private static List<Dn> sorted(Set<Dn> some, Set<Dn> more) {
    return Stream.concat(some.stream(), more.stream()).sorted().toList();
  }

  private static boolean known(Dn group, DirectorySnapshot snapshot) {
    return snapshot.findGroup(group).isPresent() || snapshot.findComputer(group).isPresent();
  }
}
