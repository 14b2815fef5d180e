package dev.reeve.server.directory.embedded;

import com.unboundid.asn1.ASN1OctetString;
import com.unboundid.ldap.listener.InMemoryRequestHandler;
import com.unboundid.ldap.sdk.DN;
import com.unboundid.ldap.sdk.Entry;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.SearchScope;
import com.unboundid.ldap.sdk.schema.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Names and passwords in, principals out.
final class Accounts {
  private final InMemoryRequestHandler tree;
  private final AccessControl access;
  private final AdminPassword adminPassword;
  private final Pbkdf2PasswordEncoder encoder;
  private final List<DN> bases;
  private final Schema schema;

  Accounts(
      InMemoryRequestHandler tree,
      AccessControl access,
      AdminPassword adminPassword,
      Pbkdf2PasswordEncoder encoder,
      List<DN> bases,
      Schema schema) {
    this.tree = tree;
    this.access = access;
    this.adminPassword = adminPassword;
    this.encoder = encoder;
    this.bases = List.copyOf(bases);
    this.schema = schema;
  }

  /// Takes a fraction of a second of CPU, and no lock while it does.
  Optional<Principal> authenticate(DN dn, byte[] password) throws LDAPException {
    if (password.length == 0 || dn.isNullDN()) return Optional.empty();
    if (dn.equals(access.builtInAdministrator())) {
      return adminPassword.matches(password) ? Optional.of(access.principal(dn)) : Optional.empty();
    }
    var entry = tree.getEntry(dn);
    if (entry == null || !entry.hasAttribute(AccessControl.PASSWORD)) {
      encoder.waste(password);
      return Optional.empty();
    }
    return tree.getPasswordsInEntry(entry, new ASN1OctetString(password)).isEmpty()
        ? Optional.empty()
        : Optional.of(access.principal(dn));
  }

  /// The DN that a user's name stands for: a DN itself, a uid or a sAMAccountName that one entry
  /// has, or `admin` for the built-in administrator.
  Optional<DN> find(String name) throws LDAPException {
    if (name.equals("admin")) return Optional.of(access.builtInAdministrator());
    if (name.indexOf('=') > 0 && DN.isValidDN(name)) return Optional.of(new DN(name, schema));
    var byName =
        Filter.createORFilter(
            Filter.createEqualityFilter("uid", name),
            Filter.createEqualityFilter("sAMAccountName", name));
    var found = new ArrayList<Entry>();
    for (DN base : bases)
      if (tree.getEntry(base) != null)
        found.addAll(tree.search(base.toString(), SearchScope.SUB, byName));
    return found.size() == 1
        ? Optional.of(new DN(found.getFirst().getDN(), schema))
        : Optional.empty();
  }

  /// The same principal, or nobody when its entry is gone since it was bound.
  Principal current(Principal bound) {
    return bound.name().isNullDN()
            || bound.name().equals(access.builtInAdministrator())
            || tree.getEntry(bound.name()) != null
        ? bound
        : Principal.ANONYMOUS;
  }
}
