package dev.reeve.cli.ipsec;

import dev.reeve.model.ipsec.AuthMethod;
import dev.reeve.model.ipsec.IpsecPolicy;
import dev.reeve.model.ipsec.IpsecRule;
import dev.reeve.model.ipsec.SealedSecret;
import java.util.function.UnaryOperator;

/// The pre-shared keys in a policy.
final class PreSharedKeys {

  private PreSharedKeys() {}

  /// The same policy with other keys.
  static IpsecPolicy replaced(IpsecPolicy policy, UnaryOperator<SealedSecret> by) {
    return new IpsecPolicy(
        policy.id(),
        policy.name(),
        policy.description(),
        policy.pollingInterval(),
        policy.mainMode(),
        policy.rules().stream().map(rule -> replaced(rule, by)).toList());
  }

  private static IpsecRule replaced(IpsecRule rule, UnaryOperator<SealedSecret> by) {
    return new IpsecRule(
        rule.id(),
        rule.name(),
        rule.description(),
        rule.active(),
        rule.filters(),
        rule.action(),
        rule.authentication().stream()
            .map(method ->
                method instanceof AuthMethod.PreSharedKey(var key)
                    ? new AuthMethod.PreSharedKey(by.apply(key))
                    : method)
            .toList(),
        rule.tunnel(),
        rule.networkType());
  }
}
