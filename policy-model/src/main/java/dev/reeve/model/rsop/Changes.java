package dev.reeve.model.rsop;

import dev.reeve.model.gp.DirectorySnapshot;
import dev.reeve.model.gp.Dn;
import dev.reeve.model.gp.GpLink;
import dev.reeve.model.gp.Gpo;
import dev.reeve.model.gp.GpoEntry;
import dev.reeve.model.gp.PolicyPointer;
import dev.reeve.model.gp.Problem;
import dev.reeve.model.gp.SecurityFilter;
import dev.reeve.model.gp.SharedMap;
import dev.reeve.model.gp.Som;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Where results may be others after a change of the snapshot: sites, domains and OUs that differ
/// themselves, or that link a GPO of which something differs that a result can depend on. What a
/// host brings along (its site, groups and facts) needs no look: that is the key of its result.
record Changes(Set<Dn> soms) {

  /// With more than these it is cheaper to compute anew than to ask what is left.
  private static final int MOST = 1000;

  /// Empty when too much differs.
  static Optional<Changes> between(DirectorySnapshot before, DirectorySnapshot after) {
    return entries(before, after).map(entries -> new Changes(concerned(before, entries)));
  }

  /// Containers, GPOs, policies, fact filters, the groups and computers that security filters name,
  /// and whatever a problem that came or went is about.
  private static Optional<Set<Dn>> entries(DirectorySnapshot before, DirectorySnapshot after) {
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
    return Optional.of(entries);
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

  /// The links of before are enough: a container whose links changed is one of the entries itself.
  private static Set<Dn> concerned(DirectorySnapshot before, Set<Dn> entries) {
    if (before.soms().keySet().containsAll(entries)) return entries;
    var differs = new HashSet<>(entries);
    for (GpoEntry entry : before.gpos().values())
      if (entry instanceof Gpo gpo && dependsOn(gpo, entries)) differs.add(gpo.dn());
    var soms = new HashSet<>(entries);
    for (Som som : before.soms().values())
      for (GpLink link : som.links()) if (differs.contains(link.gpo())) soms.add(som.dn());
    return soms;
  }

  private static boolean dependsOn(Gpo gpo, Set<Dn> entries) {
    return gpo.factFilter().isPresent() && entries.contains(gpo.factFilter().get())
        || gpo.securityFilter() instanceof SecurityFilter.Groups(var apply, var deny)
            && !(Collections.disjoint(apply, entries) && Collections.disjoint(deny, entries))
        || isAt(gpo.ipsecPolicy(), entries)
        || isAt(gpo.persistentPolicy(), entries);
  }

  private static boolean isAt(PolicyPointer pointer, Set<Dn> entries) {
    return pointer instanceof PolicyPointer.To(var policy) && entries.contains(policy);
  }

  /// Whether any of these is among them.
  boolean concerns(List<Som> containers) {
    for (Som som : containers) if (soms.contains(som.dn())) return true;
    return false;
  }
}
