package dev.reeve.model.rsop;

import dev.reeve.model.gp.Computer;
import dev.reeve.model.gp.DirectorySnapshot;
import dev.reeve.model.gp.Dn;
import dev.reeve.model.gp.FactFilter;
import dev.reeve.model.gp.GpLink;
import dev.reeve.model.gp.Gpo;
import dev.reeve.model.gp.GpoEntry;
import dev.reeve.model.gp.Group;
import dev.reeve.model.gp.PolicyEntry;
import dev.reeve.model.gp.PolicyPointer;
import dev.reeve.model.gp.Problem;
import dev.reeve.model.gp.SecurityFilter;
import dev.reeve.model.gp.Som;
import dev.reeve.model.gp.Subnet;
import dev.reeve.model.ipsec.HostSetting;
import dev.reeve.model.ipsec.HostSettings;
import dev.reeve.model.ipsec.IpsecPolicy;
import dev.reeve.model.ipsec.MainMode;
import dev.reeve.model.json.JsonText;
import dev.reeve.model.json.JsonValue;
import dev.reeve.model.net.IpAddress;
import dev.reeve.model.net.IpPrefix;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/// A domain in plain text, as an administrator would draw it on paper: names, numbers, no types of
/// ours. The naive implementation reads this; [#snapshot] makes what the real one reads.
record RandomDomain(
    Map<String, RawSom> soms,
    Map<String, RawGpo> gpos,
    Map<String, Set<String>> groups,
    Map<String, String> primaryGroups,
    Map<String, List<RawQuery>> filters,
    Map<String, Boolean> others,
    List<RawSubnet> subnets,
    List<String> computers,
    List<String> addresses,
    Map<String, String> facts) {

  /// @param gpLink first entry first; `Name;options`
  record RawSom(List<String> gpLink, int gpOptions, boolean complete) {}

  /// @param apply names of groups, or of `lost-…` ones that nobody can read, or a computer's DN
  /// @param acl `+SID` or `-SID` in stored order; empty = none
  /// @param filter a name in [#filters], or `gone`
  /// @param assigns `nothing`, `itself`, `dangling`, `broken` or `unreadable`
  /// @param persistent the same for the persistent policy
  /// @param settings key → JSON
  record RawGpo(
      String state,
      int functionality,
      int flags,
      int version,
      Set<String> apply,
      Set<String> deny,
      Optional<List<String>> acl,
      Optional<String> filter,
      String assigns,
      String persistent,
      Map<String, String> settings) {}

  record RawQuery(String namespace, String text) {}

  record RawSubnet(String prefix, String site) {}

  static final String DOMAIN = "DC=corp,DC=example";

  static String site(String name) {
    return "CN=" + name + ",CN=Sites,CN=Configuration," + DOMAIN;
  }

  static String group(String name) {
    return "CN=" + name + ",OU=Groups," + DOMAIN;
  }

  /// Of a group's name, or of a computer's DN.
  static String sid(String account) {
    return account.contains(",")
        ? "S-1-5-21-9-" + account.charAt("CN=pc".length())
        : "S-1-5-21-" + account.length() + "-" + account.charAt(account.length() - 1);
  }

  /// The DN of whoever a filter names.
  static String trustee(String name) {
    return name.contains(",") ? name : group(name);
  }

  private static final String SHOWN = "OU=Groups," + DOMAIN;
  static final String BARE = "CN=bare," + SHOWN;
  static final String DARK = "CN=dark,OU=Secret," + DOMAIN;

  /// What a group may have beside computers and groups: an entry of which only the name is shown,
  /// one in a container that is not shown, one that was deleted, one of another domain, and a
  /// person.
  private static final List<String> MEMBERS =
      List.of(
          BARE,
          DARK,
          "CN=stale," + SHOWN,
          "CN=alien,OU=Staff,DC=other,DC=example",
          "CN=person," + SHOWN);

  static RandomDomain of(Random random) {
    var gpos = new TreeMap<String, RawGpo>();
    for (int i = 1 + random.nextInt(12); i > 0; i--) gpos.put("G" + i, gpo(random));
    var filters = new TreeMap<String, List<RawQuery>>();
    for (int i = 0; i < 4; i++) filters.put("F" + i, new RandomQueries(random).filter());
    var others = new TreeMap<String, Boolean>();
    others.put(SHOWN, true);
    others.put("CN=person," + SHOWN, true);
    others.put(BARE, false);
    var containers = new ArrayList<String>(List.of(DOMAIN));
    for (int i = random.nextInt(7); i > 0; i--) {
      String type = random.nextInt(5) == 0 ? "CN=c" : "OU=o";
      containers.add(type + i + "," + containers.get(random.nextInt(containers.size())));
    }
    var soms = new TreeMap<String, RawSom>();
    for (String container : containers) {
      boolean absent = random.nextInt(25) == 0;
      if (!absent) others.put(container, true);
      if (container.startsWith("CN=") || absent) continue;
      soms.put(container, som(random, gpos.keySet()));
    }
    int sites = random.nextInt(4);
    for (int i = 0; i < sites; i++) soms.put(site("S" + i), som(random, gpos.keySet()));
    var subnets = new ArrayList<RawSubnet>();
    for (String prefix :
        List.of(
            "10.0.0.0/8", "10.1.0.0/16", "10.1.1.0/24", "10.2.0.0/16", "fd00::/8", "fd01::/16")) {
      if (random.nextBoolean()) continue;
      int to = random.nextInt(12);
      subnets.add(
          new RawSubnet(prefix, to == 0 ? "" : to == 1 ? "Gone" : "S" + to % Math.max(1, sites)));
    }
    var computers = new ArrayList<String>();
    for (int i = 0; i < 3; i++) {
      computers.add("CN=pc" + i + "," + containers.get(random.nextInt(containers.size())));
    }
    var groups = new TreeMap<String, Set<String>>();
    List<String> names = List.of("g1", "g2", "g3", "g4");
    for (String name : names) {
      var members = new TreeSet<String>();
      for (String computer : computers) if (random.nextInt(4) == 0) members.add(computer);
      for (String other : names) if (random.nextInt(5) == 0) members.add(group(other));
      if (random.nextInt(6) == 0) members.add(MEMBERS.get(random.nextInt(MEMBERS.size())));
      groups.put(name, members);
    }
    var primary = new TreeMap<String, String>();
    for (String computer : computers)
      if (random.nextInt(3) == 0) primary.put(computer, names.get(random.nextInt(4)));
    var addresses = new ArrayList<String>();
    for (String address :
        List.of("10.1.1.1", "10.1.2.1", "10.2.0.1", "10.3.0.1", "fd01::1", "fd02::1", "172.16.0.1"))
      if (random.nextInt(4) == 0) addresses.add(address);
    return new RandomDomain(
        soms,
        gpos,
        groups,
        primary,
        filters,
        others,
        subnets,
        computers,
        addresses,
        RandomQueries.facts(random));
  }

  private static RawSom som(Random random, Set<String> gpos) {
    var entries = new ArrayList<String>();
    var names = List.copyOf(new TreeSet<>(gpos));
    for (int i = random.nextInt(5); i > 0; i--) {
      int options = random.nextInt(10) < 6 ? 0 : random.nextInt(4);
      entries.add(names.get(random.nextInt(names.size())) + ";" + options);
    }
    return new RawSom(entries, random.nextInt(6) == 0 ? 1 : 0, random.nextInt(20) > 0);
  }

  private static RawGpo gpo(Random random) {
    var apply = new TreeSet<String>();
    var deny = new TreeSet<String>();
    Optional<List<String>> acl = Optional.empty();
    switch (random.nextInt(5)) {
      case 0 -> {
        for (int i = random.nextInt(3); i > 0; i--) apply.add(anyGroup(random));
        for (int i = random.nextInt(3); i > 0; i--) deny.add(anyGroup(random));
      }
      case 1 -> {
        var entries = new ArrayList<String>();
        List<String> trustees =
            List.of(
                sid("g1"),
                sid("g2"),
                sid("g3"),
                sid("CN=pc0,"),
                "S-1-1-0",
                "S-1-5-11",
                "S-1-5-32-544");
        for (int i = random.nextInt(4); i > 0; i--) {
          entries.add((random.nextInt(3) == 0 ? "-" : "+") + trustees.get(random.nextInt(7)));
        }
        acl = Optional.of(entries);
      }
      default -> {}
    }
    int state = random.nextInt(25);
    List<String> assigns =
        List.of(
            "nothing",
            "nothing",
            "itself",
            "itself",
            "itself",
            "itself",
            "dangling",
            "broken",
            "unreadable");
    return new RawGpo(
        state == 0 ? "missing" : state == 1 ? "unreadable" : "readable",
        random.nextInt(15) == 0 ? 1 : 2,
        random.nextInt(6) == 0 ? random.nextInt(4) : 0,
        random.nextInt(10) == 0 ? 0x10000 : 3,
        apply,
        deny,
        acl,
        random.nextInt(4) > 0
            ? Optional.empty()
            : Optional.of(random.nextInt(12) == 0 ? "gone" : "F" + random.nextInt(4)),
        assigns.get(random.nextInt(random.nextBoolean() ? 6 : 9)),
        random.nextInt(3) > 0 ? "nothing" : assigns.get(random.nextInt(9)),
        settings(random));
  }

  private static Map<String, String> settings(Random random) {
    var settings = new TreeMap<String, String>();
    if (random.nextInt(4) == 0) settings.put("ipsecExempt", "" + random.nextInt(4));
    if (random.nextInt(4) == 0) settings.put("strongCrlCheck", "" + random.nextInt(3));
    if (random.nextInt(6) == 0)
      settings.put("bootMode", random.nextBoolean() ? "\"block\"" : "\"permit\"");
    if (random.nextInt(8) == 0) settings.put("legacy", "" + random.nextBoolean());
    return settings;
  }

  private static String anyGroup(Random random) {
    return switch (random.nextInt(12)) {
      case 0 -> "lost-1";
      case 1 -> "CN=pc0," + DOMAIN;
      default -> "g" + (1 + random.nextInt(4));
    };
  }

  /// @param order shuffles whatever comes in some order from a directory
  /// @param rewrite changes how DNs are written
  DirectorySnapshot snapshot(Random order, UnaryOperator<String> rewrite) {
    var somEntries = new LinkedHashMap<Dn, Som>();
    for (String name : shuffled(soms.keySet(), order)) {
      RawSom raw = soms.getOrDefault(name, new RawSom(List.of(), 0, true));
      Dn dn = Dn.parse(rewrite.apply(name));
      var links = new ArrayList<GpLink>();
      for (String entry : raw.gpLink().reversed()) {
        String[] parts = entry.split(";");
        int options = Integer.parseInt(parts[1]);
        links.add(
            new GpLink(
                gpoDn(parts[0], rewrite),
                links.size() + 1,
                (options & 1) == 0,
                (options & 2) != 0));
      }
      Som.Kind kind =
          name.contains("CN=Sites")
              ? Som.Kind.SITE
              : name.equals(DOMAIN) ? Som.Kind.DOMAIN : Som.Kind.OU;
      somEntries.put(dn, new Som(dn, kind, links, raw.gpOptions() == 1, raw.complete()));
    }
    var gpoEntries = new LinkedHashMap<Dn, GpoEntry>();
    var policies = new LinkedHashMap<Dn, PolicyEntry>();
    var problems = new ArrayList<Problem>();
    for (String name : shuffled(gpos.keySet(), order)) {
      Dn dn = gpoDn(name, rewrite);
      entry(name, dn, rewrite).ifPresent(entry -> gpoEntries.put(dn, entry));
      RawGpo raw = java.util.Objects.requireNonNull(gpos.get(name));
      policy(name, raw.assigns()).ifPresent(p -> policies.put(policyDn(name, rewrite), p));
      policy("P" + name, raw.persistent())
          .ifPresent(p -> policies.put(policyDn("P" + name, rewrite), p));
      problems.add(
          new Problem(gpoDn(name, s -> s).toString(), "a", Problem.Code.MALFORMED_ENTRY, name));
    }
    var computerEntries = new LinkedHashMap<Dn, Computer>();
    for (String name : shuffled(computers, order)) {
      Dn dn = Dn.parse(rewrite.apply(name));
      var parsed = shuffled(addresses, order).stream().map(IpAddress::parse).toList();
      computerEntries.put(
          dn, new Computer(dn, Optional.empty(), name, Optional.of(sid(name)), parsed));
    }
    var primaryEntries = new LinkedHashMap<Dn, Dn>();
    primaryGroups.forEach((computer, group) ->
        primaryEntries.put(
            Dn.parse(rewrite.apply(computer)), Dn.parse(rewrite.apply(group(group)))));
    var filterEntries = new LinkedHashMap<Dn, FactFilter>();
    for (String name : shuffled(filters.keySet(), order)) {
      Dn dn = filterDn(name, rewrite);
      var queries =
          filters.getOrDefault(name, List.of()).stream()
              .map(q -> new FactFilter.Query(q.namespace(), q.text()))
              .toList();
      filterEntries.put(dn, new FactFilter(dn, name, queries));
    }
    var otherEntries = new LinkedHashMap<Dn, Boolean>();
    for (String name : shuffled(others.keySet(), order))
      otherEntries.put(Dn.parse(rewrite.apply(name)), others.getOrDefault(name, true));
    var groupEntries = new LinkedHashMap<Dn, Group>();
    for (String name : shuffled(groups.keySet(), order)) {
      Dn dn = Dn.parse(rewrite.apply(group(name)));
      Set<Dn> members =
          groups.getOrDefault(name, Set.of()).stream()
              .map(m -> Dn.parse(rewrite.apply(m)))
              .collect(Collectors.toSet());
      groupEntries.put(dn, new Group(dn, Optional.of(sid(name)), members));
    }
    var subnetEntries = new ArrayList<Subnet>();
    for (RawSubnet raw : shuffled(subnets, order)) {
      Optional<Dn> site =
          raw.site().isEmpty()
              ? Optional.empty()
              : Optional.of(Dn.parse(rewrite.apply(site(raw.site()))));
      Dn dn = Dn.parse("CN=" + raw.prefix() + ",CN=Subnets,CN=Sites,CN=Configuration," + DOMAIN);
      subnetEntries.add(new Subnet(dn, IpPrefix.parse(raw.prefix()), site));
    }
    return new DirectorySnapshot(
        somEntries,
        gpoEntries,
        policies,
        computerEntries,
        groupEntries,
        primaryEntries,
        filterEntries,
        otherEntries,
        subnetEntries,
        shuffled(problems, order));
  }

  private static <T> List<T> shuffled(Iterable<T> items, Random order) {
    var list = new ArrayList<T>();
    items.forEach(list::add);
    Collections.shuffle(list, order);
    return list;
  }

  private static Dn gpoDn(String name, UnaryOperator<String> rewrite) {
    return Dn.parse(rewrite.apply("CN={" + name + "},CN=Policies,CN=System," + DOMAIN));
  }

  private static Dn filterDn(String name, UnaryOperator<String> rewrite) {
    return Dn.parse(rewrite.apply("CN={" + name + "},CN=SOM,CN=WMIPolicy,CN=System," + DOMAIN));
  }

  private static Dn policyDn(String name, UnaryOperator<String> rewrite) {
    return Dn.parse(rewrite.apply("CN=ipsecPolicy{" + name + "},CN=Reeve,CN=System," + DOMAIN));
  }

  private Optional<GpoEntry> entry(String name, Dn dn, UnaryOperator<String> rewrite) {
    RawGpo raw = java.util.Objects.requireNonNull(gpos.get(name));
    return switch (raw.state()) {
      case "missing" -> Optional.empty();
      case "unreadable" -> Optional.of(new GpoEntry.Unreadable(dn, "no attributes"));
      default ->
          Optional.of(
              new Gpo(
                  dn,
                  "{" + name + "}",
                  name,
                  (raw.flags() & 2) != 0,
                  raw.functionality(),
                  raw.version() & 0xffff,
                  filter(raw, rewrite),
                  raw.filter().map(filter -> filterDn(filter, rewrite)),
                  pointer(raw.assigns(), name, rewrite),
                  pointer(raw.persistent(), "P" + name, rewrite),
                  hostSettings(raw.settings())));
    };
  }

  private static PolicyPointer pointer(
      String assigns, String policy, UnaryOperator<String> rewrite) {
    return switch (assigns) {
      case "nothing" -> PolicyPointer.None.NONE;
      case "unreadable" -> new PolicyPointer.Unreadable("two values");
      default -> new PolicyPointer.To(policyDn(policy, rewrite));
    };
  }

  private static HostSettings hostSettings(Map<String, String> raw) {
    var values = new EnumMap<HostSetting, JsonValue>(HostSetting.class);
    raw.forEach(
        (key, json) -> values.put(HostSetting.find(key).orElseThrow(), JsonText.parse(json)));
    return new HostSettings(values);
  }

  private static SecurityFilter filter(RawGpo raw, UnaryOperator<String> rewrite) {
    if (raw.acl().isPresent()) {
      return new SecurityFilter.AccessList(
          raw.acl().get().stream()
              .map(ace -> new SecurityFilter.Ace(ace.startsWith("+"), ace.substring(1)))
              .toList());
    }
    if (raw.apply().isEmpty() && raw.deny().isEmpty()) return SecurityFilter.Everyone.EVERYONE;
    return new SecurityFilter.Groups(dns(raw.apply(), rewrite), dns(raw.deny(), rewrite));
  }

  private static Set<Dn> dns(Set<String> groups, UnaryOperator<String> rewrite) {
    return groups.stream()
        .map(g -> Dn.parse(rewrite.apply(trustee(g))))
        .collect(Collectors.toSet());
  }

  private static Optional<PolicyEntry> policy(String name, String assigns) {
    return switch (assigns) {
      case "itself" ->
          Optional.of(
              new PolicyEntry.Readable(
                  new IpsecPolicy(
                      "{" + name + "}",
                      name,
                      "",
                      IpsecPolicy.DEFAULT_POLLING_INTERVAL,
                      MainMode.DEFAULT,
                      List.of())));
      case "broken" -> Optional.of(new PolicyEntry.Unreadable("a rule is missing"));
      default -> Optional.empty();
    };
  }
}
