package dev.reeve.model.gp;

import dev.reeve.model.net.IpAddress;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// The whole of Group Policy in a directory at one revision, as values. Immutable; a change makes a
/// new one that shares with the last what did not change.
///
/// Missing, unreadable and half-read entries are part of the picture: whoever resolves decides what
/// they mean.
public final class DirectorySnapshot {

  private final DirectoryContent content;

  // Found from the content.
  private final SharedMap<Dn, Set<Dn>> directGroups;
  private final SharedMap<String, Computer> computersByGuid;
  private final SharedMap<Dn, Som> sites;
  private final Subnets subnets;
  private final Trustees trustees;
  private final SharedMap<Dn, Dn> hidden; // members of groups that may be groups, not to be seen
  private final List<HiddenMember> hiddenMembers;
  private final ProblemIndex problems;

  /// @param primaryGroups computer → the group its primaryGroupID names
  /// @param others every entry that is neither computer nor group; false = its name is all that is
  ///   shown
  public DirectorySnapshot(
      Map<Dn, Som> soms,
      Map<Dn, GpoEntry> gpos,
      Map<Dn, PolicyEntry> policies,
      Map<Dn, Computer> computers,
      Map<Dn, Group> groups,
      Map<Dn, Dn> primaryGroups,
      Map<Dn, FactFilter> factFilters,
      Map<Dn, Boolean> others,
      List<Subnet> subnets,
      List<Problem> problems) {
    this(
        new DirectoryContent(
            SharedMap.copyOf(soms),
            SharedMap.copyOf(gpos),
            SharedMap.copyOf(policies),
            SharedMap.copyOf(computers),
            SharedMap.copyOf(groups),
            SharedMap.copyOf(primaryGroups),
            SharedMap.copyOf(factFilters),
            SharedMap.copyOf(others),
            subnets,
            problems));
  }

  public DirectorySnapshot(DirectoryContent content) {
    this.content = content;
    this.directGroups = directGroups(SharedMap.of(), SharedMap.of(), content.groups());
    this.computersByGuid = byGuid(SharedMap.of(), SharedMap.of(), content.computers());
    this.sites = sites(SharedMap.of(), SharedMap.of(), content.soms());
    this.subnets = new Subnets(content.subnets());
    this.trustees = Trustees.of(content.gpos());
    this.hidden = hidden(SharedMap.of(), SharedMap.of(), SharedMap.of(), SharedMap.of());
    this.hiddenMembers = HiddenMember.all(hidden.keySet(), this);
    this.problems = new ProblemIndex(content.problems());
  }

  private DirectorySnapshot(DirectorySnapshot before, DirectoryContent content) {
    DirectoryContent old = before.content;
    this.content = content;
    this.directGroups = directGroups(before.directGroups, old.groups(), content.groups());
    this.computersByGuid = byGuid(before.computersByGuid, old.computers(), content.computers());
    this.sites = sites(before.sites, old.soms(), content.soms());
    this.subnets =
        content.subnets() == old.subnets() ? before.subnets : new Subnets(content.subnets());
    this.trustees = content.gpos() == old.gpos() ? before.trustees : Trustees.of(content.gpos());
    this.hidden = hidden(before.hidden, old.groups(), old.computers(), old.others());
    this.hiddenMembers =
        hidden == before.hidden && content.groups() == old.groups() && trustees == before.trustees
            ? before.hiddenMembers
            : HiddenMember.all(hidden.keySet(), this);
    this.problems =
        content.problems() == old.problems()
            ? before.problems
            : new ProblemIndex(content.problems());
  }

  /// The picture after a change of this one, found in proportion to what is not the same object as
  /// before.
  public DirectorySnapshot changedTo(DirectoryContent next) {
    return new DirectorySnapshot(this, next);
  }

