package dev.reeve.cli.ipsec.library;

import dev.reeve.model.ipsec.IpsecPolicy;
import dev.reeve.model.ipsec.IpsecRule;
import java.util.Optional;

/// The rules of a policy by their names. The default response has none.
public final class Rules {

  private Rules() {}

  /// @param name or id
  public static IpsecRule named(IpsecPolicy policy, String name) throws LibraryException {
    return find(policy, name)
        .orElseThrow(() ->
            new LibraryException(
                "policy '"
                    + policy.name()
                    + "' has no rule '"
                    + name
                    + "'; it has "
                    + String.join(
                        ", ",
                        policy.rules().stream()
                            .filter(rule -> !rule.isDefaultResponse())
                            .map(rule -> "'" + rule.name() + "'")
                            .toList())));
  }

  static Optional<IpsecRule> find(IpsecPolicy policy, String name) {
    return policy.rules().stream()
        .filter(rule -> !rule.isDefaultResponse())
        .filter(rule ->
            PolicyLibrary.same(rule.name(), name)
                || PolicyLibrary.same(rule.id(), name)
                || PolicyLibrary.same(rule.id(), "{" + name + "}"))
        .findFirst();
  }
}
