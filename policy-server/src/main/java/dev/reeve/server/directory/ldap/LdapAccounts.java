package dev.reeve.server.directory.ldap;

import com.unboundid.ldap.sdk.Entry;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SearchRequest;
import com.unboundid.ldap.sdk.SearchScope;
import dev.reeve.model.gp.Dn;
import dev.reeve.schema.names.LdapAttribute;
import dev.reeve.schema.names.LdapClass;
import dev.reeve.server.directory.DirectoryAccounts;
import dev.reeve.server.directory.DirectoryException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// People's passwords and new computers in an external directory, each on a connection of its own.
public final class LdapAccounts implements DirectoryAccounts {

  private static final int WORKSTATION_TRUST_ACCOUNT = 4096;

  private final LdapConfig config;
  private final Dialer dialer;

  public LdapAccounts(LdapConfig config) {
    this.config = config;
    this.dialer = new Dialer(config);
  }

  @Override
  public Optional<String> login(String user, String password) throws DirectoryException {
    if (user.isEmpty() || password.isEmpty())
      return Optional.empty(); // LDAP would call that anonymous and say yes
    try {
      Optional<String> name = findUser(user);
      return name.isPresent() && isRight(name.get(), password) ? name : Optional.empty();
    } catch (FeedException e) {
      throw new DirectoryException(e.text(), e);
    }
  }

  private boolean isRight(String dn, String password) throws FeedException {
    try (LDAPConnection connection = dialer.openForLogin()) {
      connection.bind(dn, password);
      return true;
    } catch (LDAPException e) {
      if (e.getResultCode().isConnectionUsable()) return false;
      throw new FeedException(FeedException.Kind.DOWN, Dialer.said(e), e);
    }
  }

  /// By DN, or by any of the names people type; two entries of one name are nobody.
  private Optional<String> findUser(String user) throws FeedException {
    Optional<Dn> dn = Dn.find(user);
    if (dn.isPresent()) return Optional.of(user);
    String account = user.substring(user.lastIndexOf('\\') + 1); // DOMAIN\account
    Filter filter =
        Filter.createORFilter(
            Filter.createEqualityFilter("uid", account),
            Filter.createEqualityFilter(LdapAttribute.SAM_ACCOUNT_NAME.ldapName(), account),
            Filter.createEqualityFilter("userPrincipalName", user));
    try (Session session = dialer.open()) {
      var request = new SearchRequest(config.baseDn().toString(), SearchScope.SUB, filter, "1.1");
      request.setSizeLimit(2);
      var found =
          Optional.ofNullable(session.connection().search(request).getSearchEntries())
              .orElse(List.of());
      return found.size() == 1 ? Optional.of(found.getFirst().getDN()) : Optional.empty();
    } catch (LDAPException e) {
      if (e.getResultCode() == ResultCode.SIZE_LIMIT_EXCEEDED) return Optional.empty();
      throw new FeedException(FeedException.Kind.DOWN, Dialer.said(e), e);
    }
  }

  @Override
  public String createComputer(Dn dn, String name) throws DirectoryException {
    try (Session session = dialer.open()) {
      var entry = new Entry(dn.toString());
      entry.addAttribute(
          LdapAttribute.OBJECT_CLASS.ldapName(),
          List.of(LdapClass.TOP.ldapName(), LdapClass.COMPUTER.ldapName()));
      entry.addAttribute(LdapAttribute.CN.ldapName(), name);
      if (session.root().highestUsn().isPresent()) {
        entry.setAttribute(LdapAttribute.OBJECT_CLASS.ldapName(), LdapClass.COMPUTER.ldapName());
        entry.addAttribute(
            LdapAttribute.SAM_ACCOUNT_NAME.ldapName(), name.toUpperCase(Locale.ROOT) + "$");
        entry.addAttribute("userAccountControl", Integer.toString(WORKSTATION_TRUST_ACCOUNT));
      }
      session.connection().add(entry);
      return session
          .look(dn)
          .map(seen -> seen.id().toString())
          .orElseThrow(() ->
              new DirectoryException(
                  dn + " was made, and " + config.account() + " may not read it"));
    } catch (LDAPException e) {
      throw new DirectoryException("cannot make " + dn + ": " + Dialer.said(e), e);
    } catch (FeedException e) {
      throw new DirectoryException("cannot make " + dn + ": " + e.text(), e);
    }
  }
}
