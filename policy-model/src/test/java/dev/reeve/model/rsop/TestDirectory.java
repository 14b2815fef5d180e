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
import dev.reeve.model.json.JsonValue;
import dev.reeve.model.net.IpAddress;
import dev.reeve.model.net.IpPrefix;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;

/// A small directory under `DC=corp`, built in the notation of the precedence table.
///
/// A cell is the links of one SOM, link order 1 first: `Name!` enforced, `Name~` link disabled,
/// `Name?` the computer lacks Apply, `[block]` block inheritance. A GPO exists as soon as a cell
/// names it and assigns the policy of its own name.
final class TestDirectory {

  static final Dn DOMAIN = Dn.parse("DC=corp");
  static final Dn OTHERS = Dn.parse("CN=Others,OU=Groups,DC=corp");
  static final Dn LOST_GROUP = Dn.parse("CN=Lost,OU=Groups,DC=corp");

  private final Map<Dn, Som> soms = new LinkedHashMap<>();
  private final Map<Dn, GpoEntry> gpos = new LinkedHashMap<>();
  private final Map<Dn, PolicyEntry> policies = new LinkedHashMap<>();
  private final Map<Dn, Computer> computers = new LinkedHashMap<>();
  private final Map<Dn, Group> groups = new LinkedHashMap<>();
  private final Map<Dn, FactFilter> filters = new LinkedHashMap<>();
  private final Map<Dn, Boolean> others = new LinkedHashMap<>();
  private final List<Subnet> subnets = new ArrayList<>();
  private final List<Problem> problems = new ArrayList<>();

  TestDirectory() {
    groups.put(OTHERS, new Group(OTHERS, Optional.empty(), Set.of()));
  }

  static Dn dn(String relative) {
    return relative.toUpperCase(Locale.ROOT).endsWith("DC=CORP")
        ? Dn.parse(relative)
        : DOMAIN.below(relative);
  }

  static Dn siteDn(String name) {
    return DOMAIN.below("CN=Sites,CN=Configuration").child("CN", name);
  }

  static String guid(String gpo) {
    UUID id = UUID.nameUUIDFromBytes(gpo.getBytes(StandardCharsets.UTF_8));
    return "{" + id.toString().toUpperCase(Locale.ROOT) + "}";
  }

  static Dn gpoDn(String name) {
    return DOMAIN.below("CN=" + guid(name) + ",CN=Policies,CN=System");
  }

  static Dn policyDn(String name) {
    return DOMAIN.below("CN=ipsecPolicy" + guid(name) + ",CN=Reeve,CN=System");
  }

  TestDirectory som(String dn, String cell) {
    Dn name = dn(dn);
    return som(name, name.isNamedBy("dc") ? Som.Kind.DOMAIN : Som.Kind.OU, cell);
  }

  TestDirectory site(String name, String cell) {
    return som(siteDn(name), Som.Kind.SITE, cell);
  }

  private TestDirectory som(Dn dn, Som.Kind kind, String cell) {
    var links = new ArrayList<GpLink>();
    boolean blocks = false;
    for (String word : cell.isBlank() ? new String[0] : cell.strip().split("\\s+")) {
      if (word.equals("[block]")) {
        blocks = true;
        continue;
      }
      String name = word.replaceAll("[!~?]", "");
      gpos.putIfAbsent(gpoDn(name), gpo(name));
      if (word.contains("?")) gpo(name, gpo -> filtered(gpo, OTHERS));
      policy(name);
      links.add(new GpLink(gpoDn(name), links.size() + 1, !word.contains("~"), word.contains("!")));
    }
    soms.put(dn, new Som(dn, kind, links, blocks, true));
    return this;
  }

  private static Gpo gpo(String name) {
    return new Gpo(
        gpoDn(name),
        guid(name),
        name,
        false,
        2,
        1,
        SecurityFilter.Everyone.EVERYONE,
        Optional.empty(),
        new PolicyPointer.To(policyDn(name)),
        PolicyPointer.None.NONE,
        HostSettings.DEFAULTS);
  }

