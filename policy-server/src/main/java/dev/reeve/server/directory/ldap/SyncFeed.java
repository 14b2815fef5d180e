package dev.reeve.server.directory.ldap;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.unboundid.asn1.ASN1OctetString;
import com.unboundid.ldap.sdk.AsyncRequestID;
import com.unboundid.ldap.sdk.DereferencePolicy;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SearchRequest;
import com.unboundid.ldap.sdk.SearchScope;
import com.unboundid.ldap.sdk.controls.ContentSyncRequestControl;
import com.unboundid.ldap.sdk.controls.ContentSyncRequestMode;
import dev.reeve.model.gp.Dn;
import dev.reeve.schema.names.LdapAttribute;
import dev.reeve.server.directory.ldap.FeedException.Kind;
import dev.reeve.server.directory.ldap.Picture.Event;
import dev.reeve.server.directory.ldap.SyncMessages.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// RFC 4533 refreshAndPersist: a refresh, which is everything or what changed since a cookie, then
/// each change as it is made.
final class SyncFeed implements Follower {

  private static final Duration QUIET_AFTER_RENAME = Duration.ofSeconds(1);
  private static final Duration MOST_AFTER_RENAME = Duration.ofSeconds(5);

  private final LdapConfig config;
  private final Lately lately;
  private Optional<byte[]> cookie = Optional.empty();
  private Optional<byte[]> ofLastState = Optional.empty(); // even when it was thrown away
  private String start = "";
  private boolean interrupted; // perhaps the server was killed

  SyncFeed(LdapConfig config) {
    this.config = config;
    this.lately = new Lately(config);
  }

  @Override
  public void forget() {
    cookie = Optional.empty();
  }

  @Override
  public void follow(Session session, Picture picture, Duty duty)
      throws FeedException, InterruptedException {
    // A killed 389 DS loses its last changes and gives their numbers to others: ours is no cookie.
    if (!session.root().start().equals(start)) forget();
    start = session.root().start();
    try {
      followOnce(session, picture, duty);
    } catch (FeedException e) {
      interrupted |= e.kind() == Kind.DOWN;
      throw e;
    }
  }

  private void followOnce(Session session, Picture picture, Duty duty)
      throws FeedException, InterruptedException {
    var messages = new SyncMessages(session.reader());
    AsyncRequestID search = start(session, messages);
    try {
      if (cookie.isPresent()) {
        catchUp(session, picture, messages, duty);
        readLately(session, picture, messages);
      } else {
        readAll(session, picture, messages, duty);
        lately.begin(picture.replica());
      }
      while (!duty.isClosed() && !duty.isFullReadDue()) {
        persist(session, picture, messages);
        if (duty.patrol(session, picture, true)) readLately(session, picture, messages);
      }
    } finally {
      abandon(session, search);
    }
  }

  private AsyncRequestID start(Session session, SyncMessages messages) throws FeedException {
    var request =
        new SearchRequest(
            messages,
            config.baseDn().toString(),
            SearchScope.SUB,
            DereferencePolicy.NEVER,
            0,
            0,
            false,
            Filter.createPresenceFilter("objectClass"),
            EntryReader.attributes());
    request.setIntermediateResponseListener(messages);
    request.setResponseTimeoutMillis(0);
    request.addControl(
        new ContentSyncRequestControl(
            ContentSyncRequestMode.REFRESH_AND_PERSIST,
            cookie.map(SyncFeed::withoutServer).map(ASN1OctetString::new).orElse(null),
            false));
    try {
      return session.connection().asyncSearch(request);
    } catch (LDAPException e) {
      throw session.down(e);
    }
  }

  /// OpenLDAP writes into a cookie which of a group of providers it is from, and takes whoever
  /// brings it for that one, to which no other sends back what it has from there.
  static byte[] withoutServer(byte[] cookie) {
    String text = new String(cookie, ISO_8859_1);
    return text.replaceFirst("^(rid=[0-9]{3},)sid=[0-9a-fA-F]{3},", "$1").getBytes(ISO_8859_1);
  }

  private static void abandon(Session session, AsyncRequestID search) {
    try {
      session.connection().abandon(search);
    } catch (LDAPException _) {
      session.connection().close();
    }
  }

  private void readAll(Session session, Picture picture, SyncMessages messages, Duty duty)
      throws FeedException, InterruptedException {
    long began = System.nanoTime();
    Map<UUID, SeenEntry> all = new LinkedHashMap<>();
    Optional<byte[]> reached = Optional.empty();
    while (true) {
      Message message = next(session, messages, duty);
      if (message.cookie().isPresent()) reached = message.cookie();
      switch (message) {
        case Message.Entry(var seen, _) -> all.put(seen.id(), seen);
        case Message.Deleted(var ids, _) -> ids.forEach(all::remove);
        case Message.Present _, Message.Cookie _ -> {}
        case Message.Done done -> throw ended(session, done);
        case Message.PhaseEnd(_, var last, _) -> {
          if (!last) continue;
          boolean nothingWritten =
              !interrupted
                  && reached.isPresent()
                  && ofLastState.isPresent()
                  && Arrays.equals(reached.get(), ofLastState.get());
          picture.complete(session, all.values(), Duty.since(began), nothingWritten);
          interrupted = false;
          reached(reached);
          return;
        }
      }
    }
  }

