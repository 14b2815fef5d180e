package dev.reeve.schema.read;

import dev.reeve.model.gp.Dn;
import dev.reeve.model.gp.PolicyEntry;
import dev.reeve.model.gp.Problem;
import dev.reeve.model.gp.SharedMap;
import dev.reeve.schema.read.IpsecObjects.Decoded;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// All IPsec objects, and the policies put together from them. A policy is put together again when
/// an object changes that it asked for, found or not.
final class PolicyBook {

  /// @param asked the names it was put together from
  private record Assembled(Set<Dn> asked, List<Problem> problems) {}

  private final ProblemCount problems;
  private final Map<Dn, Decoded> objects = new HashMap<>();
  private final Map<Dn, Assembled> assembled = new HashMap<>();
  private final Map<Dn, Set<Dn>> askers = new HashMap<>();
  private final Set<Dn> changed = new HashSet<>();
  private SharedMap<Dn, PolicyEntry> policies = SharedMap.of();

  PolicyBook(ProblemCount problems) {
    this.problems = problems;
  }

  void put(Dn name, Decoded object) {
    objects.remove(name);
    objects.put(name, object);
    changed.add(name);
  }

  void remove(Dn name) {
    objects.remove(name);
    changed.add(name);
  }

  SharedMap<Dn, PolicyEntry> policies() {
    var again = new HashSet<>(changed);
    changed.forEach(name -> again.addAll(askers.getOrDefault(name, Set.of())));
    changed.clear();
    again.forEach(this::assemble);
    return policies;
  }

  private void assemble(Dn name) {
    forget(name);
    Optional<Decoded> object = find(name).filter(o -> o.kind() == IpsecKind.POLICY);
    if (object.isEmpty()) {
      policies = policies.without(name);
      return;
    }
    var asked = new HashSet<Dn>();
    var found = new Problems();
    PolicyEntry policy =
        new PolicyAssembler(
                dn -> {
                  asked.add(dn);
                  return find(dn);
                },
                found)
            .assemble(object.get());
    for (Dn dn : asked) askers.computeIfAbsent(dn, _ -> new HashSet<>()).add(name);
    assembled.put(name, new Assembled(asked, found.sorted()));
    problems.add(found.sorted());
    PolicyEntry before = policies.get(name);
    if (!policy.equals(before)) policies = policies.with(name, policy);
  }

  private Optional<Decoded> find(Dn name) {
    return Optional.ofNullable(objects.get(name));
  }

  private void forget(Dn name) {
    Assembled before = assembled.remove(name);
    if (before == null) return;
    problems.remove(before.problems());
    for (Dn dn : before.asked()) {
      askers.computeIfPresent(
          dn,
          (_, names) -> {
            names.remove(name);
            return names.isEmpty() ? null : names;
          });
    }
  }
}
