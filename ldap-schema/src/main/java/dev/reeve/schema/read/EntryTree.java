package dev.reeve.schema.read;

import dev.reeve.model.gp.Dn;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What is remembered of every entry, and which stand below which. An entry above may be missing:
/// it may be one we must not see.
final class EntryTree {

  /// @param dn as written
  /// @param entry itself; empty = `content` says it all
  record Held(Dn dn, Optional<LdapEntry> entry, EntryContent content) {

    /// The same as it came another time, with another stamp.
    Held of(LdapEntry same) {
      return new Held(dn, Optional.of(same), content);
    }

    LdapEntry toEntry() {
      return entry.orElseGet(() -> content.toEntry(dn));
    }

    /// Whether another reading of the entry would make no difference at all.
    boolean sameAs(Held other) {
      return dn.toString().equals(other.dn.toString())
          && entry.isEmpty()
          && other.entry.isEmpty()
          && content.equals(other.content);
    }
  }

  private final Map<Dn, Held> held = new HashMap<>();
  private final Map<Dn, Set<Dn>> below = new HashMap<>();

  Optional<Held> find(Dn dn) {
    return Optional.ofNullable(held.get(dn));
  }

  Optional<LdapEntry> findEntry(Dn dn) {
    return find(dn).flatMap(Held::entry);
  }

  /// A copy: the tree may change meanwhile.
  List<Dn> names() {
    return List.copyOf(held.keySet());
  }

  /// A copy, as `names`.
  List<Held> all() {
    return List.copyOf(held.values());
  }

  /// The entries at and below a name.
  List<Held> under(Dn dn) {
    var found = new ArrayList<Held>();
    var left = new ArrayList<Dn>();
    left.add(dn);
    while (!left.isEmpty()) {
      Dn name = left.removeLast();
      find(name).ifPresent(found::add);
      left.addAll(below.getOrDefault(name, Set.of()));
    }
    return found;
  }

  void put(Held entry) {
    if (held.remove(entry.dn()) == null) link(entry.dn());
    held.put(entry.dn(), entry);
  }

  private void link(Dn dn) {
    Optional<Dn> at = Optional.of(dn);
    while (at.isPresent()) {
      Optional<Dn> parent = at.get().parent();
      if (parent.isEmpty()) return;
      boolean known = below.containsKey(parent.get()) || held.containsKey(parent.get());
      below.computeIfAbsent(parent.get(), _ -> new HashSet<>()).add(at.get());
      if (known) return;
      at = parent;
    }
  }

  void remove(Dn dn) {
    if (held.remove(dn) == null) return;
    Optional<Dn> at = Optional.of(dn);
    while (at.isPresent() && !held.containsKey(at.get()) && !below.containsKey(at.get())) {
      Dn name = at.get();
      at = name.parent();
      at.ifPresent(parent ->
          below.computeIfPresent(
              parent,
              (_, children) -> {
                children.remove(name);
                return children.isEmpty() ? null : children;
              }));
    }
  }
}
