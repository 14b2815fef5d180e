package dev.reeve.schema.read;

import dev.reeve.model.gp.Dn;
import dev.reeve.model.gp.Problem.Code;
import dev.reeve.model.gp.SecurityFilter;
import dev.reeve.schema.ms.MalformedDataException;
import dev.reeve.schema.ms.SecurityDescriptor;
import dev.reeve.schema.names.LdapAttribute;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/// Who may apply a GPO: the security descriptor where the directory shows one, else the groups of
/// `reeveGpoScope`.
final class SecurityFilterReader {

  private final Problems problems;

  SecurityFilterReader(Problems problems) {
    this.problems = problems;
  }

  /// @throws WrongAttribute when there is a filter and it makes no sense
  SecurityFilter read(LdapEntry gpo) {
    Optional<byte[]> descriptor = gpo.firstBytes(LdapAttribute.NT_SECURITY_DESCRIPTOR);
    if (descriptor.isPresent()) {
      try {
        return SecurityDescriptor.filter(descriptor.get());
      } catch (MalformedDataException e) {
        throw wrong(LdapAttribute.NT_SECURITY_DESCRIPTOR, String.valueOf(e.getMessage()));
      }
    }
    Set<Dn> apply = groups(gpo, LdapAttribute.REEVE_APPLY_GROUP);
    Set<Dn> deny = groups(gpo, LdapAttribute.REEVE_DENY_GROUP);
    if (!apply.isEmpty() || !deny.isEmpty()) return new SecurityFilter.Groups(apply, deny);
    if (gpo.has(LdapAttribute.OBJECT_CATEGORY)) { // Active Directory, which hid the descriptor
      problems.add(
          gpo,
          LdapAttribute.NT_SECURITY_DESCRIPTOR,
          Code.SECURITY_FILTER_UNREADABLE,
          "not readable: the GPO is taken to apply to everyone");
    }
    return SecurityFilter.Everyone.EVERYONE;
  }

  private static Set<Dn> groups(LdapEntry gpo, LdapAttribute attribute) {
    var groups = new HashSet<Dn>();
    for (String text : gpo.texts(attribute))
      groups.add(
          Dn.find(text).orElseThrow(() -> wrong(attribute, "value '" + text + "' is no DN")));
    return groups;
  }

  private static WrongAttribute wrong(LdapAttribute attribute, String detail) {
    return new WrongAttribute(attribute, Code.SECURITY_FILTER_UNREADABLE, detail);
  }
}
