package dev.reeve.schema.read;

import dev.reeve.model.gp.Dn;
import dev.reeve.schema.names.LdapClass;
import java.util.Locale;
import java.util.Optional;

/// The five kinds of IPsec objects, and where they live.
enum IpsecKind {
  POLICY(LdapClass.IPSEC_POLICY),
  MAIN_MODE(LdapClass.IPSEC_ISAKMP_POLICY),
  RULE(LdapClass.IPSEC_NFA),
  ACTION(LdapClass.IPSEC_NEGOTIATION_POLICY),
  FILTERS(LdapClass.IPSEC_FILTER);

  private static final String MICROSOFT = "cn=ip security,cn=system,";
  private static final String REEVE = "cn=reeve,cn=system,";

  private final LdapClass objectClass;

  IpsecKind(LdapClass objectClass) {
    this.objectClass = objectClass;
  }

  LdapClass objectClass() {
    return objectClass;
  }

  /// What kind an entry is: by its class, or by its name when that is all we may read. The pointers
  /// of GPOs have the same class and live elsewhere.
  static Optional<IpsecKind> of(LdapEntry entry) {
    if (!isInContainer(entry.dn())) return Optional.empty();
    String name = entry.dn().name().toLowerCase(Locale.ROOT);
    for (IpsecKind kind : values()) {
      boolean is =
          entry.isBare()
              ? name.startsWith(kind.objectClass.ldapName().toLowerCase(Locale.ROOT) + "{")
              : entry.isA(kind.objectClass);
      if (is) return Optional.of(kind);
    }
    return Optional.empty();
  }

  private static boolean isInContainer(Dn dn) {
    return dn.parent()
        .map(Dn::key)
        .filter(parent -> parent.startsWith(MICROSOFT) || parent.startsWith(REEVE))
        .isPresent();
  }
}
