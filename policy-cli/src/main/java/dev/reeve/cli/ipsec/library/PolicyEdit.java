package dev.reeve.cli.ipsec.library;

import dev.reeve.model.ipsec.IpsecPolicy;
import dev.reeve.model.ipsec.IpsecRule;
import java.util.List;
import java.util.stream.Stream;

/// A policy with other rules.
final class PolicyEdit {

  private PolicyEdit() {}

  static IpsecPolicy withRules(IpsecPolicy policy, List<IpsecRule> rules) {
    return new IpsecPolicy(
        policy.id(),
        policy.name(),
        policy.description(),
        policy.pollingInterval(),
        policy.mainMode(),
        rules);
  }

  /// In place of the one with its id; else behind the others.
  static IpsecPolicy with(IpsecPolicy policy, IpsecRule rule) {
    boolean there = policy.rules().stream().anyMatch(r -> r.id().equals(rule.id()));
    List<IpsecRule> rules =
        there
            ? policy.rules().stream().map(r -> r.id().equals(rule.id()) ? rule : r).toList()
            : Stream.concat(policy.rules().stream(), Stream.of(rule)).toList();
    return withRules(policy, rules);
  }

  static IpsecPolicy without(IpsecPolicy policy, IpsecRule rule) {
    return withRules(
        policy, policy.rules().stream().filter(r -> !r.id().equals(rule.id())).toList());
  }
}
