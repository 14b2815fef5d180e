package dev.reeve.schema.ipsec;

import dev.reeve.model.ipsec.AuthMethod;
import dev.reeve.model.ipsec.Filter;
import dev.reeve.model.ipsec.FilterAction;
import dev.reeve.model.ipsec.MainMode;
import dev.reeve.model.ipsec.NetworkType;
import dev.reeve.model.ipsec.TunnelEndpoint;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What the ipsecData of one directory entry says, whichever encoding it has. Names, descriptions
/// and references are attributes of their own and not in here.
public sealed interface IpsecObject {

  /// `ipsecPolicy`.
  record PolicyHead(Duration pollingInterval) implements IpsecObject {}

  /// `ipsecISAKMPPolicy`.
  ///
  /// @param accountMapping every certificate of the policy must belong to a computer of the
  ///   directory
  /// @param noCertificateRequests no certificate request of the policy names its CA
  record MainModePart(MainMode mainMode, boolean accountMapping, boolean noCertificateRequests)
      implements IpsecObject {}

  /// `ipsecNFA`.
  ///
  /// @param authentication most preferred first
  record RulePart(
      List<AuthMethod> authentication,
      NetworkType networkType,
      boolean active,
      Optional<TunnelEndpoint> tunnel)
      implements IpsecObject {
    public RulePart {
      authentication = List.copyOf(authentication);
    }
  }

  /// `ipsecNegotiationPolicy`.
  ///
  /// @param defaultResponse made for a rule without filters
  record ActionPart(FilterAction action, boolean defaultResponse) implements IpsecObject {}

  /// `ipsecFilter`.
  ///
  /// @param tunnels endpoints that the filters themselves name; only Microsoft's encoding can
  record FilterPart(List<Filter> filters, Set<TunnelEndpoint> tunnels) implements IpsecObject {
    public FilterPart {
      filters = List.copyOf(filters);
      tunnels = Set.copyOf(tunnels);
    }
  }

  /// An `ipsecNFA` that says which Windows wrote the defaults. It is no rule.
  enum VersionInformation implements IpsecObject {
    VERSION_INFORMATION
  }
}
