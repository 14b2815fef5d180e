package dev.reeve.model.spd;

import dev.reeve.model.ipsec.AddressSpec;
import dev.reeve.model.ipsec.Filter;
import dev.reeve.model.ipsec.FilterAction;
import dev.reeve.model.ipsec.HostSettings;
import dev.reeve.model.ipsec.IpsecPolicy;
import dev.reeve.model.ipsec.IpsecRule;
import dev.reeve.model.ipsec.MainMode.MainModeProposal;
import dev.reeve.model.ipsec.QuickModeOffer;
import dev.reeve.model.ipsec.TunnelEndpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The first stage of the compiler: what a policy means, the same for every host that has it.
///
/// Default response rules and inactive rules give nothing: the former only answer.
///
/// @param entries most specific first
/// @param exemptLevel the host setting `ipsecExempt`, 0..3
/// @param endpoints of tunnel rules
public record SymbolicSpd(
    List<SymbolicEntry> entries, int exemptLevel, Set<TunnelEndpoint> endpoints) {

  public SymbolicSpd {
    entries = List.copyOf(entries);
    endpoints = Set.copyOf(endpoints);
  }

  public static SymbolicSpd of(HostPolicy policy) {
    var entries = new ArrayList<SymbolicEntry>();
    policy.inForce().forEach(p -> add(p.policy(), p.store(), policy.settings(), entries));
    var endpoints =
        policy.inForce().stream()
            .flatMap(p -> p.policy().rules().stream())
            .filter(IpsecRule::active)
            .flatMap(rule -> rule.tunnel().stream())
            .collect(Collectors.toSet());
    return new SymbolicSpd(
        SymbolicEntry.ordered(entries), policy.settings().ipsecExempt(), endpoints);
  }

  /// The second stage: what it means on one host.
  public Spd resolve(HostView host) {
    return new Resolution(host).resolve(this);
  }

  /// DNS names that filters and tunnel endpoints use: the host has to look them up.
  public SortedSet<String> names() {
    var names = new TreeSet<String>();
    for (SymbolicEntry entry : entries) {
      Stream.of(entry.filter().source(), entry.filter().destination())
          .forEach(end -> {
            if (end instanceof AddressSpec.Name(var name)) names.add(name);
          });
    }
    for (TunnelEndpoint endpoint : endpoints) {
      if (endpoint instanceof TunnelEndpoint.Name(var name)) names.add(name.name());
    }
    return names;
  }

  private static void add(
      IpsecPolicy policy, Store store, HostSettings settings, List<SymbolicEntry> entries) {
    for (IpsecRule rule : policy.rules()) {
      if (!rule.active()) continue;
      SpdAction action = action(rule.action(), policy, settings);
      rule.filters()
          .ifPresent(
              list -> list.filters().forEach(filter -> add(filter, rule, action, store, entries)));
    }
  }

  private static void add(
      Filter filter, IpsecRule rule, SpdAction action, Store store, List<SymbolicEntry> entries) {
    var origin = new SpdEntry.Origin(store, rule.id(), rule.name(), filter.toString());
    var entry =
        new SymbolicEntry(
            filter,
            rule.networkType(),
            action,
            Weight.of(filter, rule.networkType()),
            rule.tunnel().isPresent() ? Passage.TUNNEL : Passage.DIRECT,
            origin);
    entries.add(entry);
    if (filter.mirrored()) {
      entries.add(
          new SymbolicEntry(
              filter.reversed(),
              rule.networkType(),
              action,
              entry.weight(),
              rule.tunnel().isPresent() ? Passage.TUNNEL_BACK : Passage.DIRECT,
              origin));
    }
  }

  private static SpdAction action(FilterAction action, IpsecPolicy policy, HostSettings settings) {
    return switch (action) {
      case FilterAction.Permit _ -> SpdAction.Permit.PERMIT;
      case FilterAction.Block _ -> SpdAction.Block.BLOCK;
      case FilterAction.Negotiate negotiate ->
          new SpdAction.Negotiate(
              negotiate.posture(), settings.legacy() || hasStrong(negotiate, policy));
    };
  }

  private static boolean hasStrong(FilterAction.Negotiate negotiate, IpsecPolicy policy) {
    return !negotiate.offers().stream().allMatch(QuickModeOffer::isWeak)
        && !policy.mainMode().proposals().stream().allMatch(MainModeProposal::isWeak);
  }
}
