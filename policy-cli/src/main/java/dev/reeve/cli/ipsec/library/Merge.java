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
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// Brings a whole policy, as it comes from elsewhere, into a library: it replaces the one with its
/// id, with the lists and actions that it alone had; others come under names of their own, so that
/// no other policy changes.
public final class Merge {

  private PolicyLibrary library;
  private final String policy;

  private Merge(PolicyLibrary library, String policy) {
    this.library = library;
    this.policy = policy;
  }

  /// Whether nothing but the policy that is replaced has it.
  private boolean isOwn(List<PolicyLibrary.Use> uses) {
    return !uses.isEmpty() && uses.stream().allMatch(use -> use.policy().id().equals(policy));
  }

  public static PolicyLibrary of(PolicyLibrary library, IpsecPolicy policy) {
    var merge = new Merge(library, policy.id());
    merge.policy(policy);
    return merge.library;
  }

  private void policy(IpsecPolicy policy) {
    Set<String> others = new HashSet<>();
    for (IpsecPolicy other : library.policies()) {
      if (other.id().equals(policy.id())) continue;
      other.rules().forEach(rule -> others.add(rule.id()));
    }
    var rules = new ArrayList<IpsecRule>();
    for (IpsecRule rule : policy.rules()) {
      IpsecRule own = others.add(rule.id()) ? rule : new RuleEdit(rule).withId(Ids.next());
      rules.add(rule(own));
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
                rules));
  }

  private IpsecRule rule(IpsecRule rule) {
    if (rule.isDefaultResponse()) return rule;
    FilterList list = list(rule.filters().orElseThrow());
    FilterAction action = action(rule);
    String name = rule.name().isBlank() ? list.name() : rule.name();
    return new RuleEdit(new RuleEdit(new RuleEdit(rule).with(list)).with(action))
        .with(name, rule.description(), rule.active());
  }

  private FilterList list(FilterList list) {
    Optional<FilterList> same =
        library.lists().stream().filter(l -> l.id().equals(list.id())).findFirst();
    if (same.isPresent() && same.get().filters().equals(list.filters())) return same.get();
    if (same.isPresent() && isOwn(library.uses(same.get()))) {
      var changed =
          new FilterList(list.id(), same.get().name(), same.get().description(), list.filters());
      library = library.with(changed);
      return changed;
    }
    String id = same.isPresent() ? Ids.next() : list.id();
    String name =
        free(
            list.name().isBlank() ? list.id() : list.name(),
            taken -> library.findList(taken).isPresent());
    var own = new FilterList(id, name, list.description(), list.filters());
    library = library.with(own);
    return own;
  }

  private FilterAction action(IpsecRule rule) {
    String wanted = rule.action().name().isBlank() ? rule.name() : rule.action().name();
    FilterAction action = named(rule.action(), wanted.isBlank() ? rule.id() : wanted);
    Optional<NamedAction> same = library.findAction(action.name());
    if (same.isPresent() && same.get().action().equals(action)) return action;
    if (same.isPresent() && isOwn(library.uses(same.get()))) {
      library = library.with(new NamedAction(same.get().description(), action));
      return action;
    }
    FilterAction own =
        named(action, free(action.name(), taken -> library.findAction(taken).isPresent()));
    library = library.with(new NamedAction("", own));
    return own;
  }

  /// `NAME`, else `NAME (2)`, `NAME (3)` …
  private static String free(String name, Predicate<String> taken) {
    String found = name;
    for (int i = 2; taken.test(found); i++) found = name + " (" + i + ")";
    return found;
  }

  private static FilterAction named(FilterAction action, String name) {
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
