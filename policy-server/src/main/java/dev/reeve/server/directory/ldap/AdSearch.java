package dev.reeve.server.directory.ldap;

import com.unboundid.asn1.ASN1Integer;
import com.unboundid.asn1.ASN1OctetString;
import com.unboundid.asn1.ASN1Sequence;
import com.unboundid.ldap.sdk.Attribute;
import com.unboundid.ldap.sdk.Control;
import com.unboundid.ldap.sdk.Entry;
import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.SearchRequest;
import com.unboundid.ldap.sdk.SearchScope;
import dev.reeve.schema.names.LdapAttribute;
import dev.reeve.schema.names.LdapClass;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What Active Directory gives only when asked in its own way: security descriptors, and the values
/// of attributes that have more than fit into one answer.
final class AdSearch {

  static final String DESCRIPTOR = LdapAttribute.NT_SECURITY_DESCRIPTOR.ldapName();

  private static final int OWNER_GROUP_DACL = 7; // the audit list needs a privilege of its own
  private static final Pattern RANGE = Pattern.compile("(.+);range=([0-9]+)-([0-9]+|\\*)");

  private AdSearch() {}

  /// LDAP_SERVER_SD_FLAGS_OID: without it, an ordinary account sees no descriptor at all.
  static Control descriptorFlags() {
    return new Control(
        "1.2.840.113556.1.4.801",
        true,
        new ASN1OctetString(new ASN1Sequence(new ASN1Integer(OWNER_GROUP_DACL)).encode()));
  }

  /// The entry, with its security descriptor where it is a GPO.
  static Entry withDescriptor(LDAPConnection connection, Entry entry, RootDse root)
      throws LDAPException {
    if (root.highestUsn().isEmpty() || !isGpo(entry)) return entry;
    var request = new SearchRequest(entry.getDN(), SearchScope.BASE, "(objectClass=*)", DESCRIPTOR);
    request.addControl(descriptorFlags());
    Entry found = connection.searchForEntry(request);
    return found == null ? entry : with(entry, Optional.ofNullable(found.getAttribute(DESCRIPTOR)));
  }

  static Entry with(Entry entry, Optional<Attribute> descriptor) {
    if (descriptor.isEmpty()) return entry;
    Entry copy = entry.duplicate();
    copy.setAttribute(descriptor.get());
    return copy;
  }

  private static boolean isGpo(Entry entry) {
    return entry.hasObjectClass(LdapClass.GROUP_POLICY_CONTAINER.ldapName());
  }

  /// The entry with all values of attributes that came as `member;range=0-1499`.
  static Entry complete(LDAPConnection connection, Entry entry) throws LDAPException {
    List<String> ranged =
        entry.getAttributes().stream()
            .map(Attribute::getName)
            .filter(name -> name.toLowerCase(Locale.ROOT).contains(";range="))
            .toList();
    if (ranged.isEmpty()) return entry;
    Entry whole = entry.duplicate();
    for (String name : ranged) {
      Matcher range = RANGE.matcher(name);
      if (!range.matches()) continue;
      String attribute = range.group(1);
      var values = new ArrayList<byte[]>(values(entry, name));
      String end = range.group(3);
      while (!end.equals("*")) {
        long next = Long.parseLong(end) + 1;
        Optional<Attribute> more = part(connection, entry.getDN(), attribute, next);
        if (more.isEmpty()) break; // it shrank meanwhile, and will be reported as changed
        values.addAll(Arrays.asList(more.get().getValueByteArrays()));
        Matcher part = RANGE.matcher(more.get().getName());
        end = part.matches() ? part.group(3) : "*";
      }
      whole.removeAttribute(name);
      whole.setAttribute(new Attribute(attribute, values.toArray(byte[][]::new)));
    }
    return whole;
  }

  private static List<byte[]> values(Entry entry, String name) {
    byte[][] values = entry.getAttributeValueByteArrays(name);
    return values == null ? List.of() : List.of(values);
  }

  private static Optional<Attribute> part(
      LDAPConnection connection, String dn, String attribute, long from) throws LDAPException {
    Entry found =
        connection.searchForEntry(
            dn, SearchScope.BASE, "(objectClass=*)", attribute + ";range=" + from + "-*");
    if (found == null) return Optional.empty();
    return found.getAttributes().stream()
        .filter(a ->
            a.getName().toLowerCase(Locale.ROOT).startsWith(attribute.toLowerCase(Locale.ROOT)))
        .filter(Attribute::hasValue)
        .findFirst();
  }
}
