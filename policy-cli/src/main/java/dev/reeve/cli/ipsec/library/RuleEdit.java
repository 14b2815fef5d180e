package dev.reeve.cli.ipsec.library;

import dev.reeve.model.ipsec.AuthMethod;
import dev.reeve.model.ipsec.FilterAction;
import dev.reeve.model.ipsec.FilterList;
import dev.reeve.model.ipsec.IpsecRule;
import dev.reeve.model.ipsec.NetworkType;
import dev.reeve.model.ipsec.TunnelEndpoint;
import java.util.List;
import java.util.Optional;

/// A rule with one thing changed.
record RuleEdit(IpsecRule rule) {

  IpsecRule with(FilterList list) {
    return of(rule.name(), rule.description(), rule.active(), Optional.of(list), rule.action());
  }

  IpsecRule with(FilterAction action) {
    return of(rule.name(), rule.description(), rule.active(), rule.filters(), action);
  }

  IpsecRule with(String name, String description, boolean active) {
    return of(name, description, active, rule.filters(), rule.action());
  }

  IpsecRule with(
      List<AuthMethod> authentication, Optional<TunnelEndpoint> tunnel, NetworkType networkType) {
    return new IpsecRule(
        rule.id(),
        rule.name(),
        rule.description(),
        rule.active(),
        rule.filters(),
        rule.action(),
        authentication,
        tunnel,
        networkType);
  }

  IpsecRule withId(String id) {
    return new IpsecRule(
        id,
        rule.name(),
        rule.description(),
        rule.active(),
        rule.filters(),
        rule.action(),
        rule.authentication(),
        rule.tunnel(),
        rule.networkType());
  }

  private IpsecRule of(
      String name,
      String description,
      boolean active,
      Optional<FilterList> filters,
      FilterAction action) {
    return new IpsecRule(
        rule.id(),
        name,
        description,
        active,
        filters,
        action,
        rule.authentication(),
        rule.tunnel(),
        rule.networkType());
  }
}