  TestDirectory policy(String name) {
    policies.put(
        policyDn(name),
        new PolicyEntry.Readable(
            new IpsecPolicy(
                guid(name),
                name,
                "",
                IpsecPolicy.DEFAULT_POLLING_INTERVAL,
                MainMode.DEFAULT,
                List.of())));
    return this;
  }

  /// Changes a GPO that a cell has named.
  TestDirectory gpo(String name, UnaryOperator<Gpo> change) {
    if (!(gpos.get(gpoDn(name)) instanceof Gpo gpo)) {
      throw new IllegalArgumentException("no cell names " + name);
    }
    gpos.put(gpoDn(name), change.apply(gpo));
    return this;
  }

  static Gpo filtered(Gpo gpo, Dn applyGroup) {
    return with(gpo, new SecurityFilter.Groups(Set.of(applyGroup), Set.of()));
  }

  static Gpo with(Gpo gpo, SecurityFilter filter) {
    return new Gpo(
        gpo.dn(),
        gpo.guid(),
        gpo.name(),
        gpo.computerSettingsDisabled(),
        gpo.functionalityVersion(),
        gpo.machineVersion(),
        filter,
        gpo.factFilter(),
        gpo.ipsecPolicy(),
        gpo.persistentPolicy(),
        gpo.settings());
  }

  static Gpo with(Gpo gpo, boolean off, int functionality, int version) {
    return new Gpo(
        gpo.dn(),
        gpo.guid(),
        gpo.name(),
        off,
        functionality,
        version,
        gpo.securityFilter(),
        gpo.factFilter(),
        gpo.ipsecPolicy(),
        gpo.persistentPolicy(),
        gpo.settings());
  }

  static Gpo with(Gpo gpo, PolicyPointer policy, PolicyPointer persistent) {
    return new Gpo(
        gpo.dn(),
        gpo.guid(),
        gpo.name(),
        gpo.computerSettingsDisabled(),
        gpo.functionalityVersion(),
        gpo.machineVersion(),
        gpo.securityFilter(),
        gpo.factFilter(),
        policy,
        persistent,
        gpo.settings());
  }

  static Gpo with(Gpo gpo, Map<HostSetting, JsonValue> settings, Optional<Dn> factFilter) {
    return new Gpo(
        gpo.dn(),
        gpo.guid(),
        gpo.name(),
        gpo.computerSettingsDisabled(),
        gpo.functionalityVersion(),
        gpo.machineVersion(),
        gpo.securityFilter(),
        factFilter,
        gpo.ipsecPolicy(),
        gpo.persistentPolicy(),
        new HostSettings(settings));
  }

  TestDirectory factFilter(String name, String... queries) {
    Dn dn = DOMAIN.below("CN=" + guid(name) + ",CN=SOM,CN=WMIPolicy,CN=System");
    var all = Arrays.stream(queries).map(q -> new FactFilter.Query("root\\CIMv2", q)).toList();
    filters.put(dn, new FactFilter(dn, name, all));
    return this;
  }

  static Dn factFilterDn(String name) {
    return DOMAIN.below("CN=" + guid(name) + ",CN=SOM,CN=WMIPolicy,CN=System");
  }

  /// What else is the case, `;` between the statements: `Base missing`, `OU=Web incomplete`, …
  TestDirectory but(String statements) {
    for (String statement : statements.split(";")) {
      if (statement.isBlank()) continue;
      String[] words = statement.strip().split(" ", 2);
      but(words[0], words[1].strip());
    }
    return this;
  }

