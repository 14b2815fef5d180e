package dev.reeve.server.directory.ldap;

import com.unboundid.ldap.sdk.Entry;
import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.Modification;
import com.unboundid.ldap.sdk.ModificationType;
import com.unboundid.ldap.sdk.ModifyRequest;
import com.unboundid.ldap.sdk.ResultCode;
import dev.reeve.lab.Dialect;
import dev.reeve.model.gp.Dn;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/// An administrator who knows no rest: writes everything that policy is made of, sensibly and not.
/// What there is to write to is learnt from the directory, which may have lost what it took.
final class RandomWrites {

  static final String EXTENSIONS =
      "[{E437BC1C-AA7D-11D2-A382-00C04F991E27}{DEA8AFA0-CC85-11D0-9CE2-0080C7221EBD}]";

  private static final int NUMBERS = 40; // of names of each kind

  /// How often the directory took a write, and how often it refused it.
  record Count(int taken, int refused) {}

  @FunctionalInterface
  private interface Write {
    void to(LDAPConnection directory) throws LDAPException;
  }

  private final Random random;
  private final Dialect dialect;
  private final SoakDomain domain;
  private final List<byte[]> descriptors;
  private final Map<String, Write> writes = new TreeMap<>();
  private final List<String> raffle = new ArrayList<>(); // a write's name as often as its weight
  private final Map<String, Count> counts = new TreeMap<>();
  private boolean stale = true;

  /// @param descriptors of GPOs, in Active Directory
  RandomWrites(Random random, Dialect dialect, List<byte[]> descriptors) {
    this.random = random;
    this.dialect = dialect;
    this.domain = new SoakDomain(dialect);
    this.descriptors = descriptors;
    write("links", 10, this::links);
    write("inheritance", 3, d -> set(d, any(domain.ous()), "gPOptions", choice("0", "1", "")));
    write("GPO version", 4, d -> set(d, any(domain.ownGpos()), "versionNumber", version()));
    write("GPO flags", 3, d -> set(d, any(domain.ownGpos()), "flags", choice("0", "1", "2", "3")));
    write("GPO texts", 3, this::gpoTexts);
    write("GPO's fact filter", 2, this::wqlReference);
    write("GPO's security filter", 4, this::scope);
    write("GPO added", 3, this::addGpo);
    write("GPO deleted", 1, d -> deleteWhole(d, any(domain.ownGpos())));
    write("GPO's pointer", 5, this::pointer);
    write("computer added", 9, d -> add(d, domain.computer(name("host"), container())));
    write("computer deleted", 4, d -> delete(d, any(domain.computers())));
    write("computer moved", 6, d -> move(d, any(domain.computers()), "CN=" + name("host")));
    write("computer changed", 4, this::changeComputer);
    write("computers swap names", 2, this::swap);
    write("computer replaced", 2, this::replace);
    write("OU added", 4, d -> add(d, domain.ou("OU=" + name("unit") + "," + container())));
    write("OU renamed", 3, this::renameOu);
    write("OU moved", 3, d -> move(d, any(domain.ous()), "OU=" + name("unit")));
    write("OU deleted whole", 1, d -> deleteWhole(d, any(domain.ous())));
    write("group added", 3, d -> add(d, domain.group(name("group"), container())));
    write("group deleted", 1, d -> delete(d, any(domain.groups())));
    write("group moved", 2, d -> move(d, any(domain.groups()), "CN=" + name("group")));
    write("members", 8, this::members);
    write("IPsec object touched", 5, this::touchIpsec);
    write("IPsec references", 4, this::ipsecReferences);
    write("IPsec object added", 3, this::copyIpsec);
    write("IPsec object deleted", 1, d -> delete(d, any(domain.ownIpsec())));
    write("subnet added", 3, this::addSubnet);
    write("subnet changed", 2, d -> set(d, any(domain.subnets()), "siteObject", site()));
    write("subnet deleted", 1, d -> delete(d, any(domain.subnets())));
    write("fact filter added", 2, this::addFilter);
    write("fact filter changed", 2, d -> set(d, any(domain.filters()), "msWMI-Parm2", query()));
    write("fact filter deleted", 1, d -> delete(d, any(domain.filters())));
    write("person added", 2, d -> add(d, domain.person(name("person"), container())));
    write("person deleted", 1, d -> delete(d, any(domain.people())));
    write("person moved", 2, d -> move(d, any(domain.people()), "CN=" + name("person")));
  }

  private void write(String name, int weight, Write write) {
    writes.put(name, write);
    for (int i = 0; i < weight; i++) raffle.add(name);
  }

  /// Makes room for them, with something of most kinds in it.
  void prepare(LDAPConnection directory) throws LDAPException {
    for (Entry entry : domain.foundation())
      if (directory.getEntry(entry.getDN(), "1.1") == null) directory.add(entry);
    for (String kind : List.of("OU added", "GPO added", "group added", "computer added"))
      for (int i = 0; i < 5; i++) make(kind, directory);
  }

