package dev.reeve.model.rsop;

import dev.reeve.model.gp.DirectorySnapshot;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The results of one snapshot, each computed once per class of hosts: those whose containers,
/// site, trusted names and the facts that some filter mentions are the same. Safe for several
/// threads.
public final class RsopClasses {

  /// More results than any fleet has classes: what is beyond was left behind by classes that are no
  /// more.
  private static final int MOST_KEPT = 50_000;

  private final DirectorySnapshot snapshot;
  private final Set<String> mentioned;
  private final Map<Scope, Rsop> results = new ConcurrentHashMap<>();

  public RsopClasses(DirectorySnapshot snapshot) {
    this(snapshot, FactTest.mentioned(snapshot.factFilters().values()));
  }

  private RsopClasses(DirectorySnapshot snapshot, Set<String> mentioned) {
    this.snapshot = snapshot;
    this.mentioned = mentioned;
  }

  /// The results after a change of the snapshot. Those that the change does not concern are kept.
  public RsopClasses changedTo(DirectorySnapshot next) {
    var changed =
        new RsopClasses(
            next,
            next.factFilters() == snapshot.factFilters()
                ? mentioned
                : FactTest.mentioned(next.factFilters().values()));
    Optional<Changes> changes = Changes.between(snapshot, next);
    if (changes.isEmpty() || results.size() > MOST_KEPT) return changed;
    results.forEach((scope, result) -> {
      if (!changes.get().concern(scope, result)) changed.results.put(scope, result);
    });
    return changed;
  }

  public DirectorySnapshot snapshot() {
    return snapshot;
  }

  /// How many results there are so far.
  public int size() {
    return results.size();
  }

  /// Equal to [Rsop#resolve]; the lists inside are shared.
  public Rsop resolve(RsopQuery query) {
    return resolveClass(query).of(query.computer());
  }

  /// The one result of the computer's class: the same object for all of them, under the name of
  /// whoever came first.
  public Rsop resolveClass(RsopQuery query) {
    var facts = new HashMap<>(query.facts());
    facts.keySet().removeIf(name -> !mentioned.contains(WqlProperty.key(name)));
    Scope scope = Scope.of(snapshot, query.withFacts(facts));
    return results.computeIfAbsent(scope, s -> Rsop.resolve(snapshot, s, query.computer()));
  }
}
