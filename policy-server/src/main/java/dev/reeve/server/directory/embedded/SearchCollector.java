package dev.reeve.server.directory.embedded;

import com.unboundid.ldap.listener.InMemoryRequestHandler;
import com.unboundid.ldap.listener.SearchEntryTransformer;
import com.unboundid.ldap.protocol.LDAPMessage;
import com.unboundid.ldap.protocol.SearchRequestProtocolOp;
import com.unboundid.ldap.protocol.SearchResultEntryProtocolOp;
import com.unboundid.ldap.sdk.Control;
import com.unboundid.ldap.sdk.Entry;
import com.unboundid.util.ObjectPair;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Takes the entries of a search off their way to the client. The in-memory tree holds its lock
/// while it sends, so that one client that reads slowly would stop every write; and only its own
/// search uses the equality indexes. So we let it search, catch what it sends, and send later,
/// without a lock, what the client may see.
///
/// One per connection, used by that connection's thread alone.
final class SearchCollector implements SearchEntryTransformer {
  private static final List<String> EVERYTHING = List.of("*", "+");

  private final InMemoryRequestHandler memory;
  private List<Entry> found = new ArrayList<>();
  private boolean collecting;

  SearchCollector(InMemoryRequestHandler memory) {
    this.memory = memory;
  }

  /// @param done the tree's own answer, to be passed on when it is not a success
  record Result(LDAPMessage done, List<Entry> entries) {}

  /// Whole entries, whatever attributes and limits the request names.
  Result search(int id, SearchRequestProtocolOp request, List<Control> controls) {
    found = new ArrayList<>();
    collecting = true;
    try {
      var whole =
          new SearchRequestProtocolOp(
              request.getBaseDN(),
              request.getScope(),
              request.getDerefPolicy(),
              0,
              0,
              false,
              request.getFilter(),
              EVERYTHING);
      return new Result(memory.processSearchRequest(id, whole, controls), found);
    } finally {
      collecting = false;
    }
  }

  @Override
  public @Nullable ObjectPair<SearchResultEntryProtocolOp, Control[]> transformEntry(
      int messageId, SearchResultEntryProtocolOp entry, Control[] controls) {
    if (!collecting) return new ObjectPair<>(entry, controls);
    found.add(new Entry(entry.getDN(), memory.getSchema(), entry.getAttributes()));
    return null;
  }
}
