package dev.reeve.model.gp;

/// Something in the directory that is not as it should be. It is shown to the administrator;
/// everything else goes on.
///
/// @param dn the entry, as written
/// @param attribute the attribute, or empty for the entry as a whole
/// @param detail for people: what was seen, what was wanted
public record Problem(String dn, String attribute, Code code, String detail) {

  /// Stable: searched for, counted and translated.
  public enum Code {
    MALFORMED_LINK,
    UNKNOWN_LINK_OPTION,
    GPO_MISSING,
    GPO_UNREADABLE,
    CONTAINER_MISSING,
    CONTAINER_UNREADABLE,
    COMPUTER_MISSING,
    COMPUTER_UNREADABLE,
    GROUP_UNREADABLE,
    SITE_UNKNOWN,
    SUBNET_MALFORMED,
    SUBNET_WITHOUT_SITE,
    EXTENSION_NOT_LISTED,
    POINTER_UNREADABLE,
    POLICY_MISSING,
    POLICY_INCOMPLETE,
    OBJECT_UNREADABLE,
    SETTING_INVALID,
    SECRET_READABLE_AT_SOURCE,
    SECURITY_FILTER_UNREADABLE,
    FACT_FILTER_MISSING,
    FACT_FILTER_UNREADABLE,
    FACT_FILTER_NOT_EVALUATED,
    DUPLICATE_ENTRY,
    MALFORMED_ENTRY,
    WEAK_ALGORITHMS,
    MIXED_AUTHENTICATION,
    WITHDRAWAL_HELD
  }

  @Override
  public String toString() {
    return dn + ": " + (attribute.isEmpty() ? "" : attribute + ": ") + detail + " [" + code + "]";
  }
}
