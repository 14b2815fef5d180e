package dev.reeve.schema.rsop;

import static dev.reeve.schema.rsop.RandomDomain.DOMAIN;
import static dev.reeve.schema.rsop.RandomDomain.filterId;
import static dev.reeve.schema.rsop.RandomDomain.group;
import static dev.reeve.schema.rsop.RandomDomain.sid;
import static dev.reeve.schema.rsop.RandomDomain.site;
import static dev.reeve.schema.rsop.RandomDomain.trustee;

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
import dev.reeve.schema.rsop.RandomDomain.RawGpo;
import dev.reeve.schema.rsop.RandomDomain.RawSom;
import dev.reeve.schema.rsop.RandomDomain.RawSubnet;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/// A [RandomDomain] as the real implementation reads it from a directory.
final class RandomSnapshot {

  private final RandomDomain domain;
  private final Random order;
  private final UnaryOperator<String> rewrite;

  private RandomSnapshot(RandomDomain domain, Random order, UnaryOperator<String> rewrite) {
    this.domain = domain;
    this.order = order;
    this.rewrite = rewrite;
  }

  /// @param order shuffles whatever comes in some order from a directory
  /// @param rewrite changes how DNs are written
  static DirectorySnapshot of(RandomDomain domain, Random order, UnaryOperator<String> rewrite) {
    return new RandomSnapshot(domain, order, rewrite).make();
  }

  private DirectorySnapshot make() {
    var somEntries = new LinkedHashMap<Dn, Som>();
    for (String name : shuffled(domain.soms().keySet())) {
      RawSom raw = domain.soms().getOrDefault(name, new RawSom(List.of(), 0, true));
      Dn dn = Dn.parse(rewrite.apply(name));
      var links = new ArrayList<GpLink>();
      for (String entry : raw.gpLink().reversed()) {
        String[] parts = entry.split(";");
        int options = Integer.parseInt(parts[1]);
        links.add(
            new GpLink(gpoDn(parts[0]), links.size() + 1, (options & 1) == 0, (options & 2) != 0));
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
    for (String name : shuffled(domain.gpos().keySet())) {
      Dn dn = gpoDn(name);
      entry(name, dn).ifPresent(entry -> gpoEntries.put(dn, entry));
      RawGpo raw = java.util.Objects.requireNonNull(domain.gpos().get(name));
      policy(name, raw.assigns()).ifPresent(p -> policies.put(policyDn(name), p));
      policy("P" + name, raw.persistent()).ifPresent(p -> policies.put(policyDn("P" + name), p));
      problems.add(
          new Problem(Dn.parse(gpo(name)).toString(), "a", Problem.Code.MALFORMED_ENTRY, name));
    }
    var computerEntries = new LinkedHashMap<Dn, Computer>();
    for (String name : shuffled(domain.computers())) {
      Dn dn = Dn.parse(rewrite.apply(name));
      var parsed = shuffled(domain.addresses()).stream().map(IpAddress::parse).toList();
      computerEntries.put(
          dn, new Computer(dn, Optional.empty(), name, Optional.of(sid(name)), parsed));
    }
    var primaryEntries = new LinkedHashMap<Dn, Dn>();
    domain
        .primaryGroups()
        .forEach((computer, group) ->
            primaryEntries.put(
                Dn.parse(rewrite.apply(computer)), Dn.parse(rewrite.apply(group(group)))));
    var filterEntries = new LinkedHashMap<Dn, FactFilter>();
    for (String name : shuffled(domain.filters().keySet())) {
      Dn dn = filterDn(name);
      var queries =
          domain.filters().getOrDefault(name, List.of()).stream()
              .map(q -> new FactFilter.Query(q.namespace(), q.text()))
              .toList();
      filterEntries.put(dn, new FactFilter(dn, name, queries));
    }
    var otherEntries = new LinkedHashMap<Dn, Boolean>();
    for (String name : shuffled(domain.others().keySet()))
      otherEntries.put(Dn.parse(rewrite.apply(name)), domain.others().getOrDefault(name, true));
    var groupEntries = new LinkedHashMap<Dn, Group>();
    for (String name : shuffled(domain.groups().keySet())) {
      Dn dn = Dn.parse(rewrite.apply(group(name)));
      Set<Dn> members =
          domain.groups().getOrDefault(name, Set.of()).stream()
              .map(m -> Dn.parse(rewrite.apply(m)))
              .collect(Collectors.toSet());
      groupEntries.put(dn, new Group(dn, Optional.of(sid(name)), members));
    }
    var subnetEntries = new ArrayList<Subnet>();
    for (RawSubnet raw : shuffled(domain.subnets())) {
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
        shuffled(problems));
  }

  private <T> List<T> shuffled(Iterable<T> items) {
    var list = new ArrayList<T>();
    items.forEach(list::add);
    Collections.shuffle(list, order);
    return list;
  }

  private static String gpo(String name) {
    return "CN={" + name + "},CN=Policies,CN=System," + DOMAIN;
  }

  private Dn gpoDn(String name) {
    return Dn.parse(rewrite.apply(gpo(name)));
  }

  private Dn filterDn(String name) {
    return Dn.parse(
        rewrite.apply("CN=" + filterId(name) + ",CN=SOM,CN=WMIPolicy,CN=System," + DOMAIN));
  }

  private Dn policyDn(String name) {
    return Dn.parse(rewrite.apply("CN=ipsecPolicy{" + name + "},CN=Reeve,CN=System," + DOMAIN));
  }

  private Optional<GpoEntry> entry(String name, Dn dn) {
    RawGpo raw = java.util.Objects.requireNonNull(domain.gpos().get(name));
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
                  filter(raw),
                  raw.filter().map(filter -> filterDn(filter)),
                  pointer(raw.assigns(), name),
                  pointer(raw.persistent(), "P" + name),
                  hostSettings(raw.settings())));
    };
  }

  private PolicyPointer pointer(String assigns, String policy) {
    return switch (assigns) {
      case "nothing" -> PolicyPointer.None.NONE;
      case "unreadable" -> new PolicyPointer.Unreadable("two values");
      default -> new PolicyPointer.To(policyDn(policy));
    };
  }

  private static HostSettings hostSettings(Map<String, String> raw) {
    var values = new EnumMap<HostSetting, JsonValue>(HostSetting.class);
    raw.forEach(
        (key, json) -> values.put(HostSetting.find(key).orElseThrow(), JsonText.parse(json)));
    return new HostSettings(values);
  }

  private SecurityFilter filter(RawGpo raw) {
    if (raw.acl().isPresent()) {
      List<String> acl = raw.acl().get();
      return new SecurityFilter.AccessList(aces(acl, "R"), aces(acl, "A"));
    }
    if (raw.apply().isEmpty() && raw.deny().isEmpty()) return SecurityFilter.Everyone.EVERYONE;
    return new SecurityFilter.Groups(dns(raw.apply()), dns(raw.deny()));
  }

  private static List<SecurityFilter.Ace> aces(List<String> acl, String right) {
    return acl.stream()
        .map(ace -> ace.split(" "))
        .filter(ace -> ace[1].contains(right))
        .map(ace -> new SecurityFilter.Ace(ace[0].equals("+"), ace[2]))
        .toList();
  }

  private Set<Dn> dns(Set<String> groups) {
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
