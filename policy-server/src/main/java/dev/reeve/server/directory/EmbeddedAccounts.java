package dev.reeve.server.directory;

import com.unboundid.ldap.sdk.Entry;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldif.LDIFAddChangeRecord;
import dev.reeve.model.gp.Dn;
import dev.reeve.schema.names.LdapAttribute;
import dev.reeve.schema.names.LdapClass;
import dev.reeve.server.directory.embedded.EmbeddedDirectory;
import java.util.Locale;
import java.util.Optional;

/// People's passwords and new computers in the embedded directory.
public final class EmbeddedAccounts implements DirectoryAccounts {

  private final EmbeddedDirectory directory;

  public EmbeddedAccounts(EmbeddedDirectory directory) {
    this.directory = directory;
  }

  @Override
  public Optional<String> login(String user, String password) throws DirectoryException {
    if (user.isEmpty() || password.isEmpty())
      return Optional.empty(); // LDAP would call that anonymous and say yes
    try {
      return directory.authenticate(user, password);
    } catch (LDAPException e) {
      throw new DirectoryException(String.valueOf(e.getMessage()), e);
    }
  }

  @Override
  public String createComputer(Dn dn, String name) throws DirectoryException {
    try {
      var entry = new Entry(dn.toString());
      entry.addAttribute(
          LdapAttribute.OBJECT_CLASS.ldapName(),
          LdapClass.TOP.ldapName(),
          LdapClass.COMPUTER.ldapName());
      entry.addAttribute(LdapAttribute.CN.ldapName(), name);
      directory.apply(new LDIFAddChangeRecord(entry));
      return directory
          .find(dn.toString())
          .map(made -> Optional.ofNullable(made.getAttributeValue("entryUUID")).orElseThrow())
          .map(guid -> guid.toLowerCase(Locale.ROOT))
          .orElseThrow(() -> new DirectoryException(dn + " was made and cannot be read"));
    } catch (LDAPException e) {
      throw new DirectoryException("cannot make " + dn + ": " + e.getMessage(), e);
    }
  }
}