  private static SharedMap<Dn, Set<Dn>> directGroups(
      SharedMap<Dn, Set<Dn>> before, SharedMap<Dn, Group> old, SharedMap<Dn, Group> groups) {
    var changed = new HashMap<Dn, Set<Dn>>();
    Function<Dn, Set<Dn>> groupsOf =
        member ->
            changed.computeIfAbsent(member, m -> new HashSet<>(before.getOrDefault(m, Set.of())));
    groups.forEachDifference(
        old,
        name -> {
          Set<Dn> left = EveryComputer.in(members(old, name));
          Set<Dn> now = EveryComputer.in(members(groups, name));
          for (Dn member : left) if (!now.contains(member)) groupsOf.apply(member).remove(name);
          for (Dn member : now) if (!left.contains(member)) groupsOf.apply(member).add(name);
        });
    SharedMap<Dn, Set<Dn>> next = before;
    for (var entry : changed.entrySet()) {
      next =
          entry.getValue().isEmpty()
              ? next.without(entry.getKey())
              : next.with(entry.getKey(), Set.copyOf(entry.getValue()));
    }
    return next;
  }

  /// Members that are no computer, no group, and nothing else that is shown.
  private SharedMap<Dn, Dn> hidden(
      SharedMap<Dn, Dn> before,
      SharedMap<Dn, Group> oldGroups,
      SharedMap<Dn, Computer> oldComputers,
      SharedMap<Dn, Boolean> oldOthers) {
    var suspects = new HashSet<Dn>();
    content
        .groups()
        .forEachDifference(
            oldGroups,
            name -> {
              suspects.add(name);
              suspects.addAll(members(oldGroups, name));
              suspects.addAll(members(content.groups(), name));
            });
    content.computers().forEachDifference(oldComputers, suspects::add);
    if (content.others() != oldOthers) { // a container that comes or goes may hold any of them
      suspects.addAll(directGroups.keySet());
      suspects.addAll(before.keySet());
    }
    SharedMap<Dn, Dn> next = before;
    for (Dn name : suspects) next = isHidden(name) ? next.with(name, name) : next.without(name);
    return next;
  }

  private boolean isHidden(Dn member) {
    return directGroups.containsKey(member)
        && !content.computers().containsKey(member)
        && !content.groups().containsKey(member)
        && isHidden(member, content.others());
  }

  /// A name alone may be anything, and so may one from a container that is not shown. A name that
  /// is missing from a container which is shown was deleted: many directories leave it in groups.
  /// Names of domains that are not read are not followed.
  private static boolean isHidden(Dn member, SharedMap<Dn, Boolean> others) {
    Boolean shown = others.get(member);
    if (shown != null) return !shown;
    for (Optional<Dn> up = member.parent(); up.isPresent(); up = up.get().parent()) {
      Boolean container = others.get(up.get());
      if (container != null) return !container || !member.parent().equals(up);
      if (up.get().isNamedBy("dc")) return false;
    }
    return false;
  }

  private static Set<Dn> members(SharedMap<Dn, Group> groups, Dn name) {
    Group group = groups.get(name);
    return group == null ? Set.of() : group.members();
  }

  /// Of computers that claim one GUID, as they may for a moment while one is moved, the newest
  /// counts.
  private static SharedMap<String, Computer> byGuid(
      SharedMap<String, Computer> before,
      SharedMap<Dn, Computer> old,
      SharedMap<Dn, Computer> computers) {
    var changed = new HashSet<Dn>();
    computers.forEachDifference(old, changed::add);
    SharedMap<String, Computer> next = before;
    for (Dn name : changed) {
      Computer gone = old.get(name);
      if (gone != null && gone.guid().isPresent() && next.get(gone.guid().get()) == gone)
        next = next.without(gone.guid().get());
    }
    for (Dn name : changed) {
      Computer now = computers.get(name);
      if (now != null && now.guid().isPresent()) next = next.with(now.guid().get(), now);
    }
    return next;
  }

  private static SharedMap<Dn, Som> sites(
      SharedMap<Dn, Som> before, SharedMap<Dn, Som> old, SharedMap<Dn, Som> soms) {
    var changed = new HashSet<Dn>();
    soms.forEachDifference(old, changed::add);
    SharedMap<Dn, Som> next = before;
    for (Dn name : changed) {
      Som som = soms.get(name);
      next = som != null && som.kind() == Som.Kind.SITE ? next.with(name, som) : next.without(name);
    }
    return next;
  }

