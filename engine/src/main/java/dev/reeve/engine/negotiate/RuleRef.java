package dev.reeve.engine.negotiate;

import dev.reeve.model.ipsec.IpsecPolicy;
import dev.reeve.model.ipsec.IpsecRule;
import dev.reeve.model.spd.HostPolicy;
import dev.reeve.model.spd.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A rule where it stands: its policy says how main mode is negotiated.
record RuleRef(Store store, IpsecPolicy policy, IpsecRule rule) {

  /// The active ones, in the order of their policies.
  static List<RuleRef> of(HostPolicy host) {
    var rules = new ArrayList<RuleRef>();
    host.inForce().forEach(p -> add(p.store(), p.policy(), rules));
    return rules;
  }

  private static void add(Store store, IpsecPolicy policy, List<RuleRef> rules) {
    for (IpsecRule rule : policy.rules()) {
      if (rule.active()) rules.add(new RuleRef(store, policy, rule));
    }
  }

  /// Empty when none has that id, or several do: then nobody can tell which one is meant.
  static Optional<RuleRef> find(List<RuleRef> rules, Store store, String id) {
    List<RuleRef> found =
        rules.stream().filter(r -> r.store == store && r.rule.id().equals(id)).toList();
    return found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
  }
}
