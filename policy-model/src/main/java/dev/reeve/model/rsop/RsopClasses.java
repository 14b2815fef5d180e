package dev.reeve.model.rsop;

import dev.reeve.model.gp.DirectorySnapshot;
import dev.reeve.model.gp.Dn;
import dev.reeve.model.gp.Som;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The results of one snapshot, each computed once per class of hosts: those whose containers,
/// site, trusted names and the facts that some filter mentions are the same. Safe for several
/// threads.
public final class RsopClasses {

  /// 100,000 hosts that report facts make some 26,000 classes. What is far beyond was left behind
  /// by classes that are no more.
  private static final int MOST_KEPT = 250_000;

  /// The results under one container. Snapshots share it until a change concerns it: whichever of
  /// them computes a result, it is the same.
  ///
  /// @param soms the container and those above it; without sites, which are not where a host is
  private record Part(List<Som> soms, Map<Scope, Rsop> results) {

    static Part under(Scope scope) {
      return new Part(
          scope.soms().stream().filter(som -> som.kind() != Som.Kind.SITE).toList(),
          new ConcurrentHashMap<>());
    }

    Part without(Changes changes) {
      var left = new ConcurrentHashMap<>(results);
      left.keySet().removeIf(scope -> changes.concerns(scope.soms()));
      return new Part(soms, left);
    }
  }

  private final DirectorySnapshot snapshot;
  private final Set<String> mentioned;
  private final Map<Optional<Dn>, Part> parts = new ConcurrentHashMap<>(); // by RsopQuery.place

  public RsopClasses(DirectorySnapshot snapshot) {
    this(snapshot, FactTest.mentioned(snapshot.factFilters().values()));
  }

  private RsopClasses(DirectorySnapshot snapshot, Set<String> mentioned) {
    this.snapshot = snapshot;
    this.mentioned = mentioned;
  }

  /// The results after a change of the snapshot. Those that the change does not concern are kept;
  /// after a change that is at no site, what is kept costs nothing but a look at its container.
  public RsopClasses changedTo(DirectorySnapshot next) {
    var changed =
        new RsopClasses(
            next,
            next.factFilters() == snapshot.factFilters()
                ? mentioned
                : FactTest.mentioned(next.factFilters().values()));
    Optional<Changes> found = Changes.between(snapshot, next);
    if (found.isEmpty() || size() > MOST_KEPT) return changed;
    Changes changes = found.get();
    boolean atSite = changes.soms().stream().anyMatch(snapshot.sites()::containsKey);
    parts.forEach((place, part) -> {
      if (!changes.concerns(part.soms))
        changed.parts.put(place, atSite ? part.without(changes) : part);
    });
    return changed;
  }

  public DirectorySnapshot snapshot() {
    return snapshot;
  }

  /// How many results there are so far.
  public int size() {
    int size = 0;
    for (Part part : parts.values()) size += part.results.size();
    return size;
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
    return parts
        .computeIfAbsent(query.place(), _ -> Part.under(scope))
        .results
        .computeIfAbsent(scope, s -> Rsop.resolve(snapshot, s, query.computer()));
  }
}
