package dev.reeve.schema.read;

import dev.reeve.model.gp.Computer;
import dev.reeve.model.gp.Dn;
import dev.reeve.model.gp.Group;
import dev.reeve.model.gp.Problem.Code;
import dev.reeve.model.net.IpAddress;
import dev.reeve.schema.ms.MalformedDataException;
import dev.reeve.schema.ms.MsGuid;
import dev.reeve.schema.ms.Sid;
import dev.reeve.schema.names.LdapAttribute;
import dev.reeve.schema.names.LdapClass;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Computers and groups. A value that makes no sense is left out and reported; the account stays.
final class AccountReader {

  private final Problems problems;

  AccountReader(Problems problems) {
    this.problems = problems;
  }

  Optional<Computer> computer(LdapEntry entry) {
    if (!entry.isA(LdapClass.COMPUTER)) return Optional.empty();
    String name =
        entry
            .text(LdapAttribute.DNS_HOST_NAME)
            .or(() -> entry.text(LdapAttribute.CN))
            .orElseGet(entry.dn()::name);
    return Optional.of(
        new Computer(
            entry.dn(), guid(entry), name, sid(entry, Code.COMPUTER_UNREADABLE), addresses(entry)));
  }

  private Optional<String> guid(LdapEntry entry) {
    Optional<String> uuid = entry.text(LdapAttribute.ENTRY_UUID);
    if (uuid.isPresent()) return uuid.map(u -> u.strip().toLowerCase(Locale.ROOT));
    try {
      return entry.firstBytes(LdapAttribute.OBJECT_GUID).map(MsGuid::parse);
    } catch (MalformedDataException e) {
      problems.add(
          entry,
          LdapAttribute.OBJECT_GUID,
          Code.COMPUTER_UNREADABLE,
          String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private List<IpAddress> addresses(LdapEntry entry) {
    var addresses = new TreeSet<IpAddress>(); // values have no order of their own
    for (String text : entry.texts(LdapAttribute.IP_HOST_NUMBER)) {
      Optional<IpAddress> address = IpAddress.find(text.strip());
      address.ifPresentOrElse(
          addresses::add,
          () ->
              problems.add(
                  entry,
                  LdapAttribute.IP_HOST_NUMBER,
                  Code.COMPUTER_UNREADABLE,
                  "value '" + text + "' is no IP address"));
    }
    return List.copyOf(addresses);
  }

  /// RID of the group that counts as if the computer were a member.
  Optional<Long> primaryGroupId(LdapEntry computer) {
    try {
      return Numbers.find(computer, LdapAttribute.PRIMARY_GROUP_ID, Code.COMPUTER_UNREADABLE);
    } catch (WrongAttribute e) {
      problems.add(computer, e);
      return Optional.empty();
    }
  }

  Optional<Group> group(LdapEntry entry) {
    boolean isGroup =
        entry.isA(LdapClass.GROUP)
            || entry.isA(LdapClass.GROUP_OF_NAMES)
            || entry.isA(LdapClass.GROUP_OF_UNIQUE_NAMES);
    if (!isGroup) return Optional.empty();
    var members = new HashSet<Dn>();
    addMembers(entry, LdapAttribute.MEMBER, members);
    addMembers(entry, LdapAttribute.UNIQUE_MEMBER, members);
    for (String name : entry.attributeNames()) {
      if (name.startsWith("member;range=")) {
        problems.add(
            entry,
            LdapAttribute.MEMBER,
            Code.GROUP_UNREADABLE,
            "only a part was read (" + name + ")");
      }
    }
    return Optional.of(new Group(entry.dn(), sid(entry, Code.GROUP_UNREADABLE), members));
  }

  private void addMembers(LdapEntry group, LdapAttribute attribute, Set<Dn> members) {
    for (String text : group.texts(attribute)) {
      // a uniqueMember may end in a unique identifier: CN=a,DC=b#'0101'B
      String name =
          attribute == LdapAttribute.UNIQUE_MEMBER ? text.replaceFirst("#'[01]*'B$", "") : text;
      Dn.find(name)
          .ifPresentOrElse(
              members::add,
              () ->
                  problems.add(
                      group, attribute, Code.GROUP_UNREADABLE, "value '" + text + "' is no DN"));
    }
  }

  private Optional<String> sid(LdapEntry entry, Code code) {
    try {
      return entry.firstBytes(LdapAttribute.OBJECT_SID).map(Sid::parse);
    } catch (MalformedDataException e) {
      problems.add(entry, LdapAttribute.OBJECT_SID, code, String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }
}
