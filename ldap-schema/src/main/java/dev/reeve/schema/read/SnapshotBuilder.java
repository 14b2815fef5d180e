package dev.reeve.schema.read;

import dev.reeve.model.gp.Computer;
import dev.reeve.model.gp.DirectorySnapshot;
import dev.reeve.model.gp.Dn;
import dev.reeve.model.gp.FactFilter;
import dev.reeve.model.gp.GpoEntry;
import dev.reeve.model.gp.Group;
import dev.reeve.model.gp.Problem;
import dev.reeve.model.gp.Problem.Code;
import dev.reeve.model.gp.Som;
import dev.reeve.model.gp.Subnet;
import dev.reeve.model.ipsec.SecretSealer;
import dev.reeve.schema.ms.Sid;
import dev.reeve.schema.names.LdapAttribute;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// All entries of a directory → the picture that Group Policy is computed from. The same entries in
/// another order give the same picture.
public final class SnapshotBuilder {

  private final Problems problems = new Problems();
  private final Map<Dn, LdapEntry> entries;

  private final Map<Dn, Som> soms = new HashMap<>();
  private final Map<Dn, GpoEntry> gpos = new HashMap<>();
  private final Map<Dn, Computer> computers = new HashMap<>();
  private final Map<Dn, Group> groups = new HashMap<>();
  private final Map<Dn, FactFilter> factFilters = new HashMap<>();
  private final Map<Dn, Boolean> others = new HashMap<>();
  private final List<Subnet> subnets = new ArrayList<>();
  private final Map<Dn, Long> primaryGroupIds = new HashMap<>();

  private SnapshotBuilder(Collection<LdapEntry> entries) {
    this.entries = byName(entries);
  }

  /// @param entries in any order; of two with the same name, the first counts
  /// @param sealer gets every pre-shared key that Microsoft's objects hold readable
  public static DirectorySnapshot build(Collection<LdapEntry> entries, SecretSealer sealer) {
    return new SnapshotBuilder(entries).build(sealer, List.of());
  }

  /// The same for a file, whose own problems become the snapshot's.
  public static DirectorySnapshot build(LdifFile.Contents file, SecretSealer sealer) {
    return new SnapshotBuilder(file.entries()).build(sealer, file.problems());
  }

  private Map<Dn, LdapEntry> byName(Collection<LdapEntry> all) {
    Map<Dn, LdapEntry> byName = LinkedHashMap.newLinkedHashMap(all.size());
    for (LdapEntry entry : all) {
      if (byName.putIfAbsent(entry.dn(), entry) != null) {
        problems.add(
            new Problem(
                entry.dn().toString(),
                "",
                Code.DUPLICATE_ENTRY,
                "a second entry of this name; the first one counts"));
      }
    }
    return byName;
  }

  private DirectorySnapshot build(SecretSealer sealer, List<Problem> earlier) {
    problems.addAll(earlier);
    var somReader = new SomReader(problems);
    var gpoReader = new GpoReader(dn -> Optional.ofNullable(entries.get(dn)), problems);
    var accountReader = new AccountReader(problems);
    var subnetReader = new SubnetReader(problems);
    var factFilterReader = new FactFilterReader(problems);
    for (LdapEntry entry : entries.values()) {
      Dn dn = entry.dn();
      somReader.read(entry).ifPresent(som -> soms.put(dn, som));
      gpoReader.read(entry).ifPresent(gpo -> gpos.put(dn, gpo));
      accountReader.group(entry).ifPresent(group -> groups.put(dn, group));
      subnetReader.read(entry).ifPresent(subnets::add);
      factFilterReader.read(entry).ifPresent(filter -> factFilters.put(dn, filter));
      accountReader
          .computer(entry)
          .ifPresent(computer -> {
            computers.put(dn, computer);
            accountReader.primaryGroupId(entry).ifPresent(id -> primaryGroupIds.put(dn, id));
          });
      if (!groups.containsKey(dn) && !computers.containsKey(dn)) others.put(dn, !entry.isBare());
    }
    subnets.sort(Comparator.comparing(Subnet::prefix).thenComparing(Subnet::dn));
    var policies = IpsecObjectReader.read(entries.values(), sealer, problems);
    return new DirectorySnapshot(
        soms,
        gpos,
        policies,
        computers,
        groups,
        primaryGroups(),
        factFilters,
        others,
        subnets,
        problems.sorted());
  }

  /// primaryGroupID is the last part of the group's SID; the rest is the computer's own.
  private Map<Dn, Dn> primaryGroups() {
    var bySid = new HashMap<String, Dn>();
    groups
        .values()
        .forEach(group ->
            group
                .sid()
                .ifPresent(
                    sid -> bySid.merge(sid, group.dn(), (a, b) -> a.compareTo(b) <= 0 ? a : b)));
    var found = new HashMap<Dn, Dn>();
    var missing = new TreeMap<Dn, String>();
    primaryGroupIds.forEach((dn, id) -> {
      Computer computer = computers.get(dn);
      if (computer == null || computer.sid().isEmpty()) return;
      String sid = Sid.withLast(computer.sid().get(), id);
      Dn group = bySid.get(sid);
      if (group == null) missing.put(dn, sid);
      else found.put(dn, group);
    });
    if (!missing.isEmpty()) { // one problem, not one per computer
      var first = missing.firstEntry();
      problems.add(missing(first.getKey(), first.getValue(), missing.size()));
    }
    return found;
  }

  /// @param first the first computer that has this problem, of so many
  static Problem missing(Dn first, String sid, int count) {
    return new Problem(
        first.toString(),
        LdapAttribute.PRIMARY_GROUP_ID.ldapName(),
        Code.GROUP_UNREADABLE,
        "names group " + sid + ", which is not there; computers with such a problem: " + count);
  }
}