  /// RFC 4533 3.3.2: what a present phase does not name is gone; a delete phase names what is.
  private void catchUp(Session session, Picture picture, SyncMessages messages, Duty duty)
      throws FeedException, InterruptedException {
    var different = new ArrayList<SeenEntry>();
    Set<UUID> named = new HashSet<>();
    Set<UUID> deleted = new HashSet<>();
    Set<UUID> vanished = Set.of();
    boolean compared = false;
    Optional<byte[]> reached = Optional.empty();
    while (true) {
      Message message = next(session, messages, duty);
      if (message.cookie().isPresent()) reached = message.cookie();
      switch (message) {
        case Message.Entry(var seen, _) -> {
          different.add(seen);
          named.add(seen.id());
        }
        case Message.Present(var ids, _) -> named.addAll(ids);
        case Message.Deleted(var ids, _) -> deleted.addAll(ids);
        case Message.Cookie _ -> {}
        case Message.Done done -> throw ended(session, done);
        case Message.PhaseEnd(var present, var last, _) -> {
          if (present) {
            vanished = new HashSet<>(picture.replica().ids());
            vanished.removeAll(named);
            compared = true;
          }
          if (!last) continue;
          for (int i = 0; i < different.size(); i++)
            different.set(i, stamped(session, different.get(i)));
          if (!compared && interrupted) vanished = notThere(session, picture);
          picture.compared(session, different, deleted, vanished);
          interrupted = false;
          picture.inContact();
          reached(reached.or(() -> cookie));
          return;
        }
      }
    }
  }

  /// A killed OpenLDAP forgets how far it was, and finds that out again from its entries, of which
  /// the deleted ones are none: of the last deletions before its death it says nothing. 389 DS
  /// forgets some when it is written to while we come back.
  private Set<UUID> notThere(Session session, Picture picture) throws FeedException {
    var vanished = new HashSet<>(picture.replica().ids());
    vanished.removeAll(idsNow(session));
    return vanished;
  }

  private Set<UUID> idsNow(Session session) throws FeedException {
    var there = new HashSet<UUID>();
    new Reading(session, config, 0)
        .all(
            config.baseDn().toString(),
            "(objectClass=*)",
            new String[] {LdapAttribute.ENTRY_UUID.ldapName(), "nsUniqueId"},
            List.of(),
            entry -> there.add(session.reader().read(entry).id()));
    return there;
  }

  /// In this phase 389 DS sends no operational attributes, whatever was asked for, and an entry
  /// without a stamp looks as if more were hidden of it.
  private static SeenEntry stamped(Session session, SeenEntry seen) throws FeedException {
    if (!seen.stamp().isEmpty()) return seen;
    return session.look(seen.dn()).filter(now -> now.id().equals(seen.id())).orElse(seen);
  }

  private void persist(Session session, Picture picture, SyncMessages messages)
      throws FeedException, InterruptedException {
    Optional<Message> first = messages.next(Duration.ofMillis(200));
    if (first.isEmpty()) return;
    var batch = new ArrayList<Message>(List.of(first.get()));
    messages.drainTo(batch);
    take(session, picture, messages, batch);
  }

  /// @param batch more may be added to it
  private void take(Session session, Picture picture, SyncMessages messages, List<Message> batch)
      throws FeedException, InterruptedException {
    if (renames(picture, batch)) awaitReferences(messages, batch);
    var events = new ArrayList<Event>();
    Optional<byte[]> reached = Optional.empty();
    Optional<Message.Done> done = Optional.empty();
    for (Message message : batch) {
      if (message.cookie().isPresent()) reached = message.cookie();
      switch (message) {
        case Message.Entry(var seen, _) -> events.add(new Event.Put(seen));
        case Message.Deleted(var ids, _) -> ids.forEach(id -> events.add(new Event.Gone(id)));
        case Message.Present _, Message.Cookie _, Message.PhaseEnd _ -> {}
        case Message.Done end -> done = Optional.of(end);
      }
    }
    if (!events.isEmpty()) picture.changed(session, events);
    reached(reached.or(() -> cookie));
    if (done.isPresent()) throw ended(session, done.get());
  }

  /// 389 DS forgets to tell of changes now and then. What it tells meanwhile comes first, and has
  /// the word on the entries that it names.
  private void readLately(Session session, Picture picture, SyncMessages messages)
      throws FeedException, InterruptedException {
    if (!session.root().is389()) return;
    String latest = picture.replica().latest();
    Map<UUID, SeenEntry> found = lately.read(session, lately.since(latest));
    var told = new ArrayList<Message>();
    messages.drainTo(told);
    if (!told.isEmpty()) take(session, picture, messages, told);
    List<SeenEntry> untold =
        stillThere(
            picture.replica().different(notNamed(found, told)), picture.replica(), session::look);
    if (!untold.isEmpty()) picture.compared(session, untold, Set.of(), Set.of());
    lately.looked(latest);
  }

