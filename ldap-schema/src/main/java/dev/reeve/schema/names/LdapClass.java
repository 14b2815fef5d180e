package dev.reeve.schema.names;

/// Object classes we read or write. LDAP compares their names without regard to letter case.
///
/// Source of the OIDs: MS-ADSC for Microsoft's, RFC 4519, 4524 and 2307 for the others.
public enum LdapClass {
  TOP("top", "2.5.6.0"),
  CONTAINER("container", "1.2.840.113556.1.3.23"),
  ORGANIZATIONAL_UNIT("organizationalUnit", "2.5.6.5"),
  DOMAIN("domain", "0.9.2342.19200300.100.4.13"),
  DOMAIN_DNS("domainDNS", "1.2.840.113556.1.5.67"),
  DC_OBJECT("dcObject", "1.3.6.1.4.1.1466.344"),

  IPSEC_BASE("ipsecBase", "1.2.840.113556.1.5.7000.56"),
  IPSEC_POLICY("ipsecPolicy", "1.2.840.113556.1.5.98"),
  IPSEC_FILTER("ipsecFilter", "1.2.840.113556.1.5.118"),
  IPSEC_NEGOTIATION_POLICY("ipsecNegotiationPolicy", "1.2.840.113556.1.5.119"),
  IPSEC_ISAKMP_POLICY("ipsecISAKMPPolicy", "1.2.840.113556.1.5.120"),
  IPSEC_NFA("ipsecNFA", "1.2.840.113556.1.5.121"),

  GROUP_POLICY_CONTAINER("groupPolicyContainer", "1.2.840.113556.1.5.157"),
  MS_WMI_SOM("msWMI-Som", "1.2.840.113556.1.5.213"),
  SITES_CONTAINER("sitesContainer", "1.2.840.113556.1.5.107"),
  SITE("site", "1.2.840.113556.1.5.31"),
  SUBNET_CONTAINER("subnetContainer", "1.2.840.113556.1.5.95"),
  SUBNET("subnet", "1.2.840.113556.1.5.96"),

  COMPUTER("computer", "1.2.840.113556.1.3.30"),
  IP_HOST("ipHost", "1.3.6.1.1.1.2.6"),
  GROUP("group", "1.2.840.113556.1.5.8"),
  GROUP_OF_NAMES("groupOfNames", "2.5.6.9"),
  GROUP_OF_UNIQUE_NAMES("groupOfUniqueNames", "2.5.6.17"),

  /// Auxiliary: lets an entry carry gPLink and gPOptions where organizationalUnit does not.
  REEVE_SOM("reeveSom", "2.25.271579545904636423593917569405749914262.2.1"),
  /// Auxiliary: lets a GPO say which groups apply it.
  REEVE_GPO_SCOPE("reeveGpoScope", "2.25.271579545904636423593917569405749914262.2.2");

  private final String ldapName;
  private final String oid;

  LdapClass(String ldapName, String oid) {
    this.ldapName = ldapName;
    this.oid = oid;
  }

  public String ldapName() {
    return ldapName;
  }

  public String oid() {
    return oid;
  }

  @Override
  public String toString() {
    return ldapName;
  }
}
