package dev.reeve.model.rsop;

import dev.reeve.model.gp.Dn;
import dev.reeve.model.net.IpAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Whose policy is wanted, and what to assume beside what the directory says. Logging assumes facts
/// and addresses that the host reported; planning may assume anything.
///
/// @param computer need not exist when `container` is given
/// @param container the OU or domain to place it in; empty = where it is
/// @param site a site's name; empty = found by address
/// @param addresses empty = the static hints of the directory
/// @param groups to be a member of as well
public record RsopQuery(
    Dn computer,
    Optional<Dn> container,
    Optional<String> site,
    List<IpAddress> addresses,
    Set<Dn> groups,
    Map<String, String> facts) {

  public RsopQuery {
    addresses = List.copyOf(addresses);
    groups = Set.copyOf(groups);
    facts = Map.copyOf(facts);
  }

  public static RsopQuery of(Dn computer) {
    return new RsopQuery(
        computer, Optional.empty(), Optional.empty(), List.of(), Set.of(), Map.of());
  }

  /// The nearest container above the computer; empty when its name has but one part.
  Optional<Dn> place() {
    return container.or(computer::parent);
  }

  RsopQuery withFacts(Map<String, String> other) {
    return new RsopQuery(computer, container, site, addresses, groups, other);
  }
}
