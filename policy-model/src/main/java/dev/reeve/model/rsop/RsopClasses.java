package dev.reeve.model.rsop;

import dev.reeve.model.gp.DirectorySnapshot;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The results of one snapshot, each computed once per class of hosts: those whose containers,
/// site, trusted names and the facts that some filter mentions are the same. Safe for several
/// threads.
public final class RsopClasses {

  private final DirectorySnapshot snapshot;
  private final Set<String> mentioned;
  private final Map<Scope, Rsop> results = new ConcurrentHashMap<>();

  public RsopClasses(DirectorySnapshot snapshot) {
    this.snapshot = snapshot;
    this.mentioned = FactTest.mentioned(snapshot.factFilters().values());
  }

  public DirectorySnapshot snapshot() {
    return snapshot;
  }

  /// How many results there are so far.
  int size() {
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
