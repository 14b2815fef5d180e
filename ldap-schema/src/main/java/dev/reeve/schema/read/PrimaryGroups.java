package dev.reeve.schema.read;

import dev.reeve.model.gp.Dn;
import dev.reeve.model.gp.Problem;
import dev.reeve.model.gp.SharedMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Which group is the primary one of each computer: primaryGroupID is the last part of the group's
/// SID, and the rest is the computer's own.
final class PrimaryGroups {

  private final Map<String, TreeSet<Dn>> computersBySid = new HashMap<>();
  private final Map<String, TreeSet<Dn>> groupsBySid = new HashMap<>();
  private final Set<String> changedSids = new HashSet<>();
  private final Set<String> missing = new HashSet<>();
  private SharedMap<Dn, Dn> groups = SharedMap.of();

  void addComputer(Dn computer, String sid) {
    computersBySid.computeIfAbsent(sid, _ -> new TreeSet<>()).add(computer);
    group(sid).ifPresentOrElse(g -> groups = groups.with(computer, g), () -> missing.add(sid));
  }

  void removeComputer(Dn computer, String sid) {
    remove(computersBySid, sid, computer);
    if (!computersBySid.containsKey(sid)) missing.remove(sid);
    groups = groups.without(computer);
  }

  void addGroup(Dn group, String sid) {
    groupsBySid.computeIfAbsent(sid, _ -> new TreeSet<>()).add(group);
    changedSids.add(sid);
  }

  void removeGroup(Dn group, String sid) {
    remove(groupsBySid, sid, group);
    changedSids.add(sid);
  }

  private static void remove(Map<String, TreeSet<Dn>> from, String sid, Dn name) {
    TreeSet<Dn> names = from.get(sid);
    if (names == null) return;
    names.remove(name);
    if (names.isEmpty()) from.remove(sid);
  }

  /// Of groups that claim one SID, the first by name.
  private Optional<Dn> group(String sid) {
    return Optional.ofNullable(groupsBySid.get(sid)).map(TreeSet::first);
  }

  /// Computer → group.
  SharedMap<Dn, Dn> groups() {
    for (String sid : changedSids) {
      TreeSet<Dn> computers = computersBySid.get(sid);
      if (computers == null) continue;
      Optional<Dn> group = group(sid);
      if (group.isPresent()) {
        missing.remove(sid);
        for (Dn computer : computers) groups = groups.with(computer, group.get());
      } else {
        missing.add(sid);
        for (Dn computer : computers) groups = groups.without(computer);
      }
    }
    changedSids.clear();
    return groups;
  }

  /// One problem for all computers whose group is not there; to be asked after [#groups].
  List<Problem> problems() {
    Optional<String> first = Optional.empty();
    int count = 0;
    for (String sid : missing) {
      count += computers(sid).size();
      if (first.isEmpty() || computers(sid).first().compareTo(computers(first.get()).first()) < 0)
        first = Optional.of(sid);
    }
    int computers = count;
    return first
        .map(sid -> List.of(SnapshotBuilder.missing(computers(sid).first(), sid, computers)))
        .orElse(List.of());
  }

  private TreeSet<Dn> computers(String sid) {
    return computersBySid.getOrDefault(sid, new TreeSet<>());
  }
}
