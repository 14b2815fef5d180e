package dev.reeve.model.gp;

import java.util.List;

/// All that was read of a directory, by name.
///
/// @param primaryGroups computer → the group its primaryGroupID names
/// @param others every entry that is neither computer nor group; false = its name is all that is
///   shown, so that it may be anything
/// @param subnets by prefix, then by name
/// @param problems what was wrong with entries, whoever they concern
public record DirectoryContent(
    SharedMap<Dn, Som> soms,
    SharedMap<Dn, GpoEntry> gpos,
    SharedMap<Dn, PolicyEntry> policies,
    SharedMap<Dn, Computer> computers,
    SharedMap<Dn, Group> groups,
    SharedMap<Dn, Dn> primaryGroups,
    SharedMap<Dn, FactFilter> factFilters,
    SharedMap<Dn, Boolean> others,
    List<Subnet> subnets,
    List<Problem> problems) {

  public DirectoryContent {
    subnets = List.copyOf(subnets);
    problems = List.copyOf(problems);
  }

  /// The same with other GPOs and policies: what the server holds back while one is being written
  /// or deleted.
  public DirectoryContent with(
      SharedMap<Dn, GpoEntry> otherGpos, SharedMap<Dn, PolicyEntry> otherPolicies) {
    return new DirectoryContent(
        soms,
        otherGpos,
        otherPolicies,
        computers,
        groups,
        primaryGroups,
        factFilters,
        others,
        subnets,
        problems);
  }

  /// Whether every part is the same object: nothing changed since.
  public boolean isSame(DirectoryContent other) {
    return soms == other.soms
        && gpos == other.gpos
        && policies == other.policies
        && computers == other.computers
        && groups == other.groups
        && primaryGroups == other.primaryGroups
        && factFilters == other.factFilters
        && others == other.others
        && subnets == other.subnets
        && problems == other.problems;
  }
}
