package dev.reeve.model.ipsec;

import java.util.List;
import java.util.Optional;

/// One rule of a policy: which traffic, what to do with it, and how peers prove who they are.
/// `ipsecNFA` in the directory.
///
/// @param id the GUID with braces, upper case
/// @param filters empty for the default response rule: it answers peers that negotiate and starts
///   nothing
/// @param authentication most preferred first; empty only for permit and block
public record IpsecRule(
    String id,
    String name,
    String description,
    boolean active,
    Optional<FilterList> filters,
    FilterAction action,
    List<AuthMethod> authentication,
    Optional<TunnelEndpoint> tunnel,
    NetworkType networkType) {

  public IpsecRule {
    authentication = List.copyOf(authentication);
    if (action instanceof FilterAction.Negotiate && authentication.isEmpty()) {
      throw new IllegalArgumentException(
          "rule " + id + " negotiates and needs an authentication method");
    }
    if (filters.isEmpty() && !(action instanceof FilterAction.Negotiate)) {
      throw new IllegalArgumentException(
          "rule " + id + " has no filters: only a default response rule may, and that negotiates");
    }
  }

  public boolean isDefaultResponse() {
    return filters.isEmpty();
  }
}
