package dev.reeve.server.directory.ldap;

import com.unboundid.ldap.sdk.Entry;
import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.ResultCode;
import dev.reeve.lab.Dialect;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/// An administrator who knows no rest: writes everything that policy is made of, sensibly and not.
/// What there is to write to is learnt from the directory, which may have lost what it took.
final class RandomWrites extends WritingHand {

  /// How often the directory took a write, and how often it refused it.
  record Count(int taken, int refused) {}

  @FunctionalInterface
  private interface Write {
    void to(LDAPConnection directory) throws LDAPException;
  }

  private final Map<String, Write> writes = new TreeMap<>();
  private final List<String> raffle = new ArrayList<>(); // a write's name as often as its weight
  private final Map<String, Count> counts = new TreeMap<>();

  /// @param descriptors of GPOs, in Active Directory
  RandomWrites(Random random, Dialect dialect, List<byte[]> descriptors) {
    super(random, new SoakDomain(dialect));
    var gpos = new GpoWrites(random, domain, dialect, descriptors);
    var accounts = new AccountWrites(random, domain);
    var ipsec = new IpsecWrites(random, domain);
    write("links", 10, gpos::links);
    write("inheritance", 3, d -> set(d, any(domain.ous()), "gPOptions", choice("0", "1", "")));
    write("GPO version", 4, d -> set(d, any(domain.ownGpos()), "versionNumber", gpos.version()));
    write("GPO flags", 3, d -> set(d, any(domain.ownGpos()), "flags", choice("0", "1", "2", "3")));
    write("GPO texts", 3, gpos::gpoTexts);
    write("GPO's fact filter", 2, gpos::wqlReference);
    write("GPO's security filter", 4, gpos::scope);
    write("GPO added", 3, gpos::addGpo);
    write("GPO deleted", 1, d -> deleteWhole(d, any(domain.ownGpos())));
    write("GPO's pointer", 5, gpos::pointer);
    write("computer added", 9, d -> add(d, domain.computer(name("host"), container())));
    write("computer deleted", 4, d -> delete(d, any(domain.computers())));
    write("computer moved", 6, d -> move(d, any(domain.computers()), "CN=" + name("host")));
    write("computer changed", 4, accounts::changeComputer);
    write("computers swap names", 2, accounts::swap);
    write("computer replaced", 2, accounts::replace);
    write("OU added", 4, d -> add(d, domain.ou("OU=" + name("unit") + "," + container())));
    write("OU renamed", 3, accounts::renameOu);
    write("OU moved", 3, d -> move(d, any(domain.ous()), "OU=" + name("unit")));
    write("OU deleted whole", 1, d -> deleteWhole(d, any(domain.ous())));
    write("group added", 3, d -> add(d, domain.group(name("group"), container())));
    write("group deleted", 1, d -> delete(d, any(domain.groups())));
    write("group moved", 2, d -> move(d, any(domain.groups()), "CN=" + name("group")));
    write("members", 8, accounts::members);
    write("IPsec object touched", 5, ipsec::touchIpsec);
    write("IPsec references", 4, ipsec::ipsecReferences);
    write("IPsec object added", 3, ipsec::copyIpsec);
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
    domain.forget();
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
    domain.learn(directory);
    Count before = counts.getOrDefault(name, new Count(0, 0));
    try {
      writes.get(name).to(directory);
      counts.put(name, new Count(before.taken() + 1, before.refused()));
      return name;
    } catch (LDAPException e) {
      domain.forget();
      if (isGone(e.getResultCode())) throw e;
      counts.put(name, new Count(before.taken(), before.refused() + 1));
      return name + ": " + e.getResultCode();
    }
  }

  /// The SDK holds 80 to be the end of a connection. With it OpenLDAP 2.5 refuses a rename, once in
  /// a great many, for "DN index add failed", and lives on.
  private static boolean isGone(ResultCode code) {
    return !code.isConnectionUsable() && code != ResultCode.OTHER;
  }

  private String query() {
    String query =
        choice(
            "SELECT * FROM Win32_OperatingSystem WHERE Caption LIKE '%Linux%'",
            "SELECT * FROM Win32_ComputerSystem WHERE Name = 'host" + random.nextInt(9) + "'",
            "SELECT nonsense");
    return "1;3;10;" + query.length() + ";WQL;root\\CIMv2;" + query + ";";
  }

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
