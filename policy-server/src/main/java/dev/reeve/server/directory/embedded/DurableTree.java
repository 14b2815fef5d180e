package dev.reeve.server.directory.embedded;

import com.unboundid.ldap.listener.InMemoryRequestHandler;
import com.unboundid.ldap.protocol.AddRequestProtocolOp;
import com.unboundid.ldap.protocol.AddResponseProtocolOp;
import com.unboundid.ldap.protocol.DeleteRequestProtocolOp;
import com.unboundid.ldap.protocol.DeleteResponseProtocolOp;
import com.unboundid.ldap.protocol.GenericResponseProtocolOp;
import com.unboundid.ldap.protocol.LDAPMessage;
import com.unboundid.ldap.protocol.ModifyDNRequestProtocolOp;
import com.unboundid.ldap.protocol.ModifyDNResponseProtocolOp;
import com.unboundid.ldap.protocol.ModifyRequestProtocolOp;
import com.unboundid.ldap.protocol.ModifyResponseProtocolOp;
import com.unboundid.ldap.sdk.Control;
import com.unboundid.ldap.sdk.DN;
import com.unboundid.ldap.sdk.Entry;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.LDAPResult;
import com.unboundid.ldap.sdk.RDN;
import com.unboundid.ldap.sdk.ReadOnlyEntry;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SearchScope;
import com.unboundid.ldif.LDIFAddChangeRecord;
import com.unboundid.ldif.LDIFChangeRecord;
import com.unboundid.ldif.LDIFDeleteChangeRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The tree in memory, its store and its listeners, behind one lock. Under the write lock: apply,
/// append to the journal and sync, tell the listeners, answer. So journal order is the order of
/// application, and under the read lock nothing is seen that a crash could take back.
final class DurableTree {
  private static final Logger LOG = LoggerFactory.getLogger("directory");

  private final InMemoryRequestHandler memory;
  private final Store store;
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock(true);
  private final List<Consumer<List<Change>>> listeners = new ArrayList<>();
  private volatile Optional<String> readOnly = Optional.empty();

  /// What a successful request did: the records that repeat it and the change that is told.
  private record Effect(List<LDIFChangeRecord> records, Change change) {}

  @FunctionalInterface
  private interface EffectOf {
    Effect read() throws LDAPException;
  }

  DurableTree(InMemoryRequestHandler memory, Store store) {
    this.memory = memory;
    this.store = store;
  }

  InMemoryRequestHandler memory() {
    return memory;
  }

  /// Why nothing can be written any more, if so.
  Optional<String> readOnlyReason() {
    return readOnly;
  }

  <T> T read(Supplier<T> reading) {
    lock.readLock().lock();
    try {
      return reading.get();
    } finally {
      lock.readLock().unlock();
    }
  }

  List<Entry> search(DN base, SearchScope scope, Filter filter) throws LDAPException {
    lock.readLock().lock();
    try {
      return List.copyOf(memory.search(base.toString(), scope, filter));
    } finally {
      lock.readLock().unlock();
    }
  }

  /// Every entry, parents first, with its operational attributes and without its passwords.
  List<Entry> readAll() {
    return read(() -> subtree("").stream().map(DurableTree::withoutPassword).toList());
  }

  /// The state now, and every later change to the listener, in order; nothing falls between the
  /// two.
  List<Entry> follow(Consumer<List<Change>> listener) {
    lock.writeLock().lock();
    try {
      listeners.add(listener);
      return readAll();
    } finally {
      lock.writeLock().unlock();
    }
  }

  LDAPMessage add(
      InMemoryRequestHandler as, int id, AddRequestProtocolOp request, List<Control> controls) {
    return write(
        () -> as.processAddRequest(id, request, controls),
        () -> upsert(request.getDN()),
        failure -> new LDAPMessage(id, new AddResponseProtocolOp(failure)));
  }

  LDAPMessage modify(
      InMemoryRequestHandler as, int id, ModifyRequestProtocolOp request, List<Control> controls) {
    return write(
        () -> as.processModifyRequest(id, request, controls),
        () -> upsert(request.getDN()),
        failure -> new LDAPMessage(id, new ModifyResponseProtocolOp(failure)));
  }

  LDAPMessage delete(
      InMemoryRequestHandler as, int id, DeleteRequestProtocolOp request, List<Control> controls) {
    return write(
        () -> as.processDeleteRequest(id, request, controls),
        () ->
            new Effect(
                List.of(new LDIFDeleteChangeRecord(request.getDN())),
                new Change.Delete(request.getDN())),
        failure -> new LDAPMessage(id, new DeleteResponseProtocolOp(failure)));
  }

  LDAPMessage modifyDn(
      InMemoryRequestHandler as,
      int id,
      ModifyDNRequestProtocolOp request,
      List<Control> controls) {
    try {
      newDn(request);
    } catch (LDAPException e) {
      return new LDAPMessage(id, new ModifyDNResponseProtocolOp(e.toLDAPResult()));
    }
    return write(
        () -> as.processModifyDNRequest(id, request, controls),
        () -> move(request),
        failure -> new LDAPMessage(id, new ModifyDNResponseProtocolOp(failure)));
  }

