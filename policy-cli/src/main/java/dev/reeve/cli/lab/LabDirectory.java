package dev.reeve.cli.lab;

import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPConnectionOptions;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.Modification;
import com.unboundid.ldap.sdk.ModificationType;
import com.unboundid.ldap.sdk.RootDSE;
import com.unboundid.ldap.sdk.SearchResultEntry;
import com.unboundid.ldap.sdk.SearchScope;
import com.unboundid.ldif.LDIFChangeRecord;
import com.unboundid.ldif.LDIFException;
import com.unboundid.ldif.LDIFReader;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The embedded directory over LDAP, as an administrator's tools see it.
public final class LabDirectory implements AutoCloseable {

  private static final int PATIENCE_MILLIS = 30_000;

  private final LDAPConnection connection;
  private final String base;

  private LabDirectory(LDAPConnection connection, String base) {
    this.connection = connection;
    this.base = base;
  }

  static LabDirectory open(int port, Path passwordFile) throws LabException {
    try {
      var options = new LDAPConnectionOptions();
      options.setConnectTimeoutMillis(PATIENCE_MILLIS);
      options.setResponseTimeoutMillis(PATIENCE_MILLIS);
      var connection = new LDAPConnection(options, "127.0.0.1", port);
      String base = base(connection);
      connection.bind("cn=admin," + base, Files.readString(passwordFile).strip());
      return new LabDirectory(connection, base);
    } catch (LDAPException | IOException e) {
      throw new LabException("cannot open the directory", e);
    }
  }

  /// The first naming context, which anyone may read.
  private static String base(LDAPConnection connection) throws LDAPException, LabException {
    RootDSE root = connection.getRootDSE();
    String[] contexts = root == null ? null : root.getNamingContextDNs();
    if (contexts == null || contexts.length == 0) {
      throw new LabException("the root DSE names no directory");
    }
    return contexts[0];
  }

  public String base() {
    return base;
  }

  public String bindDn() {
    return "cn=admin," + base;
  }

  /// The DN of a computer.
  public String computer(String cn) throws LabException {
    return only("(&(objectClass=computer)(cn=" + Filter.encodeValue(cn) + "))", "computer " + cn)
        .getDN();
  }

  /// The DN of a GPO.
  public String gpo(String displayName) throws LabException {
    return only(
            "(&(objectClass=groupPolicyContainer)(displayName="
                + Filter.encodeValue(displayName)
                + "))",
            "GPO '" + displayName + "'")
        .getDN();
  }

  /// The DN of an OU.
  public String ou(String name) throws LabException {
    return only(
            "(&(objectClass=organizationalUnit)(ou=" + Filter.encodeValue(name) + "))",
            "OU " + name)
        .getDN();
  }

  public int count(String filter) throws LabException {
    return search(filter).size();
  }

  private SearchResultEntry only(String filter, String what) throws LabException {
    List<SearchResultEntry> found = search(filter);
    if (found.size() != 1) {
      throw new LabException("the directory has " + found.size() + " of " + what + ", expected 1");
    }
    return found.getFirst();
  }

  private List<SearchResultEntry> search(String filter) throws LabException {
    try {
      List<SearchResultEntry> found =
          connection.search(base, SearchScope.SUB, filter, "*", "+").getSearchEntries();
      return found == null ? List.of() : found;
    } catch (LDAPException e) {
      throw new LabException("searching " + filter, e);
    }
  }

  public Optional<String> read(String dn, String attribute) throws LabException {
    try {
      return Optional.ofNullable(connection.getEntry(dn, attribute))
          .flatMap(entry -> Optional.ofNullable(entry.getAttributeValue(attribute)));
    } catch (LDAPException e) {
      throw new LabException("reading " + dn, e);
    }
  }

  /// The change that links a GPO with link order 1: its entry comes last in gPLink.
  public LinkChange linkFirst(String gpo, String som) throws LabException {
    return change(som, read(som, "gPLink").orElse("") + "[LDAP://" + gpo + ";0]");
  }

  /// The change that takes every link to a GPO away.
  public LinkChange unlink(String gpo, String som) throws LabException {
    String links = read(som, "gPLink").orElse("");
    String without =
        links.replaceAll("(?i)\\[LDAP://" + java.util.regex.Pattern.quote(gpo) + ";[0-9]+]", "");
    if (without.equals(links)) throw new LabException(som + " has no link to " + gpo);
    return change(som, without);
  }

  private static LinkChange change(String som, String links) {
    return new LinkChange(som, links.isBlank() ? Optional.empty() : Optional.of(links));
  }

  /// A new gPLink.
  ///
  /// @param links empty removes the attribute
  public record LinkChange(String som, Optional<String> links) {

    /// What `ldapmodify` takes.
    public String toLdif() {
      return "dn: "
          + som
          + "\nchangetype: modify\nreplace: gPLink\n"
          + links.map(value -> "gPLink: " + value + "\n").orElse("");
    }
  }

  public void apply(LinkChange change) throws LabException {
    var modification =
        change
            .links()
            .map(value -> new Modification(ModificationType.REPLACE, "gPLink", value))
            .orElseGet(() -> new Modification(ModificationType.REPLACE, "gPLink"));
    try {
      connection.modify(change.som(), modification);
    } catch (LDAPException e) {
      throw new LabException("modifying " + change.som(), e);
    }
  }

  /// Applies LDIF change records, in order; a record without `changetype` adds an entry.
  public void apply(String ldif) throws LabException {
    for (LDIFChangeRecord change : changes(ldif)) apply(change);
  }

  public static List<LDIFChangeRecord> changes(String ldif) throws LabException {
    var found = new ArrayList<LDIFChangeRecord>();
    try (var reader = new LDIFReader(new BufferedReader(new StringReader(ldif)))) {
      for (var next = reader.readChangeRecord(true);
          next != null;
          next = reader.readChangeRecord(true)) {
        found.add(next);
      }
    } catch (IOException | LDIFException e) {
      throw new LabException("no LDIF", e);
    }
    return found;
  }

  public void apply(LDIFChangeRecord change) throws LabException {
    try {
      change.processChange(connection);
    } catch (LDAPException e) {
      throw new LabException(change.getChangeType() + " " + change.getDN(), e);
    }
  }

  @Override
  public void close() {
    connection.close();
  }
}
