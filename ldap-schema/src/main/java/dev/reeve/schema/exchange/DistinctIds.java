package dev.reeve.schema.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.reeve.model.ipsec.FilterList;
import dev.reeve.model.ipsec.IpsecPolicy;
import dev.reeve.model.ipsec.IpsecRule;
import dev.reeve.schema.ipsec.Finding;
import dev.reeve.schema.ipsec.Finding.Code;
import dev.reeve.schema.ipsec.Finding.Effect;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// In a directory an id is a name: two things that share one must be the same thing. A rule or list
/// of filters that is not gets an id of its own.
final class DistinctIds {

  private final List<Finding> findings;
  private final Set<String> policies = new HashSet<>();
  private final Set<String> rules = new HashSet<>();
  private final Map<String, FilterList> lists = new HashMap<>();

  private DistinctIds(List<Finding> findings) {
    this.findings = findings;
  }

  static List<IpsecPolicy> of(List<IpsecPolicy> policies, List<Finding> findings) {
    var distinct = new DistinctIds(findings);
    var kept = new ArrayList<IpsecPolicy>();
    for (IpsecPolicy policy : policies) distinct.policy(policy).ifPresent(kept::add);
    return kept;
  }

  private Optional<IpsecPolicy> policy(IpsecPolicy policy) {
    String name = policy.name().isBlank() ? policy.id() : policy.name();
    if (!policies.add(policy.id())) {
      findings.add(
          new Finding(
              Effect.REFUSED,
              Code.OBJECT_ID,
              name,
              "",
              "another policy has the id " + policy.id() + " as well"));
      return Optional.empty();
    }
    return Optional.of(
        new IpsecPolicy(
            policy.id(),
            policy.name(),
            policy.description(),
            policy.pollingInterval(),
            policy.mainMode(),
            policy.rules().stream().map(rule -> rule(policy, name, rule)).toList()));
  }

  private IpsecRule rule(IpsecPolicy policy, String name, IpsecRule rule) {
    String id = rule.id();
    if (!rules.add(id)) {
      id = derived("rule " + rule.id() + " of " + policy.id() + " " + rules.size());
      rules.add(id);
      note(name, "rule '" + rule.name() + "'", rule.id(), id);
    }
    String ruleId = id;
    return new IpsecRule(
        id,
        rule.name(),
        rule.description(),
        rule.active(),
        rule.filters().map(list -> list(name, ruleId, list)),
        rule.action(),
        rule.authentication(),
        rule.tunnel(),
        rule.networkType());
  }

  private FilterList list(String policy, String rule, FilterList list) {
    FilterList same = lists.putIfAbsent(list.id(), list);
    if (same == null || same.equals(list)) return list;
    String id = derived("filters " + list.id() + " of " + rule);
    note(policy, "filter list '" + list.name() + "'", list.id(), id);
    return new FilterList(id, list.name(), list.description(), list.filters());
  }

  private void note(String policy, String object, String id, String other) {
    findings.add(
        new Finding(
            Effect.NOTE,
            Code.OBJECT_ID,
            policy,
            object,
            "something else has the id " + id + ", so it gets " + other));
  }

  private static String derived(String what) {
    return "{"
        + UUID.nameUUIDFromBytes(what.getBytes(UTF_8)).toString().toUpperCase(Locale.ROOT)
        + "}";
  }
}
