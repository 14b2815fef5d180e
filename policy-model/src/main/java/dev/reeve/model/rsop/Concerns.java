package dev.reeve.model.rsop;

import dev.reeve.model.gp.DirectorySnapshot;
import dev.reeve.model.gp.Dn;
import dev.reeve.model.gp.Problem;
import dev.reeve.model.gp.Som;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/// Which of a directory's problems concern one computer: those of its containers, of the GPOs in
/// scope and what is below them, and of the objects of policies.
final class Concerns {

  private Concerns() {}

  static List<Problem> of(
      DirectorySnapshot snapshot,
      Scope scope,
      List<LinkVerdict> links,
      PolicyResult assignment,
      PolicyResult persistent) {
    if (snapshot.problems().isEmpty()) return List.of();
    var near = new HashSet<Dn>();
    scope.soms().stream().map(Som::dn).forEach(near::add);
    links.forEach(verdict -> near.add(verdict.link().gpo()));
    links.forEach(verdict -> verdict.gpo().flatMap(gpo -> gpo.factFilter()).ifPresent(near::add));
    var found = new ArrayList<Problem>();
    for (Problem problem : snapshot.problems()) {
      if (concerns(problem, near)) found.add(problem);
    }
    return found;
  }

  private static boolean concerns(Problem problem, HashSet<Dn> near) {
    Optional<Dn> at = Dn.find(problem.dn());
    if (at.isPresent() && near.contains(at.get())) return true;
    for (int up = 0; up < 6 && at.isPresent(); up++, at = at.get().parent()) {
      if (at.get().attribute().equals("cn") && near.contains(at.get())) return true;
    }
    return false;
  }
}
