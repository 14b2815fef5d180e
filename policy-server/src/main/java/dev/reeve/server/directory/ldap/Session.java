package dev.reeve.server.directory.ldap;

import com.unboundid.ldap.sdk.DereferencePolicy;
import com.unboundid.ldap.sdk.Entry;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SearchRequest;
import com.unboundid.ldap.sdk.SearchScope;
import dev.reeve.model.gp.Dn;
import dev.reeve.server.directory.ldap.FeedException.Kind;
import java.util.Optional;

/// A server that answers: a connection for the feed and, when asked for, a second one for looks in
/// between.
final class Session implements AutoCloseable {

  private final Dialer dialer;
  private final LdapAddress address;
  private final LDAPConnection connection;
  private final RootDse root;
  private final EntryReader reader;
  private Optional<LDAPConnection> second = Optional.empty();

  Session(Dialer dialer, LdapAddress address, LDAPConnection connection) throws FeedException {
    this.dialer = dialer;
    this.address = address;
    this.connection = connection;
    try {
      this.root = RootDse.read(connection);
    } catch (LDAPException e) {
      connection.close();
      throw down(e);
    }
    this.reader = new EntryReader(root.highestUsn().isPresent() ? root.controller() : "");
  }

  LdapAddress address() {
    return address;
  }

  LDAPConnection connection() {
    return connection;
  }

  RootDse root() {
    return root;
  }

  EntryReader reader() {
    return reader;
  }

  private LDAPConnection second() throws FeedException {
    if (second.filter(LDAPConnection::isConnected).isEmpty()) {
      second.ifPresent(LDAPConnection::close);
      second = Optional.of(dialer.open(address));
    }
    return second.orElseThrow();
  }

  /// One entry as it is now, beside the feed; empty when it is not there or may not be seen.
  Optional<SeenEntry> look(Dn dn) throws FeedException {
    try {
      var request =
          new SearchRequest(
              dn.toString(), SearchScope.BASE, "(objectClass=*)", EntryReader.attributes());
      Entry found = second().searchForEntry(request);
      if (found == null) return Optional.empty();
      Entry whole = AdSearch.complete(second(), found);
      return Optional.of(reader.read(AdSearch.withDescriptor(second(), whole, root)));
    } catch (LDAPException e) {
      if (e.getResultCode() == ResultCode.NO_SUCH_OBJECT
          || e.getResultCode() == ResultCode.INSUFFICIENT_ACCESS_RIGHTS) return Optional.empty();
      throw down(e);
    }
  }

  /// Whether there are entries below one, none of which we are shown. Asked when it looks like
  /// that: some may just have gone, or come.
  boolean hidesChildren(Dn parent) throws FeedException {
    return look(parent).filter(SeenEntry::parent).isPresent() && !showsChild(parent);
  }

  private boolean showsChild(Dn parent) throws FeedException {
    try {
      var request =
          new SearchRequest(
              parent.toString(),
              SearchScope.ONE,
              DereferencePolicy.NEVER,
              1,
              0,
              false,
              Filter.createPresenceFilter("objectClass"),
              "1.1");
      return second().search(request).getEntryCount() > 0;
    } catch (LDAPException e) {
      if (e.getResultCode() == ResultCode.SIZE_LIMIT_EXCEEDED) return true;
      if (e.getResultCode() == ResultCode.NO_SUCH_OBJECT
          || e.getResultCode() == ResultCode.INSUFFICIENT_ACCESS_RIGHTS) return false;
      throw down(e);
    }
  }

  /// Whether an entry that we are not shown any more is really gone: the nearest entry above it
  /// that is shown has no more entries below it than we are shown. False where a directory keeps no
  /// count, or it is another one.
  boolean isGone(Dn dn) throws FeedException {
    Optional<Dn> above = dn.parent();
    while (above.isPresent()) {
      Optional<Boolean> all = showsAllBelow(above.get());
      if (all.isPresent()) return all.get();
      above = above.get().parent();
    }
    return false;
  }

  /// @return empty when it is not shown itself
  private Optional<Boolean> showsAllBelow(Dn parent) throws FeedException {
    try {
      Entry found =
          second()
              .getEntry(
                  parent.toString(), EntryReader.HAS_SUBORDINATES, EntryReader.NUM_SUBORDINATES);
      if (found == null) return Optional.empty();
      if ("FALSE".equalsIgnoreCase(found.getAttributeValue(EntryReader.HAS_SUBORDINATES)))
        return Optional.of(true);
      Integer count = found.getAttributeValueAsInteger(EntryReader.NUM_SUBORDINATES);
      if (count == null) return Optional.of(false);
      var request = new SearchRequest(parent.toString(), SearchScope.ONE, "(objectClass=*)", "1.1");
      return Optional.of(second().search(request).getEntryCount() >= count);
    } catch (LDAPException e) {
      if (e.getResultCode() == ResultCode.NO_SUCH_OBJECT
          || e.getResultCode() == ResultCode.INSUFFICIENT_ACCESS_RIGHTS) return Optional.empty();
      if (e.getResultCode() == ResultCode.SIZE_LIMIT_EXCEEDED) return Optional.of(false);
      throw down(e);
    }
  }

  FeedException down(LDAPException e) {
    return new FeedException(Kind.DOWN, address + ": " + Dialer.said(e), e);
  }

  @Override
  public void close() {
    connection.close();
    second.ifPresent(LDAPConnection::close);
  }
}
