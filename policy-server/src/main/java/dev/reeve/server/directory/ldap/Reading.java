package dev.reeve.server.directory.ldap;

import com.unboundid.asn1.ASN1OctetString;
import com.unboundid.ldap.sdk.Control;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SearchRequest;
import com.unboundid.ldap.sdk.SearchResultEntry;
import com.unboundid.ldap.sdk.SearchResultListener;
import com.unboundid.ldap.sdk.SearchResultReference;
import com.unboundid.ldap.sdk.SearchScope;
import com.unboundid.ldap.sdk.controls.SimplePagedResultsControl;
import dev.reeve.server.directory.ldap.FeedException.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One search, whole or not at all.
final class Reading {

  /// Takes an entry that was found.
  @FunctionalInterface
  interface Taker {
    void take(SearchResultEntry entry) throws FeedException, LDAPException;
  }

  private final Session session;
  private final LdapConfig config;
  private final int page;

  /// @param page entries per answer; 0 = all in one, for servers that do not limit it
  Reading(Session session, LdapConfig config, int page) {
    this.session = session;
    this.config = config;
    this.page = page;
  }

  /// Everything below a base.
  void all(String base, String filter, String[] attributes, List<Control> controls, Taker taker)
      throws FeedException {
    Optional<ASN1OctetString> more = Optional.empty();
    do {
      var found = new ArrayList<SearchResultEntry>();
      more = onePage(base, filter, attributes, controls, more, found);
      try {
        for (SearchResultEntry entry : found) taker.take(entry);
      } catch (LDAPException e) {
        throw failed(base, e);
      }
    } while (more.isPresent());
  }

  private Optional<ASN1OctetString> onePage(
      String base,
      String filter,
      String[] attributes,
      List<Control> controls,
      Optional<ASN1OctetString> from,
      List<SearchResultEntry> found)
      throws FeedException {
    try {
      var request =
          new SearchRequest(new Collecting(found), base, SearchScope.SUB, filter, attributes);
      request.setControls(controls);
      if (page > 0)
        request.addControl(new SimplePagedResultsControl(page, from.orElse(null), true));
      var result = session.connection().search(request);
      var answer = page > 0 ? SimplePagedResultsControl.get(result) : null;
      return answer == null || !answer.moreResultsToReturn()
          ? Optional.empty()
          : Optional.ofNullable(answer.getCookie());
    } catch (LDAPException e) {
      throw failed(base, e);
    }
  }

  FeedException failed(String base, LDAPException e) {
    ResultCode code = e.getResultCode();
    String said = session.address() + ": " + Dialer.said(e);
    if (code == ResultCode.SIZE_LIMIT_EXCEEDED
        || code == ResultCode.ADMIN_LIMIT_EXCEEDED
        || code == ResultCode.TIME_LIMIT_EXCEEDED)
      return new FeedException(Kind.INCOMPLETE, Advice.limit(session.root(), config, said), e);
    if (code == ResultCode.NO_SUCH_OBJECT)
      return new FeedException(
          Kind.RIGHTS,
          base.equals(config.baseDn().toString())
              ? Advice.noBase(session.root(), config)
              : "there is no " + base + ", or " + config.account() + " may not see it",
          e);
    if (code == ResultCode.INSUFFICIENT_ACCESS_RIGHTS)
      return new FeedException(
          Kind.RIGHTS, Advice.rights(session.root(), config, config.baseDn(), said), e);
    return session.down(e);
  }

  private record Collecting(List<SearchResultEntry> found) implements SearchResultListener {
    @Override
    public void searchEntryReturned(SearchResultEntry entry) {
      found.add(entry);
    }

    @Override
    public void searchReferenceReturned(SearchResultReference reference) {
      // another server's part of the tree: not ours to read
    }
  }
}
