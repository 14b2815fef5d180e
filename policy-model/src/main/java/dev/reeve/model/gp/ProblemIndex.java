package dev.reeve.model.gp;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// All problems, so that those of an entry and of what belongs to it are found at once.
final class ProblemIndex {

  /// What a GPO assigns stands four levels below it.
  private static final int LEVELS = 6;

  private final Map<Dn, List<Problem>> byEntry = new HashMap<>();

  ProblemIndex(List<Problem> problems) {
    for (Problem problem : problems) {
      for (Dn entry : entriesAbout(problem))
        byEntry.computeIfAbsent(entry, _ -> new ArrayList<>()).add(problem);
    }
  }

  /// The entry of a problem and those that it may be a part of.
  static List<Dn> entriesAbout(Problem problem) {
    var entries = new ArrayList<Dn>();
    Optional<Dn> at = Dn.find(problem.dn());
    for (int up = 0; up < LEVELS && at.isPresent(); up++, at = at.get().parent()) {
      if (up == 0 || at.get().attribute().equals("cn")) entries.add(at.get());
    }
    return entries;
  }

  /// Those of the entry, and those of entries a few levels below that are parts of it: an OU has no
  /// parts.
  List<Problem> about(Dn dn) {
    return byEntry.getOrDefault(dn, List.of());
  }
}
