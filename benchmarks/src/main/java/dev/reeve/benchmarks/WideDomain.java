package dev.reeve.benchmarks;

import dev.reeve.model.gp.Computer;
import dev.reeve.model.gp.DirectorySnapshot;
import dev.reeve.model.gp.Dn;
import dev.reeve.model.gp.GpLink;
import dev.reeve.model.gp.Gpo;
import dev.reeve.model.gp.GpoEntry;
import dev.reeve.model.gp.Group;
import dev.reeve.model.gp.PolicyEntry;
import dev.reeve.model.gp.PolicyPointer;
import dev.reeve.model.gp.SecurityFilter;
import dev.reeve.model.gp.Som;
import dev.reeve.model.ipsec.HostSettings;
import dev.reeve.model.ipsec.IpsecPolicy;
import dev.reeve.model.ipsec.MainMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A domain in which one computer stands below many OUs, each with many GPOs linked: the worst that
/// the limit of 999 GPOs allows. One in ten is enforced, one in ten disabled, one in five filtered
/// by a group.
final class WideDomain {

  private static final String BASE = "DC=corp,DC=example";
  private static final int GROUPS = 200;

  private final Map<Dn, Som> soms = new LinkedHashMap<>();
  private final Map<Dn, GpoEntry> gpos = new HashMap<>();
  private final Map<Dn, Group> groups = new HashMap<>();
  private final Dn computer;
  private final Dn policy = Dn.parse("CN=policy,CN=Reeve,CN=System," + BASE);

  /// @param levels OUs above the computer
  WideDomain(int gpoCount, int levels) {
    var containers = new ArrayList<String>();
    containers.add(BASE);
    for (int level = 1; level <= levels; level++)
      containers.add("OU=level" + level + "," + containers.getLast());
    computer = Dn.parse("CN=host," + containers.getLast());
    groups();
    int next = 0;
    for (int level = 0; level < containers.size(); level++) {
      int last = gpoCount * (level + 1) / containers.size();
      var links = new ArrayList<GpLink>();
      for (; next < last; next++) {
        Dn gpo = gpo(next);
        links.add(new GpLink(gpo, links.size() + 1, next % 10 != 3, next % 10 == 7));
      }
      Dn dn = Dn.parse(containers.get(level));
      soms.put(dn, new Som(dn, level == 0 ? Som.Kind.DOMAIN : Som.Kind.OU, links, false, true));
    }
  }

  private void groups() {
    for (int i = 0; i < GROUPS; i++) {
      // Each group is in the next one; the computer is in every fourth.
      Dn member = i > 0 && i % 4 != 0 ? group(i - 1) : computer;
      groups.put(group(i), new Group(group(i), Optional.empty(), Set.of(member)));
    }
  }

  private static Dn group(int number) {
    return Dn.parse("CN=group" + number + ",OU=Groups," + BASE);
  }

  private Dn gpo(int number) {
    String guid = "{00000000-0000-0000-0000-%012d}".formatted(number);
    Dn dn = Dn.parse("CN=" + guid + ",CN=Policies,CN=System," + BASE);
    SecurityFilter filter =
        number % 5 == 0
            ? new SecurityFilter.Groups(Set.of(group(number % GROUPS)), Set.of())
            : SecurityFilter.Everyone.EVERYONE;
    gpos.put(
        dn,
        new Gpo(
            dn,
            guid,
            "GPO " + number,
            false,
            2,
            1,
            filter,
            Optional.empty(),
            number == 1 ? new PolicyPointer.To(policy) : PolicyPointer.None.NONE,
            PolicyPointer.None.NONE,
            HostSettings.DEFAULTS));
    return dn;
  }

  Dn computer() {
    return computer;
  }

  DirectorySnapshot snapshot() {
    return new DirectorySnapshot(
        soms,
        gpos,
        Map.of(policy, new PolicyEntry.Readable(policy())),
        Map.of(
            computer,
            new Computer(computer, Optional.empty(), "host", Optional.empty(), List.of())),
        groups,
        Map.of(),
        Map.of(),
        Map.of(),
        List.of(),
        List.of());
  }

  private static IpsecPolicy policy() {
    return new IpsecPolicy(
        "{00000000-0000-0000-0000-00000000ffff}",
        "Wide",
        "",
        IpsecPolicy.DEFAULT_POLLING_INTERVAL,
        MainMode.DEFAULT,
        List.of());
  }
}
