package dev.reeve.schema.exchange;

import dev.reeve.model.gp.Dn;
import dev.reeve.model.ipsec.IpsecPolicy;
import dev.reeve.schema.names.LdapAttribute;
import dev.reeve.schema.read.LdapEntry;
import dev.reeve.schema.write.IpsecObjectWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Several policies as entries in our encoding: what they share is one entry, owned by all.
final class ReeveEntries {

  private ReeveEntries() {}

  /// @param policies with distinct ids
  static List<LdapEntry> write(List<IpsecPolicy> policies, Dn container) {
    Map<Dn, LdapEntry> entries = new LinkedHashMap<>();
    for (IpsecPolicy policy : policies) {
      for (LdapEntry entry : IpsecObjectWriter.write(policy, container)) {
        entries.merge(entry.dn(), entry, ReeveEntries::withOwnersOf);
      }
    }
    return List.copyOf(entries.values());
  }

  private static LdapEntry withOwnersOf(LdapEntry entry, LdapEntry same) {
    LdapEntry.Builder both = LdapEntry.named(entry.dn());
    for (LdapAttribute attribute : LdapAttribute.values()) {
      entry.bytes(attribute).forEach(value -> both.add(attribute, value));
    }
    List<String> owners = entry.texts(LdapAttribute.IPSEC_OWNERS_REFERENCE);
    same.texts(LdapAttribute.IPSEC_OWNERS_REFERENCE).stream()
        .filter(owner -> !owners.contains(owner))
        .forEach(owner -> both.add(LdapAttribute.IPSEC_OWNERS_REFERENCE, owner));
    return both.build();
  }
}
