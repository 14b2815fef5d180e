package dev.reeve.server.directory.ldap;

import com.unboundid.ldap.sdk.Attribute;
import com.unboundid.ldap.sdk.Entry;
import dev.reeve.model.gp.Dn;
import dev.reeve.schema.ms.MsGuid;
import dev.reeve.schema.names.LdapAttribute;
import dev.reeve.schema.read.LdapEntry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/// What a server sends → entries as we keep them: the attributes that policy is made of, and, apart
/// from those, what tells two states of an entry apart.
final class EntryReader {

  private static final String NS_UNIQUE_ID = "nsUniqueId";
  private static final String ENTRY_CSN = "entryCSN";
  static final String MODIFY_TIMESTAMP = "modifyTimestamp";
  static final String USN_CHANGED = "uSNChanged";
  static final String HAS_SUBORDINATES = "hasSubordinates";
  static final String NUM_SUBORDINATES = "numSubordinates";

  private static final String[] ATTRIBUTES =
      Stream.concat(
              Arrays.stream(LdapAttribute.values())
                  .filter(a -> a != LdapAttribute.NT_SECURITY_DESCRIPTOR)
                  .map(LdapAttribute::ldapName),
              Stream.of(
                  NS_UNIQUE_ID,
                  ENTRY_CSN,
                  MODIFY_TIMESTAMP,
                  USN_CHANGED,
                  HAS_SUBORDINATES,
                  NUM_SUBORDINATES))
          .toArray(String[]::new);

  private static final Set<String> BOOKKEEPING = bookkeeping();

  private final String server;

  /// @param server tells servers apart whose stamps mean nothing to each other; empty where stamps
  ///   are the same everywhere
  EntryReader(String server) {
    this.server = server;
  }

  private static Set<String> bookkeeping() {
    var names = new HashSet<String>();
    for (String name :
        new String[] {
          NS_UNIQUE_ID,
          ENTRY_CSN,
          MODIFY_TIMESTAMP,
          USN_CHANGED,
          HAS_SUBORDINATES,
          NUM_SUBORDINATES,
          LdapAttribute.ENTRY_UUID.ldapName()
        }) names.add(name.toLowerCase(Locale.ROOT));
    return Set.copyOf(names);
  }

  /// What to ask for. The security descriptor is not in it: it needs a control, and few entries'
  /// descriptors matter.
  static String[] attributes() {
    return ATTRIBUTES.clone();
  }

  SeenEntry read(Entry entry) throws FeedException {
    return read(entry, Optional.empty());
  }

  /// @param fromFeed the entry's id, where the feed names it
  SeenEntry read(Entry entry, Optional<UUID> fromFeed) throws FeedException {
    Dn dn;
    try {
      dn = Dn.parse(entry.getDN());
    } catch (IllegalArgumentException e) {
      throw new FeedException(
          FeedException.Kind.INCOMPLETE, "cannot understand a name: " + e.getMessage(), e);
    }
    UUID id = fromFeed.or(() -> id(entry)).orElseGet(() -> byName(dn));
    var kept = new ArrayList<Attribute>();
    for (Attribute attribute : entry.getAttributes())
      if (!BOOKKEEPING.contains(attribute.getName().toLowerCase(Locale.ROOT))) kept.add(attribute);
    if (!entry.hasAttribute(LdapAttribute.OBJECT_GUID.ldapName()))
      kept.add(new Attribute(LdapAttribute.ENTRY_UUID.ldapName(), id.toString()));
    String stamp = stamp(entry);
    return SeenEntry.of(id, LdapEntry.of(dn, kept).withStamp(stamp), stamp, hasChildren(entry));
  }

  /// An entry of which we see nothing but the name has to be known by it.
  private static UUID byName(Dn dn) {
    return UUID.nameUUIDFromBytes(dn.key().getBytes(StandardCharsets.UTF_8));
  }

  /// The id of an entry as we keep it.
  static Optional<UUID> id(LdapEntry kept) {
    return id(kept.toEntry());
  }

  private static Optional<UUID> id(Entry entry) {
    try {
      Optional<String> unique = value(entry, NS_UNIQUE_ID); // as its RFC 4533 feed gives it
      if (unique.isPresent()) return Optional.of(ofDashedByFours(unique.get()));
      byte[] guid = entry.getAttributeValueBytes(LdapAttribute.OBJECT_GUID.ldapName());
      if (guid != null) return Optional.of(UUID.fromString(MsGuid.parse(guid)));
      return value(entry, LdapAttribute.ENTRY_UUID.ldapName()).map(UUID::fromString);
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /// `2b4d7f01-8f1211ee-9d3bb0c5-5f3ec6a1` in 389 DS.
  private static UUID ofDashedByFours(String text) {
    String hex = text.replace("-", "");
    if (hex.length() != 32) throw new IllegalArgumentException(text);
    return new UUID(
        Long.parseUnsignedLong(hex.substring(0, 16), 16),
        Long.parseUnsignedLong(hex.substring(16), 16));
  }

  private String stamp(Entry entry) {
    return value(entry, ENTRY_CSN)
        .map(csn -> "csn " + csn)
        .or(() -> value(entry, USN_CHANGED).map(usn -> SeenEntry.USN + server + " " + usn))
        .or(() -> value(entry, MODIFY_TIMESTAMP).map(time -> Replica.TIME + time))
        .orElse("");
  }

  private static boolean hasChildren(Entry entry) {
    return value(entry, HAS_SUBORDINATES).filter("TRUE"::equalsIgnoreCase).isPresent()
        || value(entry, NUM_SUBORDINATES).filter(n -> !n.equals("0")).isPresent();
  }

  static Optional<String> value(Entry entry, String attribute) {
    return Optional.ofNullable(entry.getAttributeValue(attribute)).filter(v -> !v.isEmpty());
  }
}
