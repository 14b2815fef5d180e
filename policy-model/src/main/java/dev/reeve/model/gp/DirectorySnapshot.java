package dev.reeve.model.gp;

import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The whole of Group Policy in a directory at one revision, as values. Immutable; a change makes a
/// new one.
///
/// Missing, unreadable and half-read entries are part of the picture: whoever resolves decides what
/// they mean.
public final class DirectorySnapshot {

  private final Map<Dn, Som> soms;
  private final Map<Dn, GpoEntry> gpos;
  private final Map<Dn, PolicyEntry> policies;
  private final Map<Dn, Computer> computers;
  private final Map<Dn, Group> groups;
  private final Map<Dn, FactFilter> factFilters;
  private final List<Subnet> subnets;
  private final List<Problem> problems;
  private final Map<Dn, Set<Dn>> directGroups;
  private final List<Som> sites;
  private final Set<Dn> trusteeNames;
  private final Set<String> trusteeSids;

  /// @param primaryGroups computer → the group its primaryGroupID names
  public DirectorySnapshot(
      Map<Dn, Som> soms,
      Map<Dn, GpoEntry> gpos,
      Map<Dn, PolicyEntry> policies,
      Map<Dn, Computer> computers,
      Map<Dn, Group> groups,
      Map<Dn, Dn> primaryGroups,
      Map<Dn, FactFilter> factFilters,
      List<Subnet> subnets,
      List<Problem> problems) {
    this.soms = Map.copyOf(soms);
    this.gpos = Map.copyOf(gpos);
    this.policies = Map.copyOf(policies);
    this.computers = Map.copyOf(computers);
    this.groups = Map.copyOf(groups);
    this.factFilters = Map.copyOf(factFilters);
    this.subnets = List.copyOf(subnets);
    this.problems = List.copyOf(problems);
    this.directGroups = directGroups(groups, primaryGroups);
    this.sites =
        this.soms.values().stream()
            .filter(s -> s.kind() == Som.Kind.SITE)
            .sorted(Comparator.comparing(Som::dn))
            .toList();
    this.trusteeNames = new HashSet<>();
    this.trusteeSids = new HashSet<>();
    addTrustees();
  }

  private void addTrustees() {
    for (GpoEntry entry : gpos.values())
      if (entry instanceof Gpo gpo) addTrustees(gpo.securityFilter());
  }

  private void addTrustees(SecurityFilter filter) {
    switch (filter) {
      case SecurityFilter.Everyone _ -> {}
      case SecurityFilter.Groups(var apply, var deny) -> {
        trusteeNames.addAll(apply);
        trusteeNames.addAll(deny);
      }
      case SecurityFilter.AccessList(var entries) ->
          entries.forEach(ace -> trusteeSids.add(ace.trustee()));
    }
  }

  private static Map<Dn, Set<Dn>> directGroups(Map<Dn, Group> groups, Map<Dn, Dn> primaryGroups) {
    var of = new HashMap<Dn, Set<Dn>>();
    for (Group group : groups.values()) {
      for (Dn member : group.members())
        of.computeIfAbsent(member, _ -> new HashSet<>()).add(group.dn());
    }
    primaryGroups.forEach(
        (member, group) -> of.computeIfAbsent(member, _ -> new HashSet<>()).add(group));
    return of;
  }

  /// The same picture with other policies: what the server holds back while one is being written.
  public DirectorySnapshot withPolicies(Map<Dn, PolicyEntry> other) {
    return new DirectorySnapshot(this, gpos, other);
  }

  /// The same picture with other GPOs: what the server holds back while one is being deleted.
  public DirectorySnapshot withGpos(Map<Dn, GpoEntry> other) {
    return new DirectorySnapshot(this, other, policies);
  }

  private DirectorySnapshot(
      DirectorySnapshot base, Map<Dn, GpoEntry> gpos, Map<Dn, PolicyEntry> policies) {
    this.soms = base.soms;
    this.gpos = Map.copyOf(gpos);
    this.policies = Map.copyOf(policies);
    this.computers = base.computers;
    this.groups = base.groups;
    this.factFilters = base.factFilters;
    this.subnets = base.subnets;
    this.problems = base.problems;
    this.directGroups = base.directGroups;
    this.sites = base.sites;
    this.trusteeNames = new HashSet<>();
    this.trusteeSids = new HashSet<>();
    addTrustees();
  }

  public Optional<Som> findSom(Dn dn) {
    return Optional.ofNullable(soms.get(dn));
  }

  public Optional<GpoEntry> findGpo(Dn dn) {
    return Optional.ofNullable(gpos.get(dn));
  }

  public Optional<PolicyEntry> findPolicy(Dn dn) {
    return Optional.ofNullable(policies.get(dn));
  }

  public Optional<Computer> findComputer(Dn dn) {
    return Optional.ofNullable(computers.get(dn));
  }

  public Optional<FactFilter> findFactFilter(Dn dn) {
    return Optional.ofNullable(factFilters.get(dn));
  }

  public Map<Dn, Computer> computers() {
    return computers;
  }

  public Map<Dn, GpoEntry> gpos() {
    return gpos;
  }

  public Map<Dn, PolicyEntry> policies() {
    return policies;
  }

  public Map<Dn, Som> soms() {
    return soms;
  }

  /// By DN.
  public List<Som> sites() {
    return sites;
  }

  public List<Subnet> subnets() {
    return subnets;
  }

  /// What was wrong with entries, whoever they concern.
  public List<Problem> problems() {
    return problems;
  }

  /// Whether some GPO's security filter speaks of it: whatever none speaks of makes no difference.
  public boolean isTrustee(Dn dn) {
    return trusteeNames.contains(dn);
  }

  public boolean isTrustee(String sid) {
    return trusteeSids.contains(sid);
  }

  public Map<Dn, FactFilter> factFilters() {
    return factFilters;
  }

  /// All groups that `member` is in, directly or through other groups.
  ///
  /// @param also groups to assume as well, with what they are in
  public Set<Dn> groupsOf(Dn member, Set<Dn> also) {
    Set<Dn> found = new HashSet<>(also);
    var left = new java.util.ArrayDeque<Dn>(also);
    left.add(member);
    while (!left.isEmpty()) {
      for (Dn group : directGroups.getOrDefault(left.remove(), Set.of())) {
        if (found.add(group)) left.add(group);
      }
    }
    return Collections.unmodifiableSet(found);
  }

  public Optional<Group> findGroup(Dn dn) {
    return Optional.ofNullable(groups.get(dn));
  }

  public Optional<String> sidOfGroup(Dn group) {
    return Optional.ofNullable(groups.get(group)).flatMap(Group::sid);
  }
}
