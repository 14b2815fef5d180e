package dev.reeve.benchmarks;

import com.unboundid.ldif.LDIFException;
import com.unboundid.ldif.LDIFReader;
import dev.reeve.model.gp.Dn;
import dev.reeve.model.rsop.RsopQuery;
import dev.reeve.schema.names.LdapAttribute;
import dev.reeve.schema.names.LdapClass;
import dev.reeve.schema.read.LdapEntry;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/// A large domain, always the same: OUs in a tree of ten levels with computers in all of them, GPOs
/// linked on every OU, groups that overlap and nest, sites by subnet, and the IPsec policies of the
/// sample domain.
///
/// One GPO in five applies to the members of one group only, one in seven to hosts that report what
/// its filter asks for, so that hosts of one OU differ.
record FleetDomain(int computers, int ous, int gpos, int groups) {

  /// The size that the goals are set for.
  static final FleetDomain LARGE = new FleetDomain(100_000, 2_000, 999, 5_000);

  static final String BASE = "DC=corp,DC=example";

  private static final int SITES = 20;
  private static final int MEMBERS = 20;
  private static final int LINKED_TO_DOMAIN = 9;
  private static final String SAMPLE = "/samples/corp.ldif";
  private static final String FILTERS = "CN=SOM,CN=WMIPolicy,CN=System," + BASE;

  /// Of several queries, both kinds of classes, and each of the facts in which hosts differ.
  private static final List<List<String>> QUERIES =
      List.of(
          List.of(
              "SELECT * FROM Win32_OperatingSystem WHERE Caption = 'debian'",
              "SELECT * FROM Reeve_Host WHERE os_version >= 12"),
          List.of("SELECT * FROM Win32_Processor WHERE Architecture <> 12"),
          List.of("SELECT * FROM Reeve_Host WHERE os = 'rocky' OR os = 'ubuntu'"));

  private static final List<Map<String, String>> SYSTEMS =
      List.of(
          Map.of("os", "debian", "os.version", "12", "arch", "amd64"),
          Map.of("os", "debian", "os.version", "11", "arch", "amd64"),
          Map.of("os", "ubuntu", "os.version", "24.04", "arch", "amd64"),
          Map.of("os", "rocky", "os.version", "9.4", "arch", "aarch64"));

  private static final String POLICIES = "CN=Reeve,CN=System," + BASE;

  @Override
  public String toString() {
    return "%,d computers, %,d OUs, %,d GPOs, %,d groups".formatted(computers, ous, gpos, groups);
  }

  /// In the order in which a directory takes them: above before below.
  List<LdapEntry> entries() {
    var entries = new ArrayList<LdapEntry>();
    List<LdapEntry> policies = policies();
    var domain = LdapEntry.named(Dn.parse(BASE)).addClasses(LdapClass.TOP, LdapClass.DOMAIN);
    domain.addClasses(LdapClass.REEVE_SOM).add(LdapAttribute.DC, "corp");
    var links = new StringBuilder();
    for (int i = 0; i < LINKED_TO_DOMAIN; i++) links.append(link(i, i % 4 == 3 ? 2 : 0));
    entries.add(domain.add(LdapAttribute.GP_LINK, links.toString()).build());
    for (String above : List.of("CN=System,", "CN=Policies,CN=System,", "CN=Configuration,"))
      entries.add(container(above + BASE));
    addFilters(entries);
    entries.addAll(policies);
    for (int i = 0; i < ous; i++) entries.add(ouEntry(i, 0));
    addSites(entries);
    List<Dn> assignable =
        policies.stream().filter(e -> e.isA(LdapClass.IPSEC_POLICY)).map(LdapEntry::dn).toList();
    for (int i = 0; i < gpos; i++) addGpo(entries, i, assignable);
    for (int i = 0; i < computers; i++) entries.add(computer(i));
    addGroups(entries);
    return entries;
  }

