package dev.reeve.server.directory.ldap;

import com.unboundid.asn1.ASN1OctetString;
import com.unboundid.ldap.sdk.AsyncRequestID;
import com.unboundid.ldap.sdk.AsyncSearchResultListener;
import com.unboundid.ldap.sdk.IntermediateResponse;
import com.unboundid.ldap.sdk.IntermediateResponseListener;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SearchResult;
import com.unboundid.ldap.sdk.SearchResultEntry;
import com.unboundid.ldap.sdk.SearchResultReference;
import com.unboundid.ldap.sdk.controls.ContentSyncDoneControl;
import com.unboundid.ldap.sdk.controls.ContentSyncInfoIntermediateResponse;
import com.unboundid.ldap.sdk.controls.ContentSyncStateControl;
import com.unboundid.util.Nullable;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// What an RFC 4533 search says, in the order it says it: written by the connection's thread, read
/// by the feed's.
final class SyncMessages implements AsyncSearchResultListener, IntermediateResponseListener {

  private static final long serialVersionUID = 1;

  sealed interface Message {

    /// The place in the directory's history, where the message gives one.
    Optional<byte[]> cookie();

    record Entry(SeenEntry seen, Optional<byte[]> cookie) implements Message {}

    /// Unchanged since the cookie of the request.
    record Present(List<UUID> ids, Optional<byte[]> cookie) implements Message {}

    record Deleted(List<UUID> ids, Optional<byte[]> cookie) implements Message {}

    record Cookie(Optional<byte[]> cookie) implements Message {}

    /// @param present a present phase ends: what it did not name is gone
    /// @param last the refresh ends
    record PhaseEnd(boolean present, boolean last, Optional<byte[]> cookie) implements Message {}

    /// The search itself ends.
    record Done(ResultCode code, String said, Optional<byte[]> cookie) implements Message {}
  }

  private final transient EntryReader reader;
  private final LinkedBlockingQueue<Message> queue = new LinkedBlockingQueue<>();

  SyncMessages(EntryReader reader) {
    this.reader = reader;
  }

  Optional<Message> next(Duration wait) throws InterruptedException {
    return Optional.ofNullable(queue.poll(wait.toMillis(), TimeUnit.MILLISECONDS));
  }

  void drainTo(List<Message> batch) {
    queue.drainTo(batch);
  }

  @Override
  public void searchEntryReturned(SearchResultEntry entry) {
    try {
      ContentSyncStateControl control = ContentSyncStateControl.get(entry);
      if (control == null) throw protocol("an entry came without its state");
      Optional<byte[]> cookie = cookie(control.getCookie());
      UUID id = control.getEntryUUID();
      queue.add(
          switch (control.getState()) {
            case PRESENT -> new Message.Present(List.of(id), cookie);
            case DELETE -> new Message.Deleted(List.of(id), cookie);
            case ADD, MODIFY -> new Message.Entry(reader.read(entry, Optional.of(id)), cookie);
          });
    } catch (LDAPException | FeedException e) {
      fail(e);
    }
  }

  @Override
  public void intermediateResponseReturned(IntermediateResponse response) {
    if (!ContentSyncInfoIntermediateResponse.SYNC_INFO_OID.equals(response.getOID())) return;
    try {
      var info = ContentSyncInfoIntermediateResponse.decode(response);
      Optional<byte[]> cookie = cookie(info.getCookie());
      List<UUID> ids = Optional.ofNullable(info.getEntryUUIDs()).orElse(List.of());
      queue.add(
          switch (info.getType()) {
            case NEW_COOKIE -> new Message.Cookie(cookie);
            case REFRESH_DELETE -> new Message.PhaseEnd(false, info.refreshDone(), cookie);
            case REFRESH_PRESENT -> new Message.PhaseEnd(true, info.refreshDone(), cookie);
            case SYNC_ID_SET ->
                info.refreshDeletes()
                    ? new Message.Deleted(ids, cookie)
                    : new Message.Present(ids, cookie);
          });
    } catch (LDAPException e) {
      fail(e);
    }
  }

  @Override
  public void searchReferenceReturned(SearchResultReference reference) {
    // another server's part of the tree: not ours to read
  }

  @Override
  public void searchResultReceived(AsyncRequestID requestId, SearchResult result) {
    Optional<byte[]> cookie = Optional.empty();
    try {
      ContentSyncDoneControl control = ContentSyncDoneControl.get(result);
      if (control != null) cookie = cookie(control.getCookie());
    } catch (LDAPException _) {
      // no cookie: the next refresh starts from the last one
    }
    String said = Optional.ofNullable(result.getDiagnosticMessage()).orElse("the search ended");
    queue.add(new Message.Done(result.getResultCode(), said, cookie));
  }

  private void fail(Exception e) {
    queue.add(
        new Message.Done(
            ResultCode.E_SYNC_REFRESH_REQUIRED, String.valueOf(e.getMessage()), Optional.empty()));
  }

  private static LDAPException protocol(String what) {
    return new LDAPException(ResultCode.PROTOCOL_ERROR, what);
  }

  private static Optional<byte[]> cookie(@Nullable ASN1OctetString value) {
    return Optional.ofNullable(value).map(ASN1OctetString::getValue).filter(c -> c.length > 0);
  }
}
