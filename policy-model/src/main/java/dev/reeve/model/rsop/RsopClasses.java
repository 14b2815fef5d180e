package dev.reeve.model.rsop;

import dev.reeve.model.gp.DirectorySnapshot;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The results of one snapshot, each computed once per class of hosts: those whose containers,
/// site, trusted names and filtered facts are the same. Safe for several threads.
public final class RsopClasses {

  private final DirectorySnapshot snapshot;
  private final Map<Scope, Rsop> results = new ConcurrentHashMap<>();

  public RsopClasses(DirectorySnapshot snapshot) {
    this.snapshot = snapshot;
  }

  public DirectorySnapshot snapshot() {
    return snapshot;
  }

  /// Equal to [Rsop#resolve]; the lists inside are shared.
  public Rsop resolve(RsopQuery query) {
    return resolveClass(query).of(query.computer());
  }

  /// The one result of the computer's class: the same object for all of them, under the name of
  /// whoever came first.
  public Rsop resolveClass(RsopQuery query) {
    Scope scope = Scope.of(snapshot, query);
    return results.computeIfAbsent(scope, s -> Rsop.resolve(snapshot, s, query.computer()));
  }
}
