package dev.reeve.model.rsop;

import dev.reeve.model.gp.DirectorySnapshot;
import dev.reeve.model.gp.Dn;
import dev.reeve.model.gp.PolicyPointer;
import dev.reeve.model.gp.Problem;
import dev.reeve.model.gp.Som;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

/// Which of a directory's problems concern one computer: those of its containers, of the GPOs in
/// scope and what is below them, and of the policies these assign.
final class Concerns {

  /// Whatever order the directory answered in, the same document comes out.
  private static final Comparator<Problem> ORDER =
      Comparator.comparing(Problem::dn)
          .thenComparing(Problem::attribute)
          .thenComparing(Problem::code)
          .thenComparing(Problem::detail);

  private Concerns() {}

  static List<Problem> of(DirectorySnapshot snapshot, Scope scope, List<LinkVerdict> links) {
    if (snapshot.problems().isEmpty()) return List.of();
    var near = new HashSet<Dn>();
    scope.soms().stream().map(Som::dn).forEach(near::add);
    links.forEach(verdict -> near.add(verdict.link().gpo()));
    links.forEach(verdict -> verdict.gpo().flatMap(gpo -> gpo.factFilter()).ifPresent(near::add));
    links.stream()
        .flatMap(verdict -> verdict.gpo().stream())
        .flatMap(gpo -> Stream.of(gpo.ipsecPolicy(), gpo.persistentPolicy()))
        .forEach(pointer -> {
          if (pointer instanceof PolicyPointer.To(var policy)) near.add(policy);
        });
    var found = new TreeSet<>(ORDER);
    for (Dn dn : near) found.addAll(snapshot.problemsAbout(dn));
    return List.copyOf(found);
  }
}
