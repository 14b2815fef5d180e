package dev.reeve.scenarios.verbs;

import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.Modification;
import com.unboundid.ldap.sdk.ModificationType;
import com.unboundid.ldap.sdk.RootDSE;
import com.unboundid.ldap.sdk.SearchResult;
import com.unboundid.ldap.sdk.SearchScope;
import dev.reeve.cli.lab.LabException;

/// What the directory shows and lets do without a bind.
final class AnonymousLdap {

  private AnonymousLdap() {}

  static void check(int port) throws LabException {
    try (var connection = new LDAPConnection("127.0.0.1", port)) {
      RootDSE root = connection.getRootDSE();
      String[] contexts = root == null ? null : root.getNamingContextDNs();
      if (contexts == null || contexts.length == 0) {
        throw new LabException("the root DSE names no directory");
      }
      String base = contexts[0];
      for (SearchScope scope : new SearchScope[] {SearchScope.BASE, SearchScope.SUB}) {
        refusesSearch(connection, base, scope);
      }
      refusesWrite(connection, base);
    } catch (LDAPException e) {
      throw new LabException("the root DSE cannot be read", e);
    }
  }

  private static void refusesSearch(LDAPConnection connection, String base, SearchScope scope)
      throws LabException {
    try {
      SearchResult result = connection.search(base, scope, "(objectClass=*)");
      if (result.getEntryCount() > 0) {
        throw new LabException("anonymous reads " + result.getEntryCount() + " entries of " + base);
      }
    } catch (LDAPException _) {
      // Refused, as it should be.
    }
  }

  private static void refusesWrite(LDAPConnection connection, String base) throws LabException {
    try {
      connection.modify(base, new Modification(ModificationType.REPLACE, "description", "mine"));
    } catch (LDAPException e) {
      return;
    }
    throw new LabException("anonymous may write " + base);
  }
}
