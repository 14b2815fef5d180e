package dev.reeve.server.directory.embedded;

import com.unboundid.asn1.ASN1Exception;
import com.unboundid.asn1.ASN1Integer;
import com.unboundid.asn1.ASN1OctetString;
import com.unboundid.ldap.listener.LDAPListenerClientConnection;
import com.unboundid.ldap.listener.SearchEntryParer;
import com.unboundid.ldap.protocol.LDAPMessage;
import com.unboundid.ldap.protocol.SearchRequestProtocolOp;
import com.unboundid.ldap.protocol.SearchResultDoneProtocolOp;
import com.unboundid.ldap.sdk.Attribute;
import com.unboundid.ldap.sdk.Control;
import com.unboundid.ldap.sdk.Entry;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.controls.SimplePagedResultsControl;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Sends what a search found, reduced to what its client may see before anything is counted:
/// neither a page's total nor a size limit tells of a hidden entry.
final class SearchAnswer {
  private final DurableTree tree;
  private final AccessControl access;
  private final SearchCollector collector;
  private final LDAPListenerClientConnection client;

  SearchAnswer(
      DurableTree tree,
      AccessControl access,
      SearchCollector collector,
      LDAPListenerClientConnection client) {
    this.tree = tree;
    this.access = access;
    this.collector = collector;
    this.client = client;
  }

  /// @param controls those that may be used, paged results included
  LDAPMessage answer(int id, Principal who, SearchRequestProtocolOp request, List<Control> controls)
      throws LDAPException {
    var page = page(controls);
    var passed = RequestControls.asPlainEntries(controls);
    passed.removeIf(c -> c.getOID().equals(SimplePagedResultsControl.PAGED_RESULTS_OID));
    var result = tree.read(() -> collector.search(id, request, passed));
    var done = result.done().getSearchResultDoneProtocolOp();
    if (done.getResultCode() != ResultCode.SUCCESS_INT_VALUE) return result.done();

    var visible = visible(who, result.entries());
    int from = page.map(p -> Math.min(p.from(), visible.size())).orElse(0);
    int to =
        page.map(p -> Math.min((long) from + p.size(), visible.size()))
            .orElse((long) visible.size())
            .intValue();
    boolean cut = request.getSizeLimit() > 0 && to - from > request.getSizeLimit();
    int end = cut ? from + request.getSizeLimit() : to;
    send(id, who, request, visible.subList(from, end));
    var code = cut ? ResultCode.SIZE_LIMIT_EXCEEDED : ResultCode.SUCCESS;
    return new LDAPMessage(
        id,
        new SearchResultDoneProtocolOp(code.intValue(), null, null, null),
        page.map(_ -> List.<Control>of(nextPage(visible.size(), end))).orElse(List.of()));
  }

  private record Page(int from, int size) {}

  private static Optional<Page> page(List<Control> controls) throws LDAPException {
    for (var control : controls) {
      if (!control.getOID().equals(SimplePagedResultsControl.PAGED_RESULTS_OID)) continue;
      var paged =
          new SimplePagedResultsControl(control.getOID(), control.isCritical(), control.getValue());
      var cookie = paged.getCookie();
      try {
        int from =
            cookie == null || cookie.getValueLength() == 0
                ? 0
                : ASN1Integer.decodeAsInteger(cookie.getValue()).intValue();
        if (from < 0 || paged.getSize() < 0) throw new IllegalArgumentException("negative");
        return Optional.of(new Page(from, paged.getSize()));
      } catch (ASN1Exception | IllegalArgumentException e) {
        throw new LDAPException(ResultCode.PROTOCOL_ERROR, "malformed paged results control", e);
      }
    }
    return Optional.empty();
  }

  private static Control nextPage(int total, int end) {
    var cookie =
        end < total ? new ASN1OctetString(new ASN1Integer(end).encode()) : new ASN1OctetString();
    return new SimplePagedResultsControl(total, cookie, false);
  }

  private List<Entry> visible(Principal who, List<Entry> found) throws LDAPException {
    var visible = new ArrayList<Entry>(found.size());
    for (var entry : found) {
      if (access.mayRead(who, entry.getParsedDN())) visible.add(entry);
    }
    return visible;
  }

  private void send(int id, Principal who, SearchRequestProtocolOp request, List<Entry> entries)
      throws LDAPException {
    var parer = new SearchEntryParer(request.getAttributes(), tree.memory().getSchema());
    for (var entry : entries) {
      var readable = new Entry(entry.getDN());
      for (var attribute : entry.getAttributes()) {
        if (access.mayRead(who, attribute.getName())) readable.addAttribute(attribute);
      }
      var pared = parer.pareEntry(readable);
      client.sendSearchResultEntry(id, request.typesOnly() ? typesOnly(pared) : pared);
    }
  }

  private static Entry typesOnly(Entry entry) {
    return new Entry(
        entry.getDN(),
        entry.getAttributes().stream().map(a -> new Attribute(a.getName())).toList());
  }
}
