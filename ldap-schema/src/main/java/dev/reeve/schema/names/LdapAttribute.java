package dev.reeve.schema.names;

/// Attributes we read or write. LDAP compares their names without regard to letter case.
///
/// Source of the OIDs: MS-ADA1 to MS-ADA3 for Microsoft's, RFC 4519, 4530 and 2307 for the others.
public enum LdapAttribute {
  IPSEC_NAME("ipsecName", "1.2.840.113556.1.4.620"),
  IPSEC_ID("ipsecID", "1.2.840.113556.1.4.621"),
  IPSEC_DATA_TYPE("ipsecDataType", "1.2.840.113556.1.4.622"),
  IPSEC_DATA("ipsecData", "1.2.840.113556.1.4.623"),
  IPSEC_OWNERS_REFERENCE("ipsecOwnersReference", "1.2.840.113556.1.4.624"),
  IPSEC_ISAKMP_REFERENCE("ipsecISAKMPReference", "1.2.840.113556.1.4.626"),
  IPSEC_NFA_REFERENCE("ipsecNFAReference", "1.2.840.113556.1.4.627"),
  IPSEC_NEGOTIATION_POLICY_REFERENCE("ipsecNegotiationPolicyReference", "1.2.840.113556.1.4.628"),
  IPSEC_FILTER_REFERENCE("ipsecFilterReference", "1.2.840.113556.1.4.629"),
  IPSEC_NEGOTIATION_POLICY_TYPE("iPSECNegotiationPolicyType", "1.2.840.113556.1.4.887"),
  IPSEC_NEGOTIATION_POLICY_ACTION("iPSECNegotiationPolicyAction", "1.2.840.113556.1.4.888"),

  GP_LINK("gPLink", "1.2.840.113556.1.4.891"),
  GP_OPTIONS("gPOptions", "1.2.840.113556.1.4.892"),
  GPC_FUNCTIONALITY_VERSION("gPCFunctionalityVersion", "1.2.840.113556.1.4.893"),
  GPC_FILE_SYS_PATH("gPCFileSysPath", "1.2.840.113556.1.4.894"),
  GPC_MACHINE_EXTENSION_NAMES("gPCMachineExtensionNames", "1.2.840.113556.1.4.1348"),
  GPC_USER_EXTENSION_NAMES("gPCUserExtensionNames", "1.2.840.113556.1.4.1349"),
  GPC_WQL_FILTER("gPCWQLFilter", "1.2.840.113556.1.4.1694"),
  VERSION_NUMBER("versionNumber", "1.2.840.113556.1.4.141"),
  FLAGS("flags", "1.2.840.113556.1.4.38"),
  DISPLAY_NAME("displayName", "2.16.840.1.113730.3.1.241"),
  NT_SECURITY_DESCRIPTOR("nTSecurityDescriptor", "1.2.840.113556.1.2.281"),
  OBJECT_CATEGORY("objectCategory", "1.2.840.113556.1.4.782"),

  MS_WMI_NAME("msWMI-Name", "1.2.840.113556.1.4.1639"),
  MS_WMI_ID("msWMI-ID", "1.2.840.113556.1.4.1627"),
  MS_WMI_PARM1("msWMI-Parm1", "1.2.840.113556.1.4.1682"),
  MS_WMI_PARM2("msWMI-Parm2", "1.2.840.113556.1.4.1683"),

  SITE_OBJECT("siteObject", "1.2.840.113556.1.4.512"),
  LOCATION("location", "1.2.840.113556.1.4.222"),

  DNS_HOST_NAME("dNSHostName", "1.2.840.113556.1.4.619"),
  SAM_ACCOUNT_NAME("sAMAccountName", "1.2.840.113556.1.4.221"),
  OPERATING_SYSTEM("operatingSystem", "1.2.840.113556.1.4.363"),
  OPERATING_SYSTEM_VERSION("operatingSystemVersion", "1.2.840.113556.1.4.364"),
  PRIMARY_GROUP_ID("primaryGroupID", "1.2.840.113556.1.4.98"),
  GROUP_TYPE("groupType", "1.2.840.113556.1.4.750"),
  OBJECT_SID("objectSid", "1.2.840.113556.1.4.146"),
  OBJECT_GUID("objectGUID", "1.2.840.113556.1.4.2"),
  ENTRY_UUID("entryUUID", "1.3.6.1.1.16.4"),
  IP_HOST_NUMBER("ipHostNumber", "1.3.6.1.1.1.1.19"),

  OBJECT_CLASS("objectClass", "2.5.4.0"),
  CN("cn", "2.5.4.3"),
  OU("ou", "2.5.4.11"),
  DC("dc", "0.9.2342.19200300.100.1.25"),
  DESCRIPTION("description", "2.5.4.13"),
  MEMBER("member", "2.5.4.31"),
  UNIQUE_MEMBER("uniqueMember", "2.5.4.50"),

  /// Our own few, below a UUID (RFC 9562, ITU-T X.667).
  REEVE_APPLY_GROUP("reeveApplyGroup", "2.25.271579545904636423593917569405749914262.1.1"),
  REEVE_DENY_GROUP("reeveDenyGroup", "2.25.271579545904636423593917569405749914262.1.2");

  private final String ldapName;
  private final String oid;

  LdapAttribute(String ldapName, String oid) {
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
