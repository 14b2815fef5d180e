package dev.reeve.schema.rsop;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// A domain in plain text, as an administrator would draw it on paper: names, numbers, no types of
/// ours. The naive implementation reads this; [RandomSnapshot] makes what the real one reads.
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
  /// @param acl `+ RA SID` or `-`, which of Read and Apply, in stored order; empty = none
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

  /// Of a group's name, or of a computer's DN: all but the last part is the domain's.
  static String sid(String account) {
    return account.contains(",")
        ? "S-1-5-21-9-5" + account.charAt("CN=pc".length())
        : "S-1-5-21-9-1" + account.charAt(account.length() - 1);
  }

  /// What the entry of a filter is called, or would be: `F2` or `gone`.
  static String filterId(String name) {
    return "{00000000-0000-4000-8000-0000000000%s}".formatted(name.equals("gone") ? "00" : name);
  }

  static String filterName(String id) {
    String end = id.substring(id.length() - 3, id.length() - 1);
    return end.equals("00") ? "gone" : end.toUpperCase(Locale.ROOT);
  }

  /// The DN of whoever a filter names.
  static String trustee(String name) {
    return name.contains(",") ? name : group(name);
  }

  private static final String SHOWN = "OU=Groups," + DOMAIN;
  static final String BARE = "CN=bare," + SHOWN;
  static final String DARK = "CN=dark,OU=Secret," + DOMAIN;

  static final String EVERYONE = "CN=S-1-1-0,CN=ForeignSecurityPrincipals," + DOMAIN;
  static final String AUTHENTICATED = "CN=S-1-5-11,CN=ForeignSecurityPrincipals," + DOMAIN;

  /// What a group may have beside computers and groups: an entry of which only the name is shown,
  /// one in a container that is not shown, one that was deleted, one of another domain, a person,
  /// and those that every computer is.
  private static final List<String> MEMBERS =
      List.of(
          BARE,
          DARK,
          "CN=stale," + SHOWN,
          "CN=alien,OU=Staff,DC=other,DC=example",
          "CN=person," + SHOWN,
          EVERYONE,
          AUTHENTICATED);

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
      if (random.nextBoolean()) members.add(MEMBERS.get(random.nextInt(MEMBERS.size())));
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
        List<String> rights = List.of("RA", "RA", "R", "A");
        for (int i = random.nextInt(5); i > 0; i--) {
          String sign = random.nextInt(3) == 0 ? "- " : "+ ";
          entries.add(sign + rights.get(random.nextInt(4)) + " " + trustees.get(random.nextInt(7)));
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
}
