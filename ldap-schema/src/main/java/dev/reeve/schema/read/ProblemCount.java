package dev.reeve.schema.read;

import dev.reeve.model.gp.Problem;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;

/// The problems of all entries. Two entries may tell of the same one; it is there while one of them
/// does.
final class ProblemCount {

  private final TreeMap<Problem, Integer> counts = new TreeMap<>(Problems.ORDER);
  private List<Problem> all = List.of();
  private boolean changed;

  void add(Collection<Problem> problems) {
    for (Problem problem : problems)
      if (counts.merge(problem, 1, Integer::sum) == 1) changed = true;
  }

  void remove(Collection<Problem> problems) {
    for (Problem problem : problems) {
      if (counts.computeIfPresent(problem, (_, n) -> n == 1 ? null : n - 1) == null) changed = true;
    }
  }

  /// In their order; the same list as before when none came or went.
  List<Problem> sorted() {
    if (changed) {
      List<Problem> now = List.copyOf(counts.keySet());
      if (!now.equals(all)) all = now;
      changed = false;
    }
    return all;
  }
}