  /// Somebody killed the directory: it may have lost what it took.
  void forget() {
    stale = true;
  }

  Map<String, Count> counts() {
    return new TreeMap<>(counts);
  }

  /// One write, or a few that belong together.
  ///
  /// @return what was done
  /// @throws LDAPException when the directory is gone; a refusal is only counted
  String next(LDAPConnection directory) throws LDAPException {
    return make(raffle.get(random.nextInt(raffle.size())), directory);
  }

  private String make(String name, LDAPConnection directory) throws LDAPException {
    if (stale) domain.learn(directory);
    stale = false;
    Count before = counts.getOrDefault(name, new Count(0, 0));
    try {
      writes.get(name).to(directory);
      counts.put(name, new Count(before.taken() + 1, before.refused()));
      return name;
    } catch (LDAPException e) {
      stale = true;
      if (!e.getResultCode().isConnectionUsable()) throw e;
      counts.put(name, new Count(before.taken(), before.refused() + 1));
      return name + ": " + e.getResultCode();
    }
  }

  // --- what to choose from ---

  /// @throws LDAPException as a directory would say it when there is none
  private String any(List<String> of) throws LDAPException {
    if (of.isEmpty()) throw new LDAPException(ResultCode.NO_SUCH_OBJECT, "there is none yet");
    return of.get(random.nextInt(of.size()));
  }

  private String choice(String... of) {
    return of[random.nextInt(of.length)];
  }

  private String name(String kind) {
    return kind + random.nextInt(NUMBERS);
  }

  private String container() throws LDAPException {
    return any(domain.containers());
  }

  private String site() {
    return SoakDomain.site(random.nextInt(3));
  }

  private String version() {
    return choice("0", "1", "65536", "65537", Integer.toString(random.nextInt(1 << 20)));
  }

  private String query() {
    String query =
        choice(
            "SELECT * FROM Win32_OperatingSystem WHERE Caption LIKE '%Linux%'",
            "SELECT * FROM Win32_ComputerSystem WHERE Name = 'host" + random.nextInt(9) + "'",
            "SELECT nonsense");
    return "1;3;10;" + query.length() + ";WQL;root\\CIMv2;" + query + ";";
  }

  // --- writes of any kind ---

  /// @param value empty = none
  private static void set(LDAPConnection directory, String dn, String attribute, String value)
      throws LDAPException {
    directory.modify(
        dn,
        value.isEmpty()
            ? new Modification(ModificationType.REPLACE, attribute)
            : new Modification(ModificationType.REPLACE, attribute, value));
  }

  private void add(LDAPConnection directory, Entry entry) throws LDAPException {
    directory.add(entry);
    stale = true;
  }

  private void delete(LDAPConnection directory, String dn) throws LDAPException {
    directory.delete(dn);
    stale = true;
  }

  /// Leaves first, one by one.
  private void deleteWhole(LDAPConnection directory, String top) throws LDAPException {
    stale = true;
    for (String dn : domain.under(top)) directory.delete(dn);
  }

  /// To another place, another name, or both.
  private void move(LDAPConnection directory, String dn, String otherName) throws LDAPException {
    String own = Dn.parse(dn).attribute() + "=" + Dn.parse(dn).name();
    String rdn = random.nextBoolean() ? own : otherName;
    if (random.nextInt(4) == 0) directory.modifyDN(dn, rdn, true);
    else directory.modifyDN(dn, rdn, true, container());
    stale = true;
  }

  // --- GPOs and links ---

  private void links(LDAPConnection directory) throws LDAPException {
    var text = new StringBuilder();
    for (int i = random.nextInt(5); i > 0; i--) {
      String gpo =
          random.nextInt(12) == 0 ? SoakDomain.gpo(900 + random.nextInt(9)) : any(domain.gpos());
      text.append("[LDAP://").append(gpo).append(';').append(random.nextInt(4)).append(']');
    }
    if (random.nextInt(15) == 0) text.append(choice("[LDAP://", "[LDAP://CN=x;9]", "nonsense"));
    String value = text.isEmpty() && random.nextBoolean() ? " " : text.toString();
    set(directory, any(domain.linkable()), "gPLink", value);
  }

  private void gpoTexts(LDAPConnection directory) throws LDAPException {
    String gpo = any(domain.ownGpos());
    switch (random.nextInt(3)) {
      case 0 -> set(directory, gpo, "displayName", "Größe " + random.nextInt(1000));
      case 1 -> set(directory, gpo, "gPCMachineExtensionNames", choice(EXTENSIONS, "", "[{x"));
      default -> set(directory, gpo, "gPCFunctionalityVersion", choice("2", "2", "1"));
    }
  }

