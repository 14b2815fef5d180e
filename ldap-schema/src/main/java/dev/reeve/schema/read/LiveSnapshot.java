package dev.reeve.schema.read;

import dev.reeve.model.gp.Computer;
import dev.reeve.model.gp.DirectoryContent;
import dev.reeve.model.gp.Dn;
import dev.reeve.model.gp.FactFilter;
import dev.reeve.model.gp.GpoEntry;
import dev.reeve.model.gp.Group;
import dev.reeve.model.gp.Problem;
import dev.reeve.model.gp.SharedMap;
import dev.reeve.model.gp.Som;
import dev.reeve.model.gp.Subnet;
import dev.reeve.model.ipsec.SecretSealer;
import dev.reeve.schema.names.LdapClass;
import dev.reeve.schema.read.EntryTree.Held;
import java.util.AbstractList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// A directory's content kept current change by change, at a cost that follows the change and not
/// the directory. At every moment it equals what [SnapshotBuilder] makes of the same entries.
///
/// Nearly all entries of a large directory are computers; of them only what is needed is kept. Not
/// for several threads.
public final class LiveSnapshot {

  private static final Comparator<Subnet> SUBNETS =
      Comparator.comparing(Subnet::prefix).thenComparing(Subnet::dn);

  private final SecretSealer sealer;
  private final EntryTree tree = new EntryTree();
  private final ProblemCount problems = new ProblemCount();
  private final PolicyBook policyBook = new PolicyBook(problems);
  private final PrimaryGroups primaryGroups = new PrimaryGroups();
  private final TreeSet<Subnet> subnets = new TreeSet<>(SUBNETS);
  private boolean subnetsChanged;
  private final Set<Dn> changedGpos = new HashSet<>();
  private final Map<Dn, List<Problem>> gpoProblems = new HashMap<>();

  private SharedMap<Dn, Som> soms = SharedMap.of();
  private SharedMap<Dn, GpoEntry> gpos = SharedMap.of();
  private SharedMap<Dn, Computer> computers = SharedMap.of();
  private SharedMap<Dn, Group> groups = SharedMap.of();
  private SharedMap<Dn, FactFilter> factFilters = SharedMap.of();
  private SharedMap<Dn, Boolean> others = SharedMap.of();
  private List<Subnet> sortedSubnets = List.of();
  private List<Problem> primaryGroupProblems = List.of();

  /// @param sealer gets every pre-shared key that Microsoft's objects hold readable
  public LiveSnapshot(SecretSealer sealer) {
    this.sealer = sealer;
  }

  /// All of the directory: whatever is not in it does not exist.
  ///
  /// @param all in any order; of two with the same name, the first counts
  public void reset(Collection<LdapEntry> all) {
    reset(all, _ -> true);
  }

  /// A part of the directory: whichever of its names are not in it do not exist.
  public void reset(Collection<LdapEntry> all, Predicate<Dn> part) {
    var seen = HashSet.<Dn>newHashSet(all.size());
    for (LdapEntry entry : all) if (!isGroup(entry) && seen.add(entry.dn())) upsert(entry);
    for (LdapEntry entry : all) if (isGroup(entry) && seen.add(entry.dn())) upsert(entry);
    for (Dn name : tree.names())
      if (part.test(name) && !seen.contains(name)) replace(name, Optional.empty());
  }

  /// Groups are read last, so that the names of their members are known and need no second copy.
  private static boolean isGroup(LdapEntry entry) {
    return entry.isA(LdapClass.GROUP)
        || entry.isA(LdapClass.GROUP_OF_NAMES)
        || entry.isA(LdapClass.GROUP_OF_UNIQUE_NAMES);
  }

  public boolean contains(Dn dn) {
    return tree.find(dn).isPresent();
  }

  /// The entry is now this.
  public void upsert(LdapEntry entry) {
    Optional<Held> before = tree.find(entry.dn());
    if (before.flatMap(Held::entry).filter(entry::sameAs).isPresent()) {
      tree.put(before.get().of(entry));
      return;
    }
    EntryContent content = shared(EntryContent.read(entry, sealer));
    var now =
        new Held(
            entry.dn(), content.replaces(entry) ? Optional.empty() : Optional.of(entry), content);
    if (before.filter(now::sameAs).isEmpty()) replace(entry.dn(), Optional.of(now));
  }

  private EntryContent shared(EntryContent content) {
    return content.group().isEmpty() || content.group().get().members().isEmpty()
        ? content
        : content.withMembers(
            content.group().get().members().stream()
                .map(member -> tree.find(member).map(Held::dn).orElse(member))
                .collect(Collectors.toUnmodifiableSet()));
  }

  /// The entry is gone, with everything below it.
  ///
  /// @return whether an IPsec object was among them
  public boolean delete(Dn dn) {
    List<Held> gone = tree.under(dn);
    gone.forEach(held -> replace(held.dn(), Optional.empty()));
    return hasIpsecObject(gone);
  }

  /// The entry `from` is now called `to`, and everything below it is below `to`.
  ///
  /// @return whether an IPsec object was among them
  public boolean move(Dn from, Dn to) {
    List<Held> moved = tree.under(from);
    moved.forEach(held -> replace(held.dn(), Optional.empty()));
    for (Held held : moved) {
      Dn name = held.dn().moved(from, to);
      if (held.entry().isPresent()) {
        upsert(held.entry().get().withDn(name));
      } else {
        replace(name, Optional.of(new Held(name, Optional.empty(), held.content().named(name))));
      }
    }
    return hasIpsecObject(moved);
  }