  static Collection<SeenEntry> notNamed(Map<UUID, SeenEntry> found, List<Message> told) {
    var left = new LinkedHashMap<>(found);
    for (Message message : told) {
      if (message instanceof Message.Entry(var seen, _)) left.remove(seen.id());
      if (message instanceof Message.Deleted(var ids, _)) left.keySet().removeAll(ids);
    }
    return left.values();
  }

  @FunctionalInterface
  interface Look {
    Optional<SeenEntry> at(Dn dn) throws FeedException;
  }

  /// What was found under another name than it is known by may have been moved since, by a
  /// container that it is in: of that one alone was told. It is read again where it is now.
  static List<SeenEntry> stillThere(List<SeenEntry> found, Replica known, Look look)
      throws FeedException {
    var there = new ArrayList<SeenEntry>();
    for (SeenEntry seen : found) {
      Optional<Dn> name = known.find(seen.id()).map(Replica.Known::dn);
      if (name.filter(seen.dn()::equals).isPresent()) {
        there.add(seen);
        continue;
      }
      Optional<SeenEntry> now = same(look, seen.dn(), seen.id());
      if (now.isEmpty() && name.isPresent()) now = same(look, name.get(), seen.id());
      now.ifPresent(there::add);
    }
    return there;
  }

  private static Optional<SeenEntry> same(Look look, Dn dn, UUID id) throws FeedException {
    return look.at(dn).filter(now -> now.id().equals(id));
  }

  private static boolean renames(Picture picture, List<Message> batch) {
    return batch.stream()
        .anyMatch(
            m -> m instanceof Message.Entry(var seen, _) && picture.renamed(seen).isPresent());
  }

  /// Where the server keeps references true (refint), groups follow their renamed members a moment
  /// later: the two belong together.
  private static void awaitReferences(SyncMessages messages, List<Message> batch)
      throws InterruptedException {
    long began = System.nanoTime();
    while (Duty.since(began).compareTo(MOST_AFTER_RENAME) < 0) {
      Optional<Message> more = messages.next(QUIET_AFTER_RENAME);
      if (more.isEmpty()) return;
      batch.add(more.get());
    }
  }

  private void reached(Optional<byte[]> now) {
    cookie = now.filter(c -> c.length > 0);
    ofLastState = cookie;
  }

  private Message next(Session session, SyncMessages messages, Duty duty)
      throws FeedException, InterruptedException {
    Duration wait = config.timing().answer();
    Optional<Message> message = messages.next(wait);
    if (message.isPresent()) return message.get();
    // 389 DS says nothing more when a refresh comes upon a limit; to a plain search it says why.
    if (session.root().is389() && !duty.isClosed()) requireReadable(session);
    String what = duty.isClosed() ? "closed" : "no answer within " + wait.toSeconds() + " s";
    throw new FeedException(Kind.DOWN, session.address() + ": " + what);
  }

  /// @throws FeedException why not all of the directory can be read
  private void requireReadable(Session session) throws FeedException {
    var unused = idsNow(session);
  }

  private FeedException ended(Session session, Message.Done done) {
    ResultCode code = done.code();
    String said = session.address() + ": " + done.said() + " (" + code + ")";
    if (code == ResultCode.SIZE_LIMIT_EXCEEDED || code == ResultCode.ADMIN_LIMIT_EXCEEDED)
      return new FeedException(Kind.INCOMPLETE, Advice.limit(session.root(), config, said));
    if (code == ResultCode.TIME_LIMIT_EXCEEDED && cookie.isEmpty())
      return new FeedException(Kind.INCOMPLETE, Advice.limit(session.root(), config, said));
    if (code == ResultCode.NO_SUCH_OBJECT)
      return new FeedException(Kind.RIGHTS, Advice.noBase(session.root(), config));
    if (code == ResultCode.INSUFFICIENT_ACCESS_RIGHTS)
      return new FeedException(
          Kind.RIGHTS, Advice.rights(session.root(), config, config.baseDn(), said));
    if (code == ResultCode.UNAVAILABLE_CRITICAL_EXTENSION
        || code == ResultCode.INAPPROPRIATE_MATCHING && cookie.isEmpty())
      return new FeedException(Kind.UNSUPPORTED, said);
    // 4096, and what a consumer gets that is ahead of its provider: after kill -9, or a restore
    if (code == ResultCode.E_SYNC_REFRESH_REQUIRED || code == ResultCode.UNWILLING_TO_PERFORM)
      return new FeedException(Kind.POSITION, said);
    return new FeedException(Kind.DOWN, said);
  }
}