  /// The name a rename leads to. The tree behind us would move an entry below itself and tear its
  /// subtree apart, so that is refused here.
  DN newDn(ModifyDNRequestProtocolOp request) throws LDAPException {
    var schema = memory.getSchema();
    var oldDn = new DN(request.getDN(), schema);
    var superior = request.getNewSuperiorDN();
    var parent = superior == null ? oldDn.getParent() : new DN(superior, schema);
    if (parent != null && parent.isDescendantOf(oldDn, true)) {
      throw new LDAPException(
          ResultCode.UNWILLING_TO_PERFORM, "%s cannot move below itself".formatted(oldDn));
    }
    var rdn = new RDN(request.getNewRDN(), schema);
    return parent == null ? new DN(rdn) : new DN(rdn, parent);
  }

  /// Ends writing, after the write that is under way.
  void close() throws IOException {
    lock.writeLock().lock();
    try {
      readOnly = Optional.of("the directory is closed");
      store.close();
    } finally {
      lock.writeLock().unlock();
    }
  }

  private LDAPMessage write(
      Supplier<LDAPMessage> apply, EffectOf effectOf, Function<LDAPResult, LDAPMessage> refusal) {
    lock.writeLock().lock();
    try {
      if (readOnly.isPresent()) {
        return refusal.apply(result(ResultCode.UNWILLING_TO_PERFORM, readOnly.get()));
      }
      int before = memory.countEntries(false);
      var answer = apply.get();
      if (!succeeded(answer)) return answer;
      Effect effect;
      try {
        effect = effectOf.read();
        store.append(effect.records());
      } catch (IOException | LDAPException | RuntimeException e) {
        return refusal.apply(result(ResultCode.OTHER, stopWriting(e)));
      }
      tell(effect.change());
      SizeWarning.between(before, memory.countEntries(false)).ifPresent(LOG::warn);
      rotateWhenDue();
      return answer;
    } finally {
      lock.writeLock().unlock();
    }
  }

  /// The memory now holds a change that the disk may or may not hold. Only a restart can tell, so
  /// until then nothing more is built on it.
  private String stopWriting(Exception cause) {
    var reason =
        "the directory is read-only until the server is restarted, and whether the write that failed is kept shows only then: "
            + cause;
    readOnly = Optional.of(reason);
    LOG.atError()
        .setCause(cause)
        .log("cannot write the journal: the directory is read-only; mend the disk and restart");
    return reason;
  }

  private void rotateWhenDue() {
    if (!store.rotationDue()) return;
    try {
      store.rotate(subtree(""));
    } catch (IOException | RuntimeException e) {
      stopWriting(e);
    }
  }

  private void tell(Change change) {
    for (var listener : listeners) {
      try {
        listener.accept(List.of(change));
      } catch (RuntimeException e) {
        LOG.atError()
            .addKeyValue("change", change.getClass().getSimpleName())
            .setCause(e)
            .log("a listener failed on a change; what it knows may be out of date");
      }
    }
  }

  private Effect upsert(String dn) throws LDAPException {
    var entry = stored(dn);
    return new Effect(
        List.of(new LDIFAddChangeRecord(entry)), new Change.Upsert(withoutPassword(entry)));
  }

  private Effect move(ModifyDNRequestProtocolOp request) throws LDAPException {
    var moved = subtree(newDn(request).toString());
    var records = new ArrayList<LDIFChangeRecord>();
    records.add(new LDIFDeleteChangeRecord(request.getDN()));
    for (var entry : moved) records.add(new LDIFAddChangeRecord(entry));
    return new Effect(
        records,
        new Change.Move(
            request.getDN(), moved.stream().map(DurableTree::withoutPassword).toList()));
  }

  private ReadOnlyEntry stored(String dn) throws LDAPException {
    var entry = memory.getEntry(dn);
    if (entry == null) throw new IllegalStateException(dn + " was written and is not there");
    return entry;
  }

  private List<ReadOnlyEntry> subtree(String top) {
    try {
      return memory.search(top, SearchScope.SUB, Filter.createPresenceFilter("objectClass"));
    } catch (LDAPException e) {
      throw new IllegalStateException("cannot read " + top, e);
    }
  }

  private static Entry withoutPassword(Entry entry) {
    if (!entry.hasAttribute(AccessControl.PASSWORD)) return entry;
    var copy = entry.duplicate();
    copy.removeAttribute(AccessControl.PASSWORD);
    return new ReadOnlyEntry(copy);
  }

  private static boolean succeeded(LDAPMessage answer) {
    return answer.getProtocolOp() instanceof GenericResponseProtocolOp op
        && op.getResultCode() == ResultCode.SUCCESS_INT_VALUE;
  }

  private static LDAPResult result(ResultCode code, String reason) {
    return new LDAPResult(0, code, reason, null, (String[]) null, (Control[]) null);
  }
}
