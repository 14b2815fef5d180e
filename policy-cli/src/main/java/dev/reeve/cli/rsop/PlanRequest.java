package dev.reeve.cli.rsop;

import dev.reeve.model.gp.Dn;
import dev.reeve.model.net.IpAddress;
import dev.reeve.model.rsop.RsopQuery;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Whose policy is wanted, and what to assume beside what the directory says.
///
/// @param computer a DN or a computer's name; empty = all computers
/// @param under of all computers, those at or below this name
public record PlanRequest(
    Optional<String> computer,
    Optional<Dn> under,
    Optional<Dn> container,
    Optional<String> site,
    List<IpAddress> addresses,
    Set<Dn> groups,
    Map<String, String> facts) {

  public PlanRequest {
    addresses = List.copyOf(addresses);
    groups = Set.copyOf(groups);
    facts = Map.copyOf(facts);
  }

  boolean isAsked(Dn computer) {
    return under.isEmpty() || computer.isUnder(under.get());
  }

  public RsopQuery about(Dn of) {
    return new RsopQuery(of, container, site, addresses, groups, facts);
  }
}
