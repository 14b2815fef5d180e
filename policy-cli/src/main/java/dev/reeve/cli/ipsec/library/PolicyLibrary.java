package dev.reeve.cli.ipsec.library;

import dev.reeve.model.ipsec.FilterAction;
import dev.reeve.model.ipsec.FilterList;
import dev.reeve.model.ipsec.IpsecPolicy;
import dev.reeve.model.ipsec.IpsecRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/// Policies, and the filter lists and filter actions that their rules share. A list or action that
/// changes here changes in every rule that has it.
///
/// Names tell things of a kind apart, whatever their case; a list is tied to its rules by its id,
/// an action by its name.
///
/// @param assigned the id of the policy in force; empty when none is
public record PolicyLibrary(
    List<IpsecPolicy> policies,
    List<FilterList> lists,
    List<NamedAction> actions,
    Optional<String> assigned) {

  public static final PolicyLibrary EMPTY =
      new PolicyLibrary(List.of(), List.of(), List.of(), Optional.empty());

  public PolicyLibrary {
    policies = List.copyOf(policies);
    lists = List.copyOf(lists);
    actions = List.copyOf(actions);
  }

  /// A filter action and what its administrator says of it.
  public record NamedAction(String description, FilterAction action) {
    public String name() {
      return action.name();
    }
  }

  /// A rule and the policy that it is of.
  public record Use(IpsecPolicy policy, IpsecRule rule) {
    @Override
    public String toString() {
      return "rule '" + rule.name() + "' of policy '" + policy.name() + "'";
    }
  }

  public static boolean same(String a, String b) {
    return a.toLowerCase(Locale.ROOT).equals(b.toLowerCase(Locale.ROOT));
  }

  private static boolean isCalled(String name, String id, String wanted) {
    return same(name, wanted) || same(id, wanted) || same(id, "{" + wanted + "}");
  }

  /// @param name or id
  public Optional<IpsecPolicy> findPolicy(String name) {
    return policies.stream().filter(p -> isCalled(p.name(), p.id(), name)).findFirst();
  }

  /// @param name or id
  public Optional<FilterList> findList(String name) {
    return lists.stream().filter(l -> isCalled(l.name(), l.id(), name)).findFirst();
  }

  public Optional<NamedAction> findAction(String name) {
    return actions.stream().filter(a -> same(a.name(), name)).findFirst();
  }

  public IpsecPolicy policy(String name) throws LibraryException {
    return findPolicy(name).orElseThrow(() -> missing("policy", name, policies, IpsecPolicy::name));
  }

  public FilterList list(String name) throws LibraryException {
    return findList(name).orElseThrow(() -> missing("filter list", name, lists, FilterList::name));
  }

  public NamedAction action(String name) throws LibraryException {
    return findAction(name)
        .orElseThrow(() -> missing("filter action", name, actions, NamedAction::name));
  }

  private static <T> LibraryException missing(
      String kind, String name, List<T> there, Function<T, String> names) {
    return new LibraryException(
        "no "
            + kind
            + " is called '"
            + name
            + "'; there "
            + (there.isEmpty()
                ? "is none"
                : "are "
                    + String.join(
                        ", ", there.stream().map(t -> "'" + names.apply(t) + "'").toList())));
  }

  public boolean isAssigned(IpsecPolicy policy) {
    return assigned.equals(Optional.of(policy.id()));
  }

  public Optional<IpsecPolicy> assignedPolicy() {
    return policies.stream().filter(this::isAssigned).findFirst();
  }

  /// In place of the one with its id; else behind the others.
  public PolicyLibrary with(IpsecPolicy policy) {
    return new PolicyLibrary(
        put(policies, policy, p -> p.id().equals(policy.id())), lists, actions, assigned);
  }

  /// @param id of the policy in force from now on; empty for none
  public PolicyLibrary withAssigned(Optional<String> id) {
    return new PolicyLibrary(policies, lists, actions, id);
  }

  public PolicyLibrary without(IpsecPolicy policy) {
    return new PolicyLibrary(
        policies.stream().filter(p -> !p.id().equals(policy.id())).toList(),
        lists,
        actions,
        assigned.filter(id -> !id.equals(policy.id())));
  }

  /// In place of the one with its id, in every rule that has it; else behind the others.
  public PolicyLibrary with(FilterList list) {
    return new PolicyLibrary(
            policies, put(lists, list, l -> l.id().equals(list.id())), actions, assigned)
        .withRules(rule ->
            rule.filters().filter(l -> l.id().equals(list.id())).isPresent()
                ? new RuleEdit(rule).with(list)
                : rule);
  }

  public PolicyLibrary without(FilterList list) {
    return new PolicyLibrary(
        policies,
        lists.stream().filter(l -> !l.id().equals(list.id())).toList(),
        actions,
        assigned);
  }

  /// In place of the one that has its name, in every rule that has it; else behind the others.
  public PolicyLibrary with(NamedAction action) {
    return with(action.name(), action);
  }

  /// @param before what it was called
  public PolicyLibrary with(String before, NamedAction action) {
    return new PolicyLibrary(
            policies, lists, put(actions, action, a -> same(a.name(), before)), assigned)
        .withRules(rule ->
            !rule.isDefaultResponse() && same(rule.action().name(), before)
                ? new RuleEdit(rule).with(action.action())
                : rule);
  }

  public PolicyLibrary without(NamedAction action) {
    return new PolicyLibrary(
        policies,
        lists,
        actions.stream().filter(a -> !same(a.name(), action.name())).toList(),
        assigned);
  }

  /// Each policy another.
  public PolicyLibrary map(UnaryOperator<IpsecPolicy> edit) {
    return new PolicyLibrary(policies.stream().map(edit).toList(), lists, actions, assigned);
  }

  private PolicyLibrary withRules(UnaryOperator<IpsecRule> edit) {
    return new PolicyLibrary(
        policies.stream()
            .map(policy -> PolicyEdit.withRules(policy, policy.rules().stream().map(edit).toList()))
            .toList(),
        lists,
        actions,
        assigned);
  }

  private static <T> List<T> put(List<T> all, T one, Predicate<T> isBefore) {
    var now = new ArrayList<T>();
    boolean there = false;
    for (T t : all) {
      boolean replaced = isBefore.test(t);
      now.add(replaced ? one : t);
      there |= replaced;
    }
    if (!there) now.add(one);
    return now;
  }

  /// Rules that have a list.
  public List<Use> uses(FilterList list) {
    return uses(rule -> rule.filters().filter(l -> l.id().equals(list.id())).isPresent());
  }

  /// Rules that have an action.
  public List<Use> uses(NamedAction action) {
    return uses(rule -> !rule.isDefaultResponse() && same(rule.action().name(), action.name()));
  }

  private List<Use> uses(Predicate<IpsecRule> has) {
    return policies.stream()
        .flatMap(policy -> policy.rules().stream().filter(has).map(rule -> new Use(policy, rule)))
        .toList();
  }
}
