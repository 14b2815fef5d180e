package dev.reeve.cli.ipsec.library;

import dev.reeve.cli.ipsec.library.PolicyLibrary.NamedAction;
import dev.reeve.model.ipsec.FilterAction;
import dev.reeve.model.ipsec.FilterAction.Block;
import dev.reeve.model.ipsec.FilterAction.Negotiate;
import dev.reeve.model.ipsec.FilterAction.Permit;
import dev.reeve.model.ipsec.FilterList;
import dev.reeve.model.ipsec.IpsecPolicy;
import dev.reeve.model.ipsec.IpsecRule;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/// Brings a whole policy, as it comes from elsewhere, into a library: it replaces the one with its
/// id, with the lists and actions that it alone had; others come under names of their own, so that
/// no other policy changes. The same policy once more changes nothing.
public final class Merge {

  private PolicyLibrary library;

  /// What only the policy that is replaced had, as far as the new one has not taken it up.
  private final List<IpsecRule> rules = new ArrayList<>();

  private final List<FilterList> lists = new ArrayList<>();
  private final List<NamedAction> actions = new ArrayList<>();

  private Merge(PolicyLibrary library) {
    this.library = library;
  }

  public static PolicyLibrary of(PolicyLibrary library, IpsecPolicy policy) {
    var merge = new Merge(library);
    library.policies().stream().filter(p -> p.id().equals(policy.id())).forEach(merge::empty);
    merge.fill(policy);
    PolicyLibrary now = merge.library;
    return new PolicyLibrary(
        now.policies(),
        inOrder(now.lists(), library.lists(), FilterList::id),
        inOrder(now.actions(), library.actions(), NamedAction::name),
        now.assigned());
  }

  private static <T> List<T> inOrder(List<T> now, List<T> before, Function<T, String> name) {
    List<String> order = before.stream().map(name).toList();
    return now.stream()
        .sorted(
            Comparator.comparingInt(t -> {
              int place = order.indexOf(name.apply(t));
              return place < 0 ? order.size() : place;
            }))
        .toList();
  }

  /// Takes its rules out of the policy, and what no other one has out of the library.
  private void empty(IpsecPolicy policy) {
    PolicyLibrary before = library;
    rules.addAll(policy.rules());
    library = library.with(PolicyEdit.withRules(policy, List.of()));
    for (FilterList list : before.lists()) {
      if (before.uses(list).isEmpty() || !library.uses(list).isEmpty()) continue;
      lists.add(list);
      library = library.without(list);
    }
    for (NamedAction action : before.actions()) {
      if (before.uses(action).isEmpty() || !library.uses(action).isEmpty()) continue;
      actions.add(action);
      library = library.without(action);
    }
  }

  private void fill(IpsecPolicy policy) {
    Set<String> others = new HashSet<>();
    library.policies().forEach(other -> other.rules().forEach(rule -> others.add(rule.id())));
    var filled = new ArrayList<IpsecRule>();
    Map<Wanted, FilterAction> done = new HashMap<>();
    for (IpsecRule rule : policy.rules()) {
      IpsecRule own = others.add(rule.id()) ? rule : new RuleEdit(rule).withId(id(rule, others));
      filled.add(rule(own, done));
    }
    String name =
        free(
            policy.name().isBlank() ? policy.id() : policy.name(),
            taken ->
                library.findPolicy(taken).filter(p -> !p.id().equals(policy.id())).isPresent());
    library =
        library.with(
            new IpsecPolicy(
                policy.id(),
                name,
                policy.description(),
                policy.pollingInterval(),
                policy.mainMode(),
                filled));
  }

  /// The one that it got when it came before; else a new one.
  private String id(IpsecRule rule, Set<String> others) {
    return rules.stream()
        .filter(before -> before.name().equals(rule.name()))
        .map(IpsecRule::id)
        .filter(others::add)
        .findFirst()
        .orElseGet(Ids::next);
  }