  public DirectoryContent content() {
    return content;
  }

  public Optional<Som> findSom(Dn dn) {
    return Optional.ofNullable(content.soms().get(dn));
  }

  public Optional<GpoEntry> findGpo(Dn dn) {
    return Optional.ofNullable(content.gpos().get(dn));
  }

  public Optional<PolicyEntry> findPolicy(Dn dn) {
    return Optional.ofNullable(content.policies().get(dn));
  }

  public Optional<Computer> findComputer(Dn dn) {
    return Optional.ofNullable(content.computers().get(dn));
  }

  /// @param guid lower case, without braces
  public Optional<Computer> findComputerByGuid(String guid) {
    return Optional.ofNullable(computersByGuid.get(guid));
  }

  public Optional<FactFilter> findFactFilter(Dn dn) {
    return Optional.ofNullable(content.factFilters().get(dn));
  }

  public SharedMap<Dn, Computer> computers() {
    return content.computers();
  }

  public SharedMap<Dn, GpoEntry> gpos() {
    return content.gpos();
  }

  public SharedMap<Dn, PolicyEntry> policies() {
    return content.policies();
  }

  public SharedMap<Dn, Som> soms() {
    return content.soms();
  }

  public SharedMap<Dn, Group> groups() {
    return content.groups();
  }

  public SharedMap<Dn, FactFilter> factFilters() {
    return content.factFilters();
  }

  /// In no order.
  public SharedMap<Dn, Som> sites() {
    return sites;
  }

  public List<Subnet> subnets() {
    return content.subnets();
  }

  /// The subnets of the longest prefix that hold `address`.
  public List<Subnet> subnetsOf(IpAddress address) {
    return subnets.find(address);
  }

  /// The sites that subnets name.
  public Set<Dn> namedSites() {
    return subnets.sites();
  }

  /// What was wrong with entries, whoever they concern.
  public List<Problem> problems() {
    return content.problems();
  }

  /// What was wrong with the entry of that name or with one that belongs to it.
  public List<Problem> problemsAbout(Dn dn) {
    return problems.about(dn);
  }

  /// The entries that [#problemsAbout] finds a problem by.
  public static List<Dn> entriesAbout(Problem problem) {
    return ProblemIndex.entriesAbout(problem);
  }

  /// Whether some GPO's security filter speaks of it: whatever none speaks of makes no difference.
  public boolean isTrustee(Dn dn) {
    return trustees.names().contains(dn);
  }

  public boolean isTrustee(String sid) {
    return trustees.sids().contains(sid);
  }

  /// Members of groups that cannot be read and that make a difference to some security filter.
  public List<HiddenMember> hiddenMembers() {
    return hiddenMembers;
  }

  /// All groups that a computer is in, directly or through other groups.
  ///
  /// @param also groups to assume as well, with what they are in
  public Set<Dn> groupsOf(Dn computer, Set<Dn> also) {
    Set<Dn> found = new HashSet<>(also);
    var left = new ArrayDeque<Dn>(also);
    left.add(computer);
    left.add(EveryComputer.NAME);
    Dn primary = content.primaryGroups().get(computer);
    if (primary != null && found.add(primary)) left.add(primary);
    return groupsAround(left, found);
  }

  /// All groups that a member which is no computer is in.
  Set<Dn> groupsAround(Dn member) {
    return groupsAround(new ArrayDeque<>(Set.of(member)), new HashSet<>());
  }

  private Set<Dn> groupsAround(ArrayDeque<Dn> left, Set<Dn> found) {
    while (!left.isEmpty()) {
      Set<Dn> direct = directGroups.get(left.remove());
      if (direct == null) continue;
      for (Dn group : direct) if (found.add(group)) left.add(group);
    }
    return Collections.unmodifiableSet(found);
  }

  public Optional<Group> findGroup(Dn dn) {
    return Optional.ofNullable(content.groups().get(dn));
  }

  public Optional<String> sidOfGroup(Dn group) {
    return Optional.ofNullable(content.groups().get(group)).flatMap(Group::sid);
  }
}
