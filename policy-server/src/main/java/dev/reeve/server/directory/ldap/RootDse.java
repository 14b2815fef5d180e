package dev.reeve.server.directory.ldap;

import com.unboundid.ldap.sdk.Entry;
import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.SearchScope;
import dev.reeve.model.gp.Dn;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// What a server says of itself.
///
/// @param sync whether it knows the control of RFC 4533
/// @param highestUsn Active Directory's: the last write of this domain controller
/// @param controller Active Directory's: which domain controller this is, and which life of it; one
///   that was restored from a backup goes on under another invocationId
/// @param configuration Active Directory's: where the forest's sites are
/// @param namingContexts not to be relied upon: 389 DS shows a new suffix only after a restart
/// @param start 389 DS's: another one after each start of the server; empty where it is not shown
/// @param is389 389 DS or one of its kin, which manage access with ACIs
record RootDse(
    boolean sync,
    Optional<Long> highestUsn,
    String controller,
    Optional<Dn> configuration,
    List<String> namingContexts,
    String start,
    boolean is389) {

  static final String CONTENT_SYNC = "1.3.6.1.4.1.4203.1.9.1.1";
  private static final String HIGHEST_USN = "highestCommittedUSN";

  static RootDse read(LDAPConnection connection) throws LDAPException {
    Entry entry =
        read(
            connection,
            "supportedControl",
            HIGHEST_USN,
            "dsServiceName",
            "configurationNamingContext",
            "namingContexts",
            "dataVersion",
            "vendorName");
    return new RootDse(
        values(entry, "supportedControl").contains(CONTENT_SYNC),
        usn(entry),
        controller(connection, EntryReader.value(entry, "dsServiceName").orElse("")),
        EntryReader.value(entry, "configurationNamingContext").flatMap(Dn::find),
        values(entry, "namingContexts"),
        EntryReader.value(entry, "dataVersion").orElse(""),
        EntryReader.value(entry, "vendorName").filter(v -> v.contains("389")).isPresent());
  }

  private static String controller(LDAPConnection connection, String service) throws LDAPException {
    if (service.isEmpty()) return service;
    try {
      byte[] life =
          Optional.ofNullable(connection.getEntry(service, "invocationId"))
              .flatMap(e -> Optional.ofNullable(e.getAttributeValueBytes("invocationId")))
              .orElse(new byte[0]);
      return service + " " + HexFormat.of().formatHex(life);
    } catch (LDAPException e) {
      if (!e.getResultCode().isConnectionUsable()) throw e;
      return service; // it may not be seen
    }
  }

  static Optional<Long> highestUsn(LDAPConnection connection) throws LDAPException {
    return usn(read(connection, HIGHEST_USN));
  }

  private static Entry read(LDAPConnection connection, String... attributes) throws LDAPException {
    Entry entry = connection.searchForEntry("", SearchScope.BASE, "(objectClass=*)", attributes);
    return entry == null ? new Entry("") : entry;
  }

  private static Optional<Long> usn(Entry entry) {
    return EntryReader.value(entry, HIGHEST_USN)
        .filter(text -> text.matches("[0-9]{1,18}"))
        .map(Long::valueOf);
  }

  private static List<String> values(Entry entry, String attribute) {
    String[] values = entry.getAttributeValues(attribute);
    return values == null ? List.of() : List.of(values);
  }

  FeedKind feed() {
    if (highestUsn.isPresent()) return FeedKind.USN;
    return sync ? FeedKind.SYNC : FeedKind.POLL;
  }
}
