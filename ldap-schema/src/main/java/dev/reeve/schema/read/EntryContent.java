package dev.reeve.schema.read;

import dev.reeve.model.gp.Computer;
import dev.reeve.model.gp.Dn;
import dev.reeve.model.gp.FactFilter;
import dev.reeve.model.gp.Group;
import dev.reeve.model.gp.Problem;
import dev.reeve.model.gp.Som;
import dev.reeve.model.gp.Subnet;
import dev.reeve.model.ipsec.SecretSealer;
import dev.reeve.schema.ms.Sid;
import dev.reeve.schema.names.LdapAttribute;
import dev.reeve.schema.names.LdapClass;
import dev.reeve.schema.read.IpsecObjects.Decoded;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What one entry says by itself, whatever else the directory holds.
///
/// @param gpo whether it is a GPO, which says more together with what is below it
/// @param primaryGroup the SID that a computer's primaryGroupID comes to
/// @param problems in their order
record EntryContent(
    Optional<Som> som,
    boolean gpo,
    Optional<Computer> computer,
    Optional<String> primaryGroup,
    Optional<Group> group,
    Optional<FactFilter> factFilter,
    Optional<Subnet> subnet,
    Optional<Decoded> ipsecObject,
    List<Problem> problems) {

  static EntryContent read(LdapEntry entry, SecretSealer sealer) {
    var problems = new Problems();
    var accounts = new AccountReader(problems);
    Optional<Computer> computer = accounts.computer(entry);
    Optional<Long> primaryGroupId = computer.flatMap(_ -> accounts.primaryGroupId(entry));
    return new EntryContent(
        new SomReader(problems).read(entry),
        GpoReader.isGpo(entry),
        computer,
        computer
            .flatMap(Computer::sid)
            .flatMap(sid -> primaryGroupId.map(id -> Sid.withLast(sid, id))),
        accounts.group(entry),
        new FactFilterReader(problems).read(entry),
        new SubnetReader(problems).read(entry),
        IpsecObjects.decode(entry, sealer, problems),
        problems.sorted());
  }

  /// Whether the content says all that will ever be asked of the entry, also under another name: so
  /// it is for nearly all computers and groups, and they are nearly all of a large directory.
  boolean replaces(LdapEntry entry) {
    Dn dn = entry.dn();
    boolean account = computer.isPresent() || group.isPresent();
    boolean more =
        som.isPresent()
            || gpo
            || factFilter.isPresent()
            || subnet.isPresent()
            || ipsecObject.isPresent()
            || !problems.isEmpty();
    boolean namedByDn =
        computer.isPresent() && !entry.hasAny(LdapAttribute.DNS_HOST_NAME, LdapAttribute.CN);
    boolean nameMayMatter =
        dn.isNamedBy("ou") || dn.isNamedBy("dc") || dn.key().contains(",cn=machine,");
    return account && !more && !namedByDn && !nameMayMatter;
  }

  /// An entry that says the same, for what [#replaces] its own.
  LdapEntry toEntry(Dn dn) {
    var entry = LdapEntry.named(dn).addClasses(LdapClass.TOP);
    computer.ifPresent(c -> {
      entry.addClasses(LdapClass.COMPUTER).add(LdapAttribute.DNS_HOST_NAME, c.name());
      c.guid().ifPresent(guid -> entry.add(LdapAttribute.ENTRY_UUID, guid));
      c.addresses().forEach(a -> entry.add(LdapAttribute.IP_HOST_NUMBER, a.toString()));
    });
    group.ifPresent(g -> {
      entry.addClasses(LdapClass.GROUP);
      g.members().forEach(member -> entry.add(LdapAttribute.MEMBER, member.toString()));
    });
    computer
        .flatMap(Computer::sid)
        .or(() -> group.flatMap(Group::sid))
        .ifPresent(sid -> entry.add(LdapAttribute.OBJECT_SID, sid));
    primaryGroup.ifPresent(
        sid -> entry.add(LdapAttribute.PRIMARY_GROUP_ID, sid.substring(sid.lastIndexOf('-') + 1)));
    return entry.build();
  }

  /// The same under another name, for what [#replaces] its entry.
  EntryContent named(Dn dn) {
    return new EntryContent(
        Optional.empty(),
        false,
        computer.map(c -> new Computer(dn, c.guid(), c.name(), c.sid(), c.addresses())),
        primaryGroup,
        group.map(g -> new Group(dn, g.sid(), g.members())),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of());
  }

  /// The same with other objects for the names of the group's members.
  EntryContent withMembers(Set<Dn> members) {
    return new EntryContent(
        som,
        gpo,
        computer,
        primaryGroup,
        group.map(g -> new Group(g.dn(), g.sid(), members)),
        factFilter,
        subnet,
        ipsecObject,
        problems);
  }

  /// The same, with the objects of an earlier reading where they say the same: whoever compares two
  /// snapshots sees that nothing changed.
  EntryContent keeping(EntryContent before) {
    return new EntryContent(
        same(before.som, som) ? before.som : som,
        gpo,
        same(before.computer, computer) ? before.computer : computer,
        primaryGroup,
        group,
        same(before.factFilter, factFilter) ? before.factFilter : factFilter,
        subnet,
        ipsecObject,
        problems);
  }

  /// Names are equal in whatever case they are written; what people see is not.
  static <T> boolean same(Optional<? extends T> before, Optional<? extends T> now) {
    return before.equals(now) && before.toString().equals(now.toString());
  }
}
