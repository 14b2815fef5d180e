package dev.reeve.model.gp;

import java.util.HashSet;
import java.util.Set;

/// Members of groups that mean every computer: Active Directory names Everyone and Authenticated
/// Users in a group by a foreignSecurityPrincipal, whose CN is the SID.
///
/// Source: MS-ADTS 6.1.1.4 (the container), MS-DTYP 2.4.2.4 (the SIDs).
final class EveryComputer {

  /// Stands for all of them, of whatever domain.
  static final Dn NAME = Dn.parse("CN=S-1-5-11");

  private static final String CONTAINER = ",cn=foreignsecurityprincipals,dc=";

  private EveryComputer() {}

  /// The same members, with [#NAME] for those that mean every computer.
  static Set<Dn> in(Set<Dn> members) {
    Set<Dn> found = members;
    for (Dn member : members) {
      if (!isMeantBy(member)) continue;
      if (found == members) found = new HashSet<>(members);
      found.remove(member);
      found.add(NAME);
    }
    return found;
  }

  private static boolean isMeantBy(Dn member) {
    String key = member.key();
    return key.startsWith("cn=s-1-5-11" + CONTAINER) || key.startsWith("cn=s-1-1-0" + CONTAINER);
  }
}
