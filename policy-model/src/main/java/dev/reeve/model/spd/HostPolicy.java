package dev.reeve.model.spd;

import dev.reeve.model.ipsec.HostSettings;
import dev.reeve.model.ipsec.IpsecPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What this host should enforce now: persistent ⊕ (domain, else local) ⊕ dynamic ⊕ settings.
///
/// @param dynamic what the host's administrator added for as long as the agent runs; each with a
///   main mode of its own
public record HostPolicy(
    Optional<IpsecPolicy> persistent,
    Optional<IpsecPolicy> domain,
    Optional<IpsecPolicy> local,
    HostSettings settings,
    List<IpsecPolicy> dynamic) {

  /// A host that nobody has told anything.
  public static final HostPolicy EMPTY =
      new HostPolicy(Optional.empty(), Optional.empty(), Optional.empty(), HostSettings.DEFAULTS);

  public HostPolicy {
    dynamic = List.copyOf(dynamic);
  }

  /// Without anything dynamic.
  public HostPolicy(
      Optional<IpsecPolicy> persistent,
      Optional<IpsecPolicy> domain,
      Optional<IpsecPolicy> local,
      HostSettings settings) {
    this(persistent, domain, local, settings, List.of());
  }

  /// A policy and where it comes from.
  public record Placed(Store store, IpsecPolicy policy) {}

  /// The one policy beside the persistent one: domain replaces local as a whole.
  public Optional<IpsecPolicy> active() {
    return domain.or(() -> local);
  }

  public Store activeStore() {
    return domain.isPresent() ? Store.DOMAIN : Store.LOCAL;
  }

  /// Without what ends with the agent's process.
  public HostPolicy lasting() {
    return dynamic.isEmpty() ? this : new HostPolicy(persistent, domain, local, settings);
  }

  /// Every policy whose rules are in force; where they meet, the most specific filter wins.
  public List<Placed> inForce() {
    var all = new ArrayList<Placed>();
    persistent.ifPresent(p -> all.add(new Placed(Store.PERSISTENT, p)));
    active().ifPresent(p -> all.add(new Placed(activeStore(), p)));
    dynamic.forEach(p -> all.add(new Placed(Store.DYNAMIC, p)));
    return all;
  }
}
