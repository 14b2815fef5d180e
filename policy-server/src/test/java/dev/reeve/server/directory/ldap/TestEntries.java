package dev.reeve.server.directory.ldap;

import dev.reeve.model.gp.Dn;
import dev.reeve.schema.names.LdapAttribute;
import dev.reeve.schema.read.LdapEntry;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/// Organizational units as a feed sees them; the name makes the id.
final class TestEntries {

  private TestEntries() {}

  static UUID id(String name) {
    return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
  }

  static SeenEntry entry(String name, String stamp) {
    return entry(Dn.parse("OU=" + name + ",DC=corp,DC=example"), name, stamp);
  }

  static SeenEntry at(String name, String time) {
    return entry(name, Replica.TIME + time);
  }

  static SeenEntry below(Dn parent, String name) {
    return entry(parent.child("OU", name), name, "");
  }

  private static SeenEntry entry(Dn dn, String name, String stamp) {
    var content = LdapEntry.named(dn).add(LdapAttribute.OU, name).build();
    return SeenEntry.of(id(name), content, stamp, false);
  }
}
