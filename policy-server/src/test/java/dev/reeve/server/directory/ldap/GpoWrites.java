package dev.reeve.server.directory.ldap;

import com.unboundid.ldap.sdk.Entry;
import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.Modification;
import com.unboundid.ldap.sdk.ModificationType;
import com.unboundid.ldap.sdk.ModifyRequest;
import dev.reeve.lab.Dialect;
import dev.reeve.model.gp.Dn;
import java.util.List;
import java.util.Random;

/// Writes to group policy objects, to where they are linked and to what they assign.
final class GpoWrites extends WritingHand {

  static final String EXTENSIONS =
      "[{E437BC1C-AA7D-11D2-A382-00C04F991E27}{DEA8AFA0-CC85-11D0-9CE2-0080C7221EBD}]";

  private final Dialect dialect;
  private final List<byte[]> descriptors;

  GpoWrites(Random random, SoakDomain domain, Dialect dialect, List<byte[]> descriptors) {
    super(random, domain);
    this.dialect = dialect;
    this.descriptors = descriptors;
  }

  void links(LDAPConnection directory) throws LDAPException {
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

  void gpoTexts(LDAPConnection directory) throws LDAPException {
    String gpo = any(domain.ownGpos());
    switch (random.nextInt(3)) {
      case 0 -> set(directory, gpo, "displayName", "Größe " + random.nextInt(1000));
      case 1 -> set(directory, gpo, "gPCMachineExtensionNames", choice(EXTENSIONS, "", "[{x"));
      default -> set(directory, gpo, "gPCFunctionalityVersion", choice("2", "2", "1"));
    }
  }

  void wqlReference(LDAPConnection directory) throws LDAPException {
    String filter = random.nextInt(4) == 0 ? "" : Dn.parse(any(domain.filters())).name();
    set(
        directory,
        any(domain.ownGpos()),
        "gPCWQLFilter",
        filter.isEmpty() ? "" : "[corp.example;" + filter + ";0]");
  }

  void scope(LDAPConnection directory) throws LDAPException {
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

  void addGpo(LDAPConnection directory) throws LDAPException {
    for (Entry entry : domain.gpoEntries(number())) add(directory, entry);
  }

  void pointer(LDAPConnection directory) throws LDAPException {
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

  String version() {
    return choice("0", "1", "65536", "65537", Integer.toString(random.nextInt(1 << 20)));
  }
}