  private void but(String what, String state) {
    Dn gpo = gpoDn(what);
    switch (state) {
      case "missing" -> gpos.remove(gpo);
      case "unreadable" -> gpos.put(gpo, new GpoEntry.Unreadable(gpo, "no attributes"));
      case "empty" ->
          gpo(what, g -> with(g, g.computerSettingsDisabled(), g.functionalityVersion(), 0));
      case "off" -> gpo(what, g -> with(g, true, g.functionalityVersion(), g.machineVersion()));
      case "version 1" ->
          gpo(what, g -> with(g, g.computerSettingsDisabled(), 1, g.machineVersion()));
      case "assigns nothing" ->
          gpo(what, g -> with(g, PolicyPointer.None.NONE, PolicyPointer.None.NONE));
      case "pointer unreadable" ->
          gpo(what, g -> with(g, new PolicyPointer.Unreadable("two values"), g.persistentPolicy()));
      case "dangles" -> policies.remove(policyDn(what));
      case "policy broken" ->
          policies.put(policyDn(what), new PolicyEntry.Unreadable("rule 2 is missing"));
      case "filtered" -> gpo(what, g -> filtered(g, OTHERS));
      case "filtered by a lost group" -> gpo(what, g -> filtered(g, LOST_GROUP));
      case "fact filtered" -> {
        factFilter("never", "SELECT * FROM Reeve_Host WHERE os = 'none'");
        gpo(what, g -> with(g, g.settings().values(), Optional.of(factFilterDn("never"))));
      }
      case "fact filter missing" ->
          gpo(what, g -> with(g, g.settings().values(), Optional.of(factFilterDn("gone"))));
      case "incomplete" -> soms.computeIfPresent(somDn(what), (dn, som) -> incomplete(som));
      case "absent" -> soms.remove(somDn(what));
      default -> throw new IllegalArgumentException(what + " " + state);
    }
  }

  private static Dn somDn(String what) {
    return what.startsWith("site") ? siteDn("HQ") : dn(what);
  }

  private static Som incomplete(Som som) {
    return new Som(som.dn(), som.kind(), som.links(), som.blocksInheritance(), false);
  }

  TestDirectory subnet(String prefix, String site) {
    Dn dn = DOMAIN.below("CN=Subnets,CN=Sites,CN=Configuration").child("CN", prefix);
    Optional<Dn> of = site.isEmpty() ? Optional.empty() : Optional.of(siteDn(site));
    subnets.add(new Subnet(dn, IpPrefix.parse(prefix), of));
    return this;
  }

  TestDirectory computer(String dn, String... addresses) {
    Dn name = dn(dn);
    var parsed = Arrays.stream(addresses).map(IpAddress::parse).toList();
    computers.put(
        name, new Computer(name, Optional.empty(), name.name(), Optional.empty(), parsed));
    return this;
  }

  TestDirectory group(String name, String... members) {
    Dn dn = dn("CN=" + name + ",OU=Groups");
    var names = new HashSet<Dn>();
    for (String member : members) names.add(dn(member));
    groups.put(dn, new Group(dn, Optional.empty(), names));
    return this;
  }

  /// An entry that is neither computer nor group, or of which nothing but the name is shown.
  TestDirectory other(String dn, boolean shown) {
    others.put(dn(dn), shown);
    return this;
  }

  TestDirectory problem(Problem problem) {
    problems.add(problem);
    return this;
  }

  DirectorySnapshot snapshot() {
    return new DirectorySnapshot(
        soms,
        gpos,
        policies,
        computers,
        groups,
        new HashMap<>(),
        filters,
        others,
        subnets,
        problems);
  }

  Rsop resolve(String computer) {
    return Rsop.resolve(snapshot(), RsopQuery.of(dn(computer)));
  }

  /// The name of the winning GPO, `none` or `unknown`.
  static String shown(PolicyResult result) {
    return switch (result) {
      case PolicyResult.Assigned(var by, var dn, var policy) -> {
        if (!policy.name().equals(by.name()) || !dn.equals(policyDn(by.name()))) {
          throw new AssertionError(by.name() + " won with the policy " + policy.name());
        }
        yield by.name();
      }
      case PolicyResult.Unassigned _ -> "none";
      case PolicyResult.Unknown _ -> "unknown";
    };
  }

  /// `Web@1 Base:LINK_DISABLED`: applied links with their precedence, denied ones with their
  /// reason.
  String shown(List<LinkVerdict> verdicts) {
    var names = new HashMap<Dn, String>();
    for (Som som : soms.values())
      for (GpLink link : som.links()) names.put(link.gpo(), link.gpo().name());
    var out = new ArrayList<String>();
    for (LinkVerdict verdict : verdicts) {
      String name = verdict.gpoName().orElseGet(() -> "?");
      out.add(
          verdict
              .reason()
              .map(r -> name + ":" + r)
              .orElseGet(() -> name + "@" + verdict.precedence().getAsInt()));
    }
    return String.join(" ", out);
  }
}
