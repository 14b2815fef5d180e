package dev.reeve.server.directory.ldap;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.unboundid.ldap.sdk.Attribute;
import com.unboundid.ldap.sdk.Entry;
import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import dev.reeve.lab.Dialect;
import dev.reeve.lab.NativeDirectory;
import dev.reeve.model.gp.DirectorySnapshot;
import dev.reeve.model.gp.Dn;
import dev.reeve.model.ipsec.SealedSecret;
import dev.reeve.model.net.IpAddress;
import dev.reeve.model.rsop.PolicyResult;
import dev.reeve.model.rsop.Rsop;
import dev.reeve.model.rsop.RsopQuery;
import dev.reeve.schema.read.LdapEntry;
import dev.reeve.schema.read.SnapshotBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// One entry of every kind that policy is made of, the same in every directory: an OU with two more
/// in it, two computers, a group, and a GPO that points to Microsoft's Secure Server policy, which
/// both the sample domain and a fresh Active Directory hold.
record SmallDomain(String name, String gpoId, Dialect dialect, String base) {

  static final String BASE = NativeDirectory.BASE;
  static final String SECURE_SERVER =
      "CN=ipsecPolicy{7238523C-70FA-11D1-864C-14A300000000},CN=IP Security,CN=System," + BASE;

  static final String EXTENSIONS =
      "[{E437BC1C-AA7D-11D2-A382-00C04F991E27}{DEA8AFA0-CC85-11D0-9CE2-0080C7221EBD}]";

  static SmallDomain of(String name, Dialect dialect) {
    String id = UUID.nameUUIDFromBytes(name.getBytes(UTF_8)).toString().toUpperCase(Locale.ROOT);
    return new SmallDomain(name, "{" + id + "}", dialect, BASE);
  }

  /// The same in another domain, its GPO by the same GUID.
  SmallDomain in(String otherBase) {
    return new SmallDomain(name, gpoId, dialect, otherBase);
  }

  /// The domain's own copy of Microsoft's policy.
  String secureServer() {
    return SECURE_SERVER.replace(BASE, base);
  }

  String top() {
    return "OU=" + name + "," + base;
  }

  String web() {
    return "OU=Web," + top();
  }

  String files() {
    return "OU=Files," + top();
  }

  String web1() {
    return computer("web-1", web());
  }

  String files1() {
    return computer("files-1", files());
  }

  String computer(String host, String container) {
    return "CN=" + name + "-" + host + "," + container;
  }

  String group() {
    return "CN=" + name + " Hosts," + top();
  }

  String gpo() {
    return "CN=" + gpoId + ",CN=Policies,CN=System," + base;
  }

  String link(int options) {
    return "[LDAP://" + gpo() + ";" + options + "]";
  }

  List<Entry> entries() {
    var all = new ArrayList<Entry>();
    all.add(ou(top()));
    all.add(ou(web(), new Attribute("gPLink", link(0))));
    all.add(ou(files()));
    all.add(computerEntry(web1()));
    all.add(computerEntry(files1()));
    all.add(
        new Entry(
            group(),
            new Attribute("objectClass", "group"),
            new Attribute("cn", name + " Hosts"),
            new Attribute("sAMAccountName", name + " Hosts"),
            new Attribute("member", web1())));
    all.add(
        new Entry(
            gpo(),
            new Attribute("objectClass", "groupPolicyContainer"),
            new Attribute("cn", gpoId),
            new Attribute("displayName", name + " Secure"),
            new Attribute("versionNumber", "1"),
            new Attribute("flags", "0"),
            new Attribute("gPCFunctionalityVersion", "2"),
            new Attribute("gPCMachineExtensionNames", EXTENSIONS)));
    String below = gpo();
    for (String container : List.of("Machine", "Microsoft", "Windows")) {
      below = "CN=" + container + "," + below;
      all.add(
          new Entry(
              below, new Attribute("objectClass", "container"), new Attribute("cn", container)));
    }
    all.add(
        new Entry(
            "CN=IPSEC," + below,
            new Attribute("objectClass", "ipsecPolicy"),
            new Attribute("cn", "IPSEC"),
            new Attribute("ipsecName", "Secure Server"),
            new Attribute("ipsecOwnersReference", secureServer())));
    return all;
  }

  private Entry ou(String dn, Attribute... more) {
    var entry = new Entry(dn);
    entry.addAttribute("objectClass", "organizationalUnit");
    if (dialect == Dialect.OURS) entry.addAttribute("objectClass", "reeveSom");
    entry.addAttribute("ou", Dn.parse(dn).name());
    for (Attribute attribute : more) entry.addAttribute(attribute);
    return entry;
  }

  Entry computerEntry(String dn) {
    String cn = Dn.parse(dn).name();
    var entry =
        new Entry(
            dn,
            new Attribute("objectClass", "computer"),
            new Attribute("cn", cn),
            new Attribute("dNSHostName", cn + ".corp.example"),
            new Attribute("sAMAccountName", cn.toUpperCase(Locale.ROOT) + "$"));
    if (dialect == Dialect.ACTIVE_DIRECTORY) entry.addAttribute("userAccountControl", "4096");
    return entry;
  }

  void write(LDAPConnection administrator) throws LDAPException {
    for (Entry entry : entries()) administrator.add(entry);
  }

  /// Every entry, with every value that was written.
  void assertIsSeenIn(Collected seen) {
    for (Entry entry : entries()) {
      LdapEntry found =
          seen.find(entry.getDN()).orElseThrow(() -> new AssertionError(entry.getDN()));
      for (Attribute attribute : entry.getAttributes())
        if (List.of(EntryReader.attributes()).contains(attribute.getName()))
          assertThat(found.bytes(attribute.getName()).stream().map(v -> new String(v, UTF_8)))
              .as(entry.getDN() + " " + attribute.getName())
              .usingElementComparator(String::compareToIgnoreCase) // servers write DNs their way
              .contains(attribute.getValues());
    }
  }

  static DirectorySnapshot snapshot(Collected seen) {
    return SnapshotBuilder.build(
        seen.entries().values(), _ -> SealedSecret.ofBytes(new byte[] {1}));
  }

  static Rsop rsop(Collected seen, String computer) {
    return Rsop.resolve(snapshot(seen), RsopQuery.of(Dn.parse(computer)));
  }

  static Rsop rsop(Collected seen, String computer, String address) {
    var query =
        new RsopQuery(
            Dn.parse(computer),
            Optional.empty(),
            Optional.empty(),
            List.of(IpAddress.parse(address)),
            Set.of(),
            Map.of());
    return Rsop.resolve(snapshot(seen), query);
  }

  /// Whether this domain's GPO decides for a computer, with a policy that could be read.
  boolean isSecure(Collected seen, String computer) {
    return seen.find(computer).isPresent() && decides(rsop(seen, computer));
  }

  /// Whether this domain's GPO won, with its domain's policy.
  boolean decides(Rsop rsop) {
    return rsop.assignment() instanceof PolicyResult.Assigned(var by, var dn, _)
        && by.dn().equals(Dn.parse(gpo()))
        && dn.equals(Dn.parse(secureServer()));
  }
}