  /// @param version another one has other links
  LdapEntry ouEntry(int number, int version) {
    var ou = LdapEntry.named(ou(number)).addClasses(LdapClass.TOP);
    ou.addClasses(LdapClass.ORGANIZATIONAL_UNIT, LdapClass.REEVE_SOM);
    var links = new StringBuilder();
    for (int i = number % 3; i >= 0; i--)
      links.append(link((number + 7 * i + 13 * version) % gpos, number % 50 == 49 ? 2 : 0));
    ou.add(LdapAttribute.OU, "ou" + number).add(LdapAttribute.GP_LINK, links.toString());
    if (number % 40 == 39) ou.add(LdapAttribute.GP_OPTIONS, "1");
    return ou.build();
  }

  Dn ou(int number) {
    var name = new StringBuilder();
    for (int at = number; at >= 0; at = at == 0 ? -1 : (at - 1) / 2)
      name.append("OU=ou").append(at).append(',');
    return Dn.parse(name + BASE);
  }

  Dn computerName(int number) {
    return ou(number % ous).child("CN", "host" + number);
  }

  /// A computer with the facts that its agent reports; name and kernel are in no filter.
  RsopQuery query(int number) {
    var facts = new HashMap<>(SYSTEMS.get(number / ous % SYSTEMS.size()));
    facts.put("hostname", "host" + number);
    facts.put("kernel", "6." + number % 17 + ".0");
    return new RsopQuery(
        computerName(number), Optional.empty(), Optional.empty(), List.of(), Set.of(), facts);
  }

  private static LdapEntry container(String dn) {
    Dn name = Dn.parse(dn);
    return LdapEntry.named(name)
        .addClasses(LdapClass.TOP, LdapClass.CONTAINER)
        .add(LdapAttribute.CN, name.name())
        .build();
  }

