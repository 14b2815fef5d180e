package dev.reeve.model.rsop;

import dev.reeve.model.gp.DirectorySnapshot;
import dev.reeve.model.gp.Dn;
import dev.reeve.model.gp.Gpo;
import dev.reeve.model.gp.PolicyPointer;
import dev.reeve.model.gp.Problem;
import dev.reeve.model.gp.SecurityFilter;
import dev.reeve.model.gp.SharedMap;
import dev.reeve.model.gp.Som;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What differs between two snapshots, as far as the result of a given scope can depend on it. What
/// a scope itself is made of (site, groups, facts) needs no look: another scope is another key.
///
/// @param entries containers, GPOs, policies, fact filters, the groups and computers that security
///   filters name, and whatever a problem that came or went is about
record Changes(Set<Dn> entries) {

  /// With more than these it is cheaper to compute anew than to ask what is left.
  private static final int MOST = 1000;

  /// Empty when too much differs.
  static Optional<Changes> between(DirectorySnapshot before, DirectorySnapshot after) {
    var entries = new HashSet<Dn>();
    after.soms().forEachDifference(before.soms(), entries::add);
    after.gpos().forEachDifference(before.gpos(), entries::add);
    after.policies().forEachDifference(before.policies(), entries::add);
    after.factFilters().forEachDifference(before.factFilters(), entries::add);
    addTrustees(after.groups(), before.groups(), before, after, entries);
    addTrustees(after.computers(), before.computers(), before, after, entries);
    if (entries.size() > MOST) return Optional.empty();
    for (Problem problem : different(before.problems(), after.problems())) {
      entries.addAll(DirectorySnapshot.entriesAbout(problem));
      if (entries.size() > MOST) return Optional.empty();
    }
    return Optional.of(new Changes(entries));
  }

  private static <V> void addTrustees(
      SharedMap<Dn, V> now,
      SharedMap<Dn, V> old,
      DirectorySnapshot before,
      DirectorySnapshot after,
      Set<Dn> entries) {
    now.forEachDifference(
        old,
        name -> {
          if (before.isTrustee(name) || after.isTrustee(name)) entries.add(name);
        });
  }

  private static Set<Problem> different(List<Problem> before, List<Problem> after) {
    if (before == after) return Set.of();
    var different = new HashSet<>(before);
    for (Problem problem : after) if (!different.remove(problem)) different.add(problem);
    return different;
  }

  /// Whether a result may be another one after these changes.
  boolean concern(Scope scope, Rsop result) {
    if (entries.isEmpty()) return false;
    for (Som som : scope.soms()) if (entries.contains(som.dn())) return true;
    for (LinkVerdict verdict : result.links()) {
      if (entries.contains(verdict.link().gpo())) return true;
      if (verdict.gpo().isPresent() && concern(verdict.gpo().get())) return true;
    }
    return false;
  }

  private boolean concern(Gpo gpo) {
    if (gpo.factFilter().isPresent() && entries.contains(gpo.factFilter().get())) return true;
    if (gpo.securityFilter() instanceof SecurityFilter.Groups(var apply, var deny)
        && (containsAny(apply) || containsAny(deny))) return true;
    return concern(gpo.ipsecPolicy()) || concern(gpo.persistentPolicy());
  }

  private boolean containsAny(Set<Dn> names) {
    for (Dn name : names) if (entries.contains(name)) return true;
    return false;
  }

  private boolean concern(PolicyPointer pointer) {
    return pointer instanceof PolicyPointer.To(var policy) && entries.contains(policy);
  }
}
