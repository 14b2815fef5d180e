package dev.reeve.schema.exchange;

import dev.reeve.model.gp.Dn;
import dev.reeve.model.ipsec.IpsecPolicy;
import dev.reeve.schema.ms.MsIpsecData;
import dev.reeve.schema.names.LdapAttribute;
import dev.reeve.schema.names.LdapClass;
import dev.reeve.schema.read.LdapEntry;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Which of Microsoft's objects some policies are made of.
final class Originals {

  private static final List<LdapAttribute> REFERENCES =
      List.of(
          LdapAttribute.IPSEC_ISAKMP_REFERENCE,
          LdapAttribute.IPSEC_NFA_REFERENCE,
          LdapAttribute.IPSEC_NEGOTIATION_POLICY_REFERENCE,
          LdapAttribute.IPSEC_FILTER_REFERENCE);

  private Originals() {}

  /// By name, so that the same policies give the same document.
  static List<LdapEntry> of(Policies policies) {
    Set<String> wanted = new HashSet<>();
    for (IpsecPolicy policy : policies.policies()) {
      wanted.add((LdapClass.IPSEC_POLICY.ldapName() + policy.id()).toLowerCase(Locale.ROOT));
    }
    return reached(policies.originals(), wanted).stream()
        .filter(Originals::isMicrosofts)
        .sorted((one, other) -> one.dn().compareTo(other.dn()))
        .toList();
  }

  /// @param names of policies, in lower case; those of everything they refer to are added
  static List<LdapEntry> reached(Collection<LdapEntry> objects, Set<String> names) {
    int before;
    do {
      before = names.size();
      for (LdapEntry entry : objects) {
        if (!names.contains(key(entry.dn()))) continue;
        for (LdapAttribute reference : REFERENCES) {
          entry.texts(reference).forEach(to -> Dn.find(to).ifPresent(dn -> names.add(key(dn))));
        }
      }
    } while (names.size() > before);
    return objects.stream().filter(entry -> names.contains(key(entry.dn()))).toList();
  }

  static boolean isMicrosofts(LdapEntry entry) {
    String type = entry.text(LdapAttribute.IPSEC_DATA_TYPE).orElse("").strip();
    return type.equals("" + MsIpsecData.DATA_TYPE)
        || type.equals("" + MsIpsecData.DATA_TYPE_IN_REAL_DOMAINS);
  }

  static String key(Dn dn) {
    return dn.name().toLowerCase(Locale.ROOT);
  }
}