  private void wqlReference(LDAPConnection directory) throws LDAPException {
    String filter = random.nextInt(4) == 0 ? "" : Dn.parse(any(domain.filters())).name();
    set(
        directory,
        any(domain.ownGpos()),
        "gPCWQLFilter",
        filter.isEmpty() ? "" : "[corp.example;" + filter + ";0]");
  }

  private void scope(LDAPConnection directory) throws LDAPException {
    String gpo = any(domain.ownGpos());
    if (dialect == Dialect.ACTIVE_DIRECTORY) {
      var request =
          new ModifyRequest(
              gpo,
              new Modification(
                  ModificationType.REPLACE,
                  AdSearch.DESCRIPTOR,
                  descriptors.get(random.nextInt(descriptors.size()))));
      request.addControl(AdSearch.descriptorFlags());
      directory.modify(request);
      return;
    }
    boolean scoped = directory.getEntry(gpo, "objectClass").hasObjectClass("reeveGpoScope");
    if (!scoped)
      directory.modify(
          gpo,
          new Modification(ModificationType.ADD, "objectClass", "reeveGpoScope"),
          new Modification(ModificationType.ADD, "reeveApplyGroup", any(domain.groups())));
    else if (random.nextInt(3) == 0)
      directory.modify(
          gpo,
          new Modification(ModificationType.REPLACE, "reeveApplyGroup"),
          new Modification(ModificationType.REPLACE, "reeveDenyGroup"),
          new Modification(ModificationType.DELETE, "objectClass", "reeveGpoScope"));
    else set(directory, gpo, choice("reeveApplyGroup", "reeveDenyGroup"), any(domain.groups()));
  }

  private void addGpo(LDAPConnection directory) throws LDAPException {
    for (Entry entry : domain.gpoEntries(random.nextInt(NUMBERS))) add(directory, entry);
  }

  private void pointer(LDAPConnection directory) throws LDAPException {
    boolean ours = random.nextInt(3) == 0;
    String where = ours ? "CN=IPSEC,CN=Reeve," : "CN=IPSEC,CN=Windows,CN=Microsoft,";
    String dn = where + "CN=Machine," + any(domain.ownGpos());
    if (directory.getEntry(dn, "1.1") == null) {
      var entry = new Entry(dn);
      entry.addAttribute("objectClass", "ipsecPolicy");
      entry.addAttribute("cn", "IPSEC");
      entry.addAttribute("ipsecOwnersReference", any(domain.ipsec("ipsecPolicy")));
      add(directory, entry);
    } else if (random.nextInt(4) == 0) {
      delete(directory, dn);
    } else if (ours && random.nextBoolean()) {
      directory.modify(
          dn,
          new Modification(ModificationType.REPLACE, "ipsecDataType", "1380275781"),
          new Modification(
              ModificationType.REPLACE,
              "ipsecData",
              choice("{\"v\":1,\"ipsecExempt\":1}", "{\"v\":1,\"ipsecExempt\":3}", "{\"v\":2}")));
    } else {
      set(directory, dn, "ipsecOwnersReference", any(domain.ipsec("ipsecPolicy")));
    }
  }

  // --- accounts ---

  private void changeComputer(LDAPConnection directory) throws LDAPException {
    String dn = any(domain.computers());
    switch (random.nextInt(3)) {
      case 0 -> set(directory, dn, "description", "written " + random.nextInt(1000));
      case 1 -> set(directory, dn, "operatingSystem", choice("Linux", "Debian", ""));
      default ->
          directory.modify(
              dn,
              new Modification(ModificationType.ADD, "objectClass", "ipHost"),
              new Modification(
                  ModificationType.ADD, "ipHostNumber", "10.50." + random.nextInt(8) + ".9"));
    }
  }

  private void swap(LDAPConnection directory) throws LDAPException {
    String one = any(domain.computers());
    String other = any(domain.computers());
    if (one.equals(other)) return;
    stale = true;
    String between = "CN=between" + random.nextInt();
    String oneParent = Dn.parse(one).parent().orElseThrow().toString();
    String otherParent = Dn.parse(other).parent().orElseThrow().toString();
    directory.modifyDN(one, between, true);
    directory.modifyDN(other, "CN=" + Dn.parse(one).name(), true, oneParent);
    directory.modifyDN(
        between + "," + oneParent, "CN=" + Dn.parse(other).name(), true, otherParent);
  }

  /// Another entry by the same name, at once.
  private void replace(LDAPConnection directory) throws LDAPException {
    Dn dn = Dn.parse(any(domain.computers()));
    delete(directory, dn.toString());
    add(directory, domain.computer(dn.name(), dn.parent().orElseThrow().toString()));
  }

  private void renameOu(LDAPConnection directory) throws LDAPException {
    directory.modifyDN(any(domain.ous()), "OU=" + choice(name("unit"), name("UNIT")), true);
    stale = true;
  }