  private IpsecRule rule(IpsecRule rule, Map<Wanted, FilterAction> done) {
    if (rule.isDefaultResponse()) return rule;
    FilterList list = list(rule.filters().orElseThrow());
    FilterAction action = done.computeIfAbsent(Wanted.of(rule), this::action);
    String name = rule.name().isBlank() ? list.name() : rule.name();
    return new RuleEdit(new RuleEdit(new RuleEdit(rule).with(list)).with(action))
        .with(name, rule.description(), rule.active());
  }

  private FilterList list(FilterList list) {
    Optional<FilterList> same =
        library.lists().stream().filter(l -> l.id().equals(list.id())).findFirst();
    if (same.isPresent() && same.get().filters().equals(list.filters())) return same.get();
    FilterList own =
        before(list, same.isPresent())
            .map(b -> new FilterList(b.id(), b.name(), b.description(), list.filters()))
            .orElseGet(() -> fresh(list, same.isPresent()));
    library = library.with(own);
    return own;
  }

  /// What it was when it came before: known by its id, or where that is another list's by its
  /// filters.
  private Optional<FilterList> before(FilterList list, boolean taken) {
    Optional<FilterList> found =
        lists.stream()
            .filter(l -> taken ? l.filters().equals(list.filters()) : l.id().equals(list.id()))
            .filter(l -> library.findList(l.name()).isEmpty())
            .findFirst();
    found.ifPresent(lists::remove);
    return found;
  }

  private FilterList fresh(FilterList list, boolean taken) {
    String name =
        free(
            list.name().isBlank() ? list.id() : list.name(),
            other -> library.findList(other).isPresent());
    return new FilterList(taken ? Ids.next() : list.id(), name, list.description(), list.filters());
  }

  /// An action as it comes: two of one name may differ.
  private record Wanted(String name, FilterAction action) {
    static Wanted of(IpsecRule rule) {
      String name = rule.action().name().isBlank() ? rule.name() : rule.action().name();
      return new Wanted(name.isBlank() ? rule.id() : name, rule.action());
    }
  }

  private FilterAction action(Wanted wanted) {
    FilterAction action = named(wanted.action(), wanted.name());
    Optional<NamedAction> same = library.findAction(wanted.name());
    if (same.isPresent() && same.get().action().equals(action)) return action;
    NamedAction own =
        actions.stream()
            .filter(b -> isNumbered(b.name(), wanted.name()))
            .filter(b -> b.action().equals(named(action, b.name())))
            .filter(b -> library.findAction(b.name()).isEmpty())
            .findFirst()
            .orElseGet(() -> fresh(action));
    library = library.with(own);
    return own.action();
  }

  private NamedAction fresh(FilterAction action) {
    String name = free(action.name(), taken -> library.findAction(taken).isPresent());
    String description =
        actions.stream()
            .filter(b -> b.name().equals(name))
            .map(NamedAction::description)
            .findFirst()
            .orElse("");
    return new NamedAction(description, named(action, name));
  }

  private static boolean isNumbered(String name, String bare) {
    return name.equals(bare) || name.startsWith(bare + " (");
  }

  /// `NAME`, else `NAME (2)`, `NAME (3)` …
  private static String free(String name, Predicate<String> taken) {
    String found = name;
    for (int i = 2; taken.test(found); i++) found = name + " (" + i + ")";
    return found;
  }

  static FilterAction named(FilterAction action, String name) {
    return switch (action) {
      case Permit _ -> new Permit(name);
      case Block _ -> new Block(name);
      case Negotiate(var _, var offers, var inbound, var soft) ->
          new Negotiate(name, offers, inbound, soft);
    };
  }

  public static PolicyLibrary of(PolicyLibrary library, List<IpsecPolicy> policies) {
    PolicyLibrary merged = library;
    for (IpsecPolicy policy : policies) merged = of(merged, policy);
    return merged;
  }

  /// Lists and actions that the library does not have yet.
  public static PolicyLibrary extras(PolicyLibrary library, PolicyLibrary others) {
    PolicyLibrary merged = library;
    for (FilterList list : others.lists()) {
      boolean there =
          merged.findList(list.id()).or(() -> library.findList(list.name())).isPresent();
      if (!there) merged = merged.with(list);
    }
    for (NamedAction action : others.actions()) {
      if (merged.findAction(action.name()).isEmpty()) merged = merged.with(action);
    }
    return merged;
  }
}
