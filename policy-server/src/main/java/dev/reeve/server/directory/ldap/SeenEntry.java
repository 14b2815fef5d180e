package dev.reeve.server.directory.ldap;

import dev.reeve.model.gp.Dn;
import dev.reeve.schema.names.LdapAttribute;
import dev.reeve.schema.names.LdapClass;
import dev.reeve.schema.read.LdapEntry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// An entry as the directory showed it to us.
///
/// @param id what it keeps when it is renamed
/// @param stamp changes whenever the entry is written, and at no other time; empty = not shown
/// @param parent the directory says that it has entries below it, whether we see them or not
/// @param traits which of [#TELLING] it shows, one bit each
/// @param digest of name and content; the order of values does not matter
record SeenEntry(
    UUID id, LdapEntry entry, String stamp, boolean parent, int traits, Kind kind, long digest) {

  /// What an entry is to Group Policy, as far as it matters when many of a kind are gone at once.
  enum Kind {
    GPO("group policy object"),
    CONTAINER("organizational unit or site"),
    IPSEC("IPsec object"),
    COMPUTER("computer"),
    OTHER("entry");

    private final String name;

    Kind(String name) {
      this.name = name;
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /// Attributes whose absence would withdraw policy, or change whom it reaches.
  static final List<LdapAttribute> TELLING =
      List.of(
          LdapAttribute.OBJECT_CLASS,
          LdapAttribute.GP_LINK,
          LdapAttribute.GP_OPTIONS,
          LdapAttribute.VERSION_NUMBER,
          LdapAttribute.GPC_MACHINE_EXTENSION_NAMES,
          LdapAttribute.GPC_WQL_FILTER,
          LdapAttribute.NT_SECURITY_DESCRIPTOR,
          LdapAttribute.REEVE_APPLY_GROUP,
          LdapAttribute.REEVE_DENY_GROUP,
          LdapAttribute.IPSEC_DATA,
          LdapAttribute.IPSEC_OWNERS_REFERENCE,
          LdapAttribute.IPSEC_NFA_REFERENCE,
          LdapAttribute.SITE_OBJECT,
          LdapAttribute.MS_WMI_PARM2,
          LdapAttribute.MEMBER,
          LdapAttribute.UNIQUE_MEMBER);

  /// Active Directory takes a deleted account out of groups without writing the group, and a
  /// deleted site out of its subnets.
  static int changesUnwritten(SeenEntry seen) {
    int members = bit(LdapAttribute.MEMBER) | bit(LdapAttribute.UNIQUE_MEMBER);
    return seen.stamp().startsWith(USN) ? members | bit(LdapAttribute.SITE_OBJECT) : members;
  }

  /// How Active Directory's stamps begin.
  static final String USN = "usn ";

  static SeenEntry of(UUID id, LdapEntry entry, String stamp, boolean parent) {
    return new SeenEntry(id, entry, stamp, parent, traits(entry), kind(entry), digest(entry));
  }

  Dn dn() {
    return entry.dn();
  }

  /// Whether Group Policy can have anything to do with it. People, mail boxes and DNS records, of
  /// which directories are full, are not kept.
  boolean matters() {
    boolean other =
        isA("person") || isA("account") || isA("posixAccount") || isA("dnsNode") || isA("dnsZone");
    return !other || entry.isA(LdapClass.COMPUTER) || entry.isA(LdapClass.REEVE_SOM);
  }

  private boolean isA(String objectClass) {
    return entry.texts(LdapAttribute.OBJECT_CLASS).stream().anyMatch(objectClass::equalsIgnoreCase);
  }

  static int bit(LdapAttribute attribute) {
    return 1 << TELLING.indexOf(attribute);
  }

  static List<LdapAttribute> named(int traits) {
    return TELLING.stream().filter(attribute -> (traits & bit(attribute)) != 0).toList();
  }

  static int traits(LdapEntry entry) {
    int traits = 0;
    for (LdapAttribute attribute : TELLING) if (entry.has(attribute)) traits |= bit(attribute);
    for (String name : entry.attributeNames())
      if (name.startsWith("member;range=")) traits |= bit(LdapAttribute.MEMBER);
    return traits;
  }

  private static Kind kind(LdapEntry entry) {
    if (entry.isA(LdapClass.GROUP_POLICY_CONTAINER)) return Kind.GPO;
    if (entry.isA(LdapClass.IPSEC_BASE)) return Kind.IPSEC;
    if (entry.isA(LdapClass.COMPUTER)) return Kind.COMPUTER;
    if (entry.isA(LdapClass.SITE) || entry.dn().isNamedBy("ou")) return Kind.CONTAINER;
    return Kind.OTHER;
  }

  private static long digest(LdapEntry entry) {
    long digest = hash(0, entry.dn().toString().getBytes(StandardCharsets.UTF_8));
    for (String name : entry.attributeNames()) {
      long of = hash(1, name.getBytes(StandardCharsets.UTF_8));
      for (byte[] value : new ArrayList<>(entry.bytes(name))) digest += hash(of, value);
    }
    return digest;
  }

  /// FNV-1a, stirred, so that sums of hashes do not cancel out.
  private static long hash(long seed, byte[] bytes) {
    long hash = 0xcbf29ce484222325L ^ seed;
    for (byte b : bytes) hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
    hash = (hash ^ hash >>> 30) * 0xbf58476d1ce4e5b9L;
    hash = (hash ^ hash >>> 27) * 0x94d049bb133111ebL;
    return hash ^ hash >>> 31;
  }
}
