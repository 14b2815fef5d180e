package dev.reeve.model.gp;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// A member of groups that cannot be read. It may itself be a group, and nobody can say who is in
/// that.
///
/// @param name in the form that names are compared by: its groups may write it each in another way
/// @param groups what a computer in it would be in, as far as security filters speak of it
/// @param sids their SIDs
public record HiddenMember(String name, Set<Dn> groups, Set<String> sids) {

  public HiddenMember {
    groups = Set.copyOf(groups);
    sids = Set.copyOf(sids);
  }

  public static HiddenMember of(Dn name, DirectorySnapshot snapshot) {
    var groups = new HashSet<Dn>();
    var sids = new HashSet<String>();
    if (snapshot.isTrustee(name)) groups.add(name);
    for (Dn group : snapshot.groupsAround(name)) {
      if (snapshot.isTrustee(group)) groups.add(group);
      snapshot.sidOfGroup(group).filter(snapshot::isTrustee).ifPresent(sids::add);
    }
    return new HiddenMember(name.key(), groups, sids);
  }

  /// Of those that come to the same, the first by name; none that no filter speaks of.
  static List<HiddenMember> all(Set<Dn> names, DirectorySnapshot snapshot) {
    if (names.isEmpty()) return List.of();
    var found = new ArrayList<HiddenMember>();
    var seen = new HashSet<List<Set<?>>>();
    for (Dn name : new TreeSet<>(names)) {
      HiddenMember member = of(name, snapshot);
      boolean matters = !member.groups.isEmpty() || !member.sids.isEmpty();
      if (matters && seen.add(List.of(member.groups, member.sids))) found.add(member);
    }
    return List.copyOf(found);
  }
}