  private static List<LdapEntry> policies() {
    try (InputStream in =
            Objects.requireNonNull(FleetDomain.class.getResourceAsStream(SAMPLE), SAMPLE);
        var reader = new LDIFReader(in)) {
      Dn policies = Dn.parse(POLICIES);
      var found = new ArrayList<LdapEntry>();
      for (var e = reader.readEntry(); e != null; e = reader.readEntry()) {
        LdapEntry entry = LdapEntry.of(e);
        if (entry.dn().isUnder(policies)) found.add(entry);
      }
      return found;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (LDIFException e) {
      throw new IllegalStateException(SAMPLE, e);
    }
  }

  private static String filterId(int number) {
    return "{00000000-0000-4000-9000-%012d}".formatted(number);
  }

  private static void addFilters(List<LdapEntry> entries) {
    entries.add(container("CN=WMIPolicy,CN=System," + BASE));
    entries.add(container(FILTERS));
    for (int i = 0; i < QUERIES.size(); i++) {
      var queries = new StringBuilder(QUERIES.get(i).size() + ";");
      for (String query : QUERIES.get(i))
        queries.append("3;10;" + query.length() + ";WQL;root\\CIMv2;" + query + ";");
      entries.add(
          LdapEntry.named(Dn.parse(FILTERS).child("CN", filterId(i)))
              .addClasses(LdapClass.TOP, LdapClass.MS_WMI_SOM)
              .add(LdapAttribute.CN, filterId(i))
              .add(LdapAttribute.MS_WMI_ID, filterId(i))
              .add(LdapAttribute.MS_WMI_NAME, "filter " + i)
              .add(LdapAttribute.MS_WMI_PARM2, queries.toString())
              .build());
    }
  }

  static Dn gpo(int number) {
    return Dn.parse(
        "CN={00000000-0000-4000-8000-%012d},CN=Policies,CN=System,%s".formatted(number, BASE));
  }

  private static String link(int gpo, int options) {
    return "[LDAP://" + gpo(gpo) + ";" + options + "]";
  }

  private void addGpo(List<LdapEntry> entries, int number, List<Dn> policies) {
    Dn dn = gpo(number);
    var gpo = LdapEntry.named(dn).addClasses(LdapClass.TOP, LdapClass.CONTAINER);
    gpo.addClasses(LdapClass.GROUP_POLICY_CONTAINER)
        .add(LdapAttribute.CN, dn.name())
        .add(LdapAttribute.DISPLAY_NAME, "GPO " + number)
        .add(LdapAttribute.VERSION_NUMBER, "1")
        .add(LdapAttribute.FLAGS, "0")
        .add(LdapAttribute.GPC_FUNCTIONALITY_VERSION, "2");
    if (number % 5 == 4)
      gpo.addClasses(LdapClass.REEVE_GPO_SCOPE)
          .add(LdapAttribute.REEVE_APPLY_GROUP, group(number).toString());
    if (number % 7 == 3)
      gpo.add(
          LdapAttribute.GPC_WQL_FILTER,
          "[corp.example;" + filterId(number % QUERIES.size()) + ";0]");
    entries.add(gpo.build());
    entries.add(container("CN=Machine," + dn));
    entries.add(container("CN=Reeve,CN=Machine," + dn));
    if (number % 2 == 0) return;
    Dn pointer = dn.below("CN=IPSEC,CN=Reeve,CN=Machine");
    entries.add(
        LdapEntry.named(pointer)
            .addClasses(LdapClass.TOP, LdapClass.IPSEC_BASE, LdapClass.IPSEC_POLICY)
            .add(LdapAttribute.CN, "IPSEC")
            .add(
                LdapAttribute.IPSEC_OWNERS_REFERENCE,
                policies.get(number % policies.size()).toString())
            .build());
  }

  private static Dn site(int number) {
    return Dn.parse("CN=site" + number + ",CN=Sites,CN=Configuration," + BASE);
  }

  /// Each site has a /16.
  private void addSites(List<LdapEntry> entries) {
    Dn sites = Dn.parse("CN=Sites,CN=Configuration," + BASE);
    entries.add(container(sites.toString()));
    entries.add(container("CN=Subnets," + sites));
    for (int i = 0; i < SITES; i++) {
      entries.add(
          LdapEntry.named(site(i))
              .addClasses(LdapClass.TOP, LdapClass.SITE, LdapClass.REEVE_SOM)
              .add(LdapAttribute.CN, "site" + i)
              .add(LdapAttribute.GP_LINK, link(i % gpos, 0))
              .build());
      String prefix = "10." + i + ".0.0/16";
      entries.add(
          LdapEntry.named(Dn.parse("CN=Subnets," + sites).child("CN", prefix))
              .addClasses(LdapClass.TOP, LdapClass.SUBNET)
              .add(LdapAttribute.CN, prefix)
              .add(LdapAttribute.SITE_OBJECT, site(i).toString())
              .build());
    }
  }

  private LdapEntry computer(int number) {
    String name = "host" + number;
    return LdapEntry.named(computerName(number))
        .addClasses(LdapClass.TOP, LdapClass.COMPUTER, LdapClass.IP_HOST)
        .add(LdapAttribute.CN, name)
        .add(LdapAttribute.DNS_HOST_NAME, name + ".corp.example")
        .add(LdapAttribute.ENTRY_UUID, "10000000-0000-4000-8000-%012d".formatted(number))
        .add(
            LdapAttribute.IP_HOST_NUMBER,
            "10." + number % ous % SITES + "." + number / 250 % 250 + "." + (1 + number % 250))
        .build();
  }

  private Dn group(int number) {
    return Dn.parse("CN=group" + number % groups + ",OU=Groups," + BASE);
  }

  private void addGroups(List<LdapEntry> entries) {
    var random = new Random(5);
    entries.add(
        LdapEntry.named(Dn.parse("OU=Groups," + BASE))
            .addClasses(LdapClass.TOP, LdapClass.ORGANIZATIONAL_UNIT)
            .add(LdapAttribute.OU, "Groups")
            .build());
    for (int i = 0; i < groups; i++) {
      var group = LdapEntry.named(group(i)).addClasses(LdapClass.TOP, LdapClass.GROUP_OF_NAMES);
      group.add(LdapAttribute.CN, "group" + i);
      for (int m = 0; m < MEMBERS; m++)
        group.add(LdapAttribute.MEMBER, computerName(random.nextInt(computers)).toString());
      if (i % 10 != 0) group.add(LdapAttribute.MEMBER, group(i - 1).toString());
      entries.add(group.build());
    }
  }
}
