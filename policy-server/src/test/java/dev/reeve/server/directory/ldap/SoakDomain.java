package dev.reeve.server.directory.ldap;

import com.unboundid.ldap.sdk.Attribute;
import com.unboundid.ldap.sdk.Entry;
import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.SearchResultEntry;
import com.unboundid.ldap.sdk.SearchScope;
import dev.reeve.lab.Dialect;
import dev.reeve.lab.NativeDirectory;
import dev.reeve.model.gp.Dn;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.UUID;

/// The part of a domain that random writes go to, and what is in it now by name and kind.
final class SoakDomain {

  static final String BASE = NativeDirectory.BASE;
  static final String TOP = "OU=Soak," + BASE;
  static final String SYSTEM = "CN=System," + BASE;
  static final String POLICIES = "CN=Policies," + SYSTEM;
  static final String FILTERS = "CN=SOM,CN=WMIPolicy," + SYSTEM;
  static final String SITES = "CN=Sites,CN=Configuration," + BASE;
  static final String SUBNETS = "CN=Subnets," + SITES;

  private static final String OWN_GUID = "{50A50A50-";
  private static final int OWN_SITES = 3;

  private final Dialect dialect;
  private Map<Dn, Entry> found = Map.of();
  private boolean stale = true;

  SoakDomain(Dialect dialect) {
    this.dialect = dialect;
  }

  /// What everything else stands in.
  List<Entry> foundation() {
    var all = new ArrayList<Entry>();
    all.add(ou(TOP));
    for (String name : List.of("CN=WMIPolicy," + SYSTEM, FILTERS)) all.add(container(name));
    for (int i = 0; i < OWN_SITES; i++) {
      var site = new Entry(site(i), new Attribute("objectClass", "site"));
      if (dialect == Dialect.OURS) site.addAttribute("objectClass", "reeveSom");
      site.addAttribute("cn", "soak-site" + i);
      all.add(site);
    }
    return all;
  }

  /// What there is may not be what was found any more.
  void forget() {
    stale = true;
  }

  /// Reads what there is, where that may be something else.
  void learn(LDAPConnection directory) throws LDAPException {
    if (!stale) return;
    var now = new LinkedHashMap<Dn, Entry>();
    for (String base : List.of(BASE, SITES))
      for (SearchResultEntry entry :
          directory
              .search(base, SearchScope.SUB, "(objectClass=*)", "objectClass")
              .getSearchEntries()) now.put(Dn.parse(entry.getDN()), entry);
    found = now;
    stale = false;
  }

  private List<String> named(String objectClass, String under, String namePart) {
    Dn top = Dn.parse(under);
    String part = namePart.toLowerCase(Locale.ROOT);
    return found.entrySet().stream()
        .filter(e -> e.getKey().isUnder(top) && e.getValue().hasObjectClass(objectClass))
        .filter(e -> e.getKey().name().toLowerCase(Locale.ROOT).contains(part))
        .map(e -> e.getValue().getDN())
        .toList();
  }

  private List<String> soak(String objectClass) {
    return named(objectClass, TOP, "");
  }

  List<String> computers() {
    return soak("computer");
  }

  /// Without the top one.
  List<String> ous() {
    return soak("organizationalUnit").stream()
        .filter(dn -> !Dn.parse(dn).equals(Dn.parse(TOP)))
        .toList();
  }

  List<String> containers() {
    return soak("organizationalUnit");
  }

  List<String> groups() {
    return soak("group");
  }

  List<String> people() {
    return soak("person").stream().filter(dn -> Dn.parse(dn).name().startsWith("person")).toList();
  }

  List<String> gpos() {
    return named("groupPolicyContainer", POLICIES, "{");
  }

  List<String> ownGpos() {
    return named("groupPolicyContainer", POLICIES, OWN_GUID);
  }

  List<String> ipsec(String objectClass) {
    return named(objectClass, ipsecContainer(), "{");
  }

  List<String> ownIpsec() {
    return named("ipsecBase", ipsecContainer(), OWN_GUID);
  }

  List<String> filters() {
    return named("msWMI-Som", FILTERS, OWN_GUID);
  }

