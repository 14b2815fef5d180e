package dev.reeve.server.directory.ldap;

import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.Modification;
import com.unboundid.ldap.sdk.ModificationType;
import dev.reeve.model.gp.Dn;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/// Writes to computers and groups, and to the containers that they are in.
final class AccountWrites extends WritingHand {

  AccountWrites(Random random, SoakDomain domain) {
    super(random, domain);
  }

  void changeComputer(LDAPConnection directory) throws LDAPException {
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

  void swap(LDAPConnection directory) throws LDAPException {
    String one = any(domain.computers());
    String other = any(domain.computers());
    if (one.equals(other)) return;
    domain.forget();
    String between = "CN=between" + random.nextInt();
    String oneParent = Dn.parse(one).parent().orElseThrow().toString();
    String otherParent = Dn.parse(other).parent().orElseThrow().toString();
    directory.modifyDN(one, between, true);
    directory.modifyDN(other, "CN=" + Dn.parse(one).name(), true, oneParent);
    directory.modifyDN(
        between + "," + oneParent, "CN=" + Dn.parse(other).name(), true, otherParent);
  }

  /// Another entry by the same name, at once.
  void replace(LDAPConnection directory) throws LDAPException {
    Dn dn = Dn.parse(any(domain.computers()));
    delete(directory, dn.toString());
    add(directory, domain.computer(dn.name(), dn.parent().orElseThrow().toString()));
  }

  void renameOu(LDAPConnection directory) throws LDAPException {
    directory.modifyDN(any(domain.ous()), "OU=" + choice(name("unit"), name("UNIT")), true);
    domain.forget();
  }

  void members(LDAPConnection directory) throws LDAPException {
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
}
