package dev.reeve.model.spd;

import dev.reeve.model.ipsec.HostSettings;
import dev.reeve.model.ipsec.IpsecPolicy;
import java.util.Optional;

/// What this host should enforce now: persistent ⊕ (domain, else local) ⊕ settings.
public record HostPolicy(
    Optional<IpsecPolicy> persistent,
    Optional<IpsecPolicy> domain,
    Optional<IpsecPolicy> local,
    HostSettings settings) {

  /// A host that nobody has told anything.
  public static final HostPolicy EMPTY =
      new HostPolicy(Optional.empty(), Optional.empty(), Optional.empty(), HostSettings.DEFAULTS);

  /// The one policy beside the persistent one: domain replaces local as a whole.
  public Optional<IpsecPolicy> active() {
    return domain.or(() -> local);
  }

  public Store activeStore() {
    return domain.isPresent() ? Store.DOMAIN : Store.LOCAL;
  }
}