  private void members(LDAPConnection directory) throws LDAPException {
    String group = any(domain.groups());
    List<String> those = random.nextInt(3) == 0 ? domain.groups() : domain.computers();
    switch (random.nextInt(3)) {
      case 0 -> directory.modify(group, member(ModificationType.ADD, any(those)));
      case 1 -> directory.modify(group, member(ModificationType.REPLACE, any(those), any(those)));
      default -> {
        String[] has = directory.getEntry(group, "member").getAttributeValues("member");
        if (has == null || has.length == 0)
          directory.modify(group, member(ModificationType.ADD, any(those)));
        else directory.modify(group, member(ModificationType.DELETE, choice(has)));
      }
    }
  }

  private static Modification member(ModificationType type, String... values) {
    return new Modification(
        type, "member", Arrays.stream(values).distinct().toArray(String[]::new));
  }

  // --- IPsec objects: many entries make a policy, written one after the other ---

  private void touchIpsec(LDAPConnection directory) throws LDAPException {
    String dn = any(domain.ipsec("ipsecBase"));
    switch (random.nextInt(3)) {
      case 0 -> set(directory, dn, "ipsecName", "name " + random.nextInt(1000));
      case 1 -> set(directory, dn, "description", "text " + random.nextInt(1000));
      default -> {
        String own = any(domain.ownIpsec());
        byte[] data = directory.getEntry(own, "ipsecData").getAttributeValueBytes("ipsecData");
        if (data == null || data.length < 3) return;
        byte[] changed = Arrays.copyOf(data, data.length - random.nextInt(2));
        changed[random.nextInt(changed.length)] ^= 1;
        directory.modify(own, new Modification(ModificationType.REPLACE, "ipsecData", changed));
      }
    }
  }

  private void ipsecReferences(LDAPConnection directory) throws LDAPException {
    switch (random.nextInt(4)) {
      case 0 -> refer(directory, "ipsecPolicy", "ipsecNFAReference", "ipsecNFA");
      case 1 -> refer(directory, "ipsecPolicy", "ipsecISAKMPReference", "ipsecISAKMPPolicy");
      case 2 -> refer(directory, "ipsecNFA", "ipsecFilterReference", "ipsecFilter");
      default ->
          refer(directory, "ipsecNFA", "ipsecNegotiationPolicyReference", "ipsecNegotiationPolicy");
    }
  }

  private void refer(LDAPConnection directory, String from, String attribute, String to)
      throws LDAPException {
    List<String> own = domain.ownIpsec().stream().filter(domain.ipsec(from)::contains).toList();
    set(directory, any(own), attribute, any(domain.ipsec(to)));
  }

  private void copyIpsec(LDAPConnection directory) throws LDAPException {
    Entry template = directory.getEntry(any(domain.ipsec("ipsecBase")));
    if (template == null) throw new LDAPException(ResultCode.NO_SUCH_OBJECT, "it is gone");
    Dn dn = Dn.parse(template.getDN());
    String guid = SoakDomain.freshGuid(random);
    String cn = dn.name().substring(0, dn.name().indexOf('{')) + guid;
    var copy = new Entry("CN=" + cn + "," + dn.parent().orElseThrow());
    for (String name : template.getObjectClassValues())
      if (name.startsWith("ipsec")) copy.addAttribute("objectClass", name);
    copy.addAttribute("cn", cn);
    copy.addAttribute("ipsecID", guid);
    for (var attribute : template.getAttributes()) {
      String name = attribute.getName();
      if (name.toLowerCase(Locale.ROOT).startsWith("ipsec") && !name.equalsIgnoreCase("ipsecID"))
        copy.setAttribute(attribute);
    }
    add(directory, copy);
  }

  // --- sites and fact filters ---

  private void addSubnet(LDAPConnection directory) throws LDAPException {
    String prefix = "10.50." + random.nextInt(8) + ".0/" + choice("24", "25", "28");
    var entry = new Entry("CN=" + prefix + "," + SoakDomain.SUBNETS);
    entry.addAttribute("objectClass", "subnet");
    entry.addAttribute("cn", prefix);
    entry.addAttribute("siteObject", site());
    add(directory, entry);
  }

  private void addFilter(LDAPConnection directory) throws LDAPException {
    String guid = SoakDomain.guid(random.nextInt(9));
    var entry = new Entry("CN=" + guid + "," + SoakDomain.FILTERS);
    entry.addAttribute("objectClass", "msWMI-Som");
    entry.addAttribute("cn", guid);
    entry.addAttribute("msWMI-ID", guid);
    entry.addAttribute("msWMI-Name", "filter " + guid);
    entry.addAttribute("msWMI-Parm2", query());
    add(directory, entry);
  }
}