  private static boolean hasIpsecObject(List<Held> entries) {
    return entries.stream()
        .flatMap(held -> held.entry().stream())
        .anyMatch(entry -> entry.isA(LdapClass.IPSEC_BASE));
  }

  private void replace(Dn name, Optional<Held> next) {
    Optional<Held> before = tree.find(name);
    Optional<Held> now =
        next.map(n ->
            before
                .map(b -> new Held(n.dn(), n.entry(), n.content().keeping(b.content())))
                .orElse(n));
    now.ifPresentOrElse(tree::put, () -> tree.remove(name));
    boolean sameGroup =
        before.isPresent()
            && now.isPresent()
            && groupName(before.get()).equals(groupName(now.get()));
    before.ifPresent(held -> retract(name, held.content(), !sameGroup));
    now.ifPresent(held -> add(held.dn(), held.content(), !sameGroup));
    Optional<Boolean> shown = now.flatMap(LiveSnapshot::other);
    if (!shown.equals(before.flatMap(LiveSnapshot::other)))
      others = shown.map(s -> others.with(name, s)).orElseGet(() -> others.without(name));
    PointerReader.possibleGpos(name).forEach(changedGpos::add);
  }

  /// Empty for computers and groups; else whether more is shown than a name.
  private static Optional<Boolean> other(Held held) {
    boolean account = held.content().computer().isPresent() || held.content().group().isPresent();
    return account ? Optional.empty() : Optional.of(!held.entry().orElseThrow().isBare());
  }

  /// What a group is to the computers whose primary group it is.
  private static List<String> groupName(Held held) {
    return held.content()
        .group()
        .flatMap(Group::sid)
        .map(sid -> List.of(sid, held.dn().toString()))
        .orElse(List.of());
  }

  private void retract(Dn name, EntryContent content, boolean groupToo) {
    problems.remove(content.problems());
    if (content.som().isPresent()) soms = soms.without(name);
    if (content.gpo()) changedGpos.add(name);
    if (content.computer().isPresent()) computers = computers.without(name);
    content.primaryGroup().ifPresent(sid -> primaryGroups.removeComputer(name, sid));
    if (content.group().isPresent()) groups = groups.without(name);
    if (groupToo)
      content.group().flatMap(Group::sid).ifPresent(sid -> primaryGroups.removeGroup(name, sid));
    if (content.factFilter().isPresent()) factFilters = factFilters.without(name);
    if (content.subnet().isPresent()) {
      subnets.remove(content.subnet().get());
      subnetsChanged = true;
    }
    if (content.ipsecObject().isPresent()) policyBook.remove(name);
  }

  private void add(Dn name, EntryContent content, boolean groupToo) {
    problems.add(content.problems());
    content.som().ifPresent(som -> soms = soms.with(name, som));
    if (content.gpo()) changedGpos.add(name);
    content.computer().ifPresent(computer -> computers = computers.with(name, computer));
    content.primaryGroup().ifPresent(sid -> primaryGroups.addComputer(name, sid));
    content.group().ifPresent(group -> groups = groups.with(name, group));
    if (groupToo)
      content.group().flatMap(Group::sid).ifPresent(sid -> primaryGroups.addGroup(name, sid));
    content.factFilter().ifPresent(filter -> factFilters = factFilters.with(name, filter));
    if (content.subnet().isPresent()) {
      subnets.add(content.subnet().get());
      subnetsChanged = true;
    }
    content.ipsecObject().ifPresent(object -> policyBook.put(name, object));
  }

  /// Everything that was read, as entries that make the same content when they are read again. Of
  /// computers and groups they have what is needed and no more. A copy: another thread may go
  /// through it while changes go on.
  public List<LdapEntry> entries() {
    List<Held> held = tree.all();
    return new AbstractList<>() { // made one by one: there may be a million
      @Override
      public LdapEntry get(int index) {
        return held.get(index).toEntry();
      }

      @Override
      public int size() {
        return held.size();
      }
    };
  }

  /// What the directory holds now; what did not change is the same object as before.
  public DirectoryContent content() {
    for (Dn name : changedGpos) readGpo(name);
    changedGpos.clear();
    var policies = policyBook.policies();
    var primary = primaryGroups.groups();
    problems.remove(primaryGroupProblems);
    primaryGroupProblems = primaryGroups.problems();
    problems.add(primaryGroupProblems);
    if (subnetsChanged) sortSubnets();
    return new DirectoryContent(
        soms,
        gpos,
        policies,
        computers,
        groups,
        primary,
        factFilters,
        others,
        sortedSubnets,
        problems.sorted());
  }

  private void sortSubnets() {
    List<Subnet> now = List.copyOf(subnets);
    boolean same = now.equals(sortedSubnets) && now.toString().equals(sortedSubnets.toString());
    if (!same) sortedSubnets = now;
    subnetsChanged = false;
  }

  private void readGpo(Dn name) {
    Optional.ofNullable(gpoProblems.remove(name)).ifPresent(problems::remove);
    Optional<LdapEntry> entry =
        tree.find(name).filter(held -> held.content().gpo()).flatMap(Held::entry);
    var found = new Problems();
    Optional<GpoEntry> gpo = entry.flatMap(new GpoReader(tree::findEntry, found)::read);
    if (gpo.isEmpty()) {
      gpos = gpos.without(name);
      return;
    }
    if (!found.sorted().isEmpty()) gpoProblems.put(name, found.sorted());
    problems.add(found.sorted());
    Optional<GpoEntry> before = Optional.ofNullable(gpos.get(name));
    if (!EntryContent.same(before, gpo)) gpos = gpos.with(name, gpo.get());
  }
}