  List<String> subnets() {
    return named("subnet", SUBNETS, "10.50.");
  }

  /// Everything that can have links.
  List<String> linkable() {
    var all = new ArrayList<>(containers());
    for (int i = 0; i < OWN_SITES; i++) all.add(site(i));
    if (dialect == Dialect.OURS) all.add("OU=Servers," + BASE);
    return all;
  }

  /// From the leaves up.
  List<String> under(String dn) {
    Dn top = Dn.parse(dn);
    return found.entrySet().stream()
        .filter(e -> e.getKey().isUnder(top))
        .sorted((a, b) -> Integer.compare(b.getKey().depth(), a.getKey().depth()))
        .map(e -> e.getValue().getDN())
        .toList();
  }

  /// Where the reader may read IPsec objects.
  private String ipsecContainer() {
    return dialect == Dialect.OURS ? SYSTEM : "CN=IP Security," + SYSTEM;
  }

  static String guid(int number) {
    return OWN_GUID + "0000-4000-8000-%012d}".formatted(number);
  }

  static String gpo(int number) {
    return "CN=" + guid(number) + "," + POLICIES;
  }

  static String site(int number) {
    return "CN=soak-site" + number % OWN_SITES + "," + SITES;
  }

  Entry ou(String dn) {
    var entry = new Entry(dn, new Attribute("objectClass", "organizationalUnit"));
    if (dialect == Dialect.OURS) entry.addAttribute("objectClass", "reeveSom");
    entry.addAttribute("ou", Dn.parse(dn).name());
    return entry;
  }

  static Entry container(String dn) {
    return new Entry(
        dn, new Attribute("objectClass", "container"), new Attribute("cn", Dn.parse(dn).name()));
  }

  Entry computer(String name, String parent) {
    var entry = new Entry("CN=" + name + "," + parent, new Attribute("objectClass", "computer"));
    entry.addAttribute("cn", name);
    entry.addAttribute("dNSHostName", name + ".corp.example");
    entry.addAttribute("sAMAccountName", name.toUpperCase(Locale.ROOT) + "$");
    if (dialect == Dialect.ACTIVE_DIRECTORY) entry.addAttribute("userAccountControl", "4096");
    return entry;
  }

  Entry group(String name, String parent) {
    return new Entry(
        "CN=" + name + "," + parent,
        new Attribute("objectClass", "group"),
        new Attribute("cn", name),
        new Attribute("sAMAccountName", name));
  }

  Entry person(String name, String parent) {
    boolean ours = dialect == Dialect.OURS;
    var entry =
        new Entry(
            "CN=" + name + "," + parent,
            ours
                ? new Attribute("objectClass", "person", "organizationalPerson", "inetOrgPerson")
                : new Attribute("objectClass", "user"),
            new Attribute("cn", name),
            new Attribute("sn", name));
    if (!ours) entry.addAttribute("sAMAccountName", name);
    return entry;
  }

  /// A GPO without a pointer, and the containers that one would stand in.
  List<Entry> gpoEntries(int number) {
    String gpo = gpo(number);
    var all = new ArrayList<Entry>();
    all.add(
        new Entry(
            gpo,
            new Attribute("objectClass", "groupPolicyContainer"),
            new Attribute("cn", guid(number)),
            new Attribute("displayName", "Soak " + number),
            new Attribute("versionNumber", "1"),
            new Attribute("flags", "0"),
            new Attribute("gPCFunctionalityVersion", "2"),
            new Attribute("gPCMachineExtensionNames", GpoWrites.EXTENSIONS)));
    for (String below :
        List.of(
            "CN=Machine,",
            "CN=Reeve,CN=Machine,",
            "CN=Microsoft,CN=Machine,",
            "CN=Windows,CN=Microsoft,CN=Machine,")) all.add(container(below + gpo));
    return all;
  }

  static String freshGuid(Random random) {
    String id = new UUID(random.nextLong(), random.nextLong()).toString();
    return OWN_GUID + id.substring(9).toUpperCase(Locale.ROOT) + "}";
  }
}
