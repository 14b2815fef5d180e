package dev.reeve.server.directory.ldap;

import com.unboundid.ldap.sdk.Attribute;
import com.unboundid.ldap.sdk.Entry;
import com.unboundid.ldap.sdk.LDAPException;
import dev.reeve.model.gp.Dn;
import dev.reeve.schema.names.LdapClass;
import dev.reeve.server.directory.ldap.FeedException.Kind;
import dev.reeve.server.directory.ldap.Replica.Known;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// Active Directory and Samba: the number of the last write is read again and again, and what was
/// written since is fetched by it. Deletions leave nothing that an ordinary account could find, so
/// whenever there were writes that cannot be accounted for, all GUIDs are compared.
///
/// The numbers are one domain controller's own. Another one is read from the beginning.
final class UsnFeed implements Follower {

  private static final String ALL = "(objectClass=*)";
  private static final String REFERRERS =
      "(|(objectClass=group)(objectClass=ipsecBase)(objectClass=subnet))";
  private static final String IPSEC_REFERRERS = "(objectClass=ipsecBase)";
  private static final int PAGE = 1000;
  private static final int REST = 10; // comparing takes at most a tenth of the time
  private static final int MOST_UNKNOWN = 200;
  private static final Duration LEAST_REST = Duration.ofSeconds(1);

  private record Place(String controller, long usn) {}

  private final LdapConfig config;
  private Optional<Place> place = Optional.empty();

  UsnFeed(LdapConfig config) {
    this.config = config;
  }

  @Override
  public void forget() {
    place = Optional.empty();
  }

  @Override
  public void follow(Session session, Picture picture, Duty duty)
      throws FeedException, InterruptedException {
    String controller = session.root().controller();
    long highest = highest(session);
    boolean known =
        place.filter(p -> p.controller().equals(controller) && p.usn() <= highest).isPresent();
    if (!known) readAll(session, picture);
    boolean doubt = known; // what was deleted while nobody looked
    long compared = System.nanoTime();
    Duration rest = LEAST_REST;
    while (!duty.isClosed() && !duty.isFullReadDue()) {
      doubt |= poll(session, picture);
      Duration since = Duty.since(compared);
      if (doubt && since.compareTo(rest) >= 0 || since.compareTo(config.timing().compare()) >= 0) {
        long began = System.nanoTime();
        compare(session, picture);
        compared = System.nanoTime();
        rest = Duration.ofNanos(compared - began).multipliedBy(REST);
        if (rest.compareTo(LEAST_REST) < 0) rest = LEAST_REST;
        doubt = false;
      }
      picture.inContact();
      var unused = duty.patrol(session, picture, false);
      Thread.sleep(config.timing().poll());
    }
  }

  private long highest(Session session) throws FeedException {
    try {
      Optional<Long> highest = RootDse.highestUsn(session.connection());
      if (highest.isPresent()) return highest.get();
      throw new FeedException(
          Kind.UNSUPPORTED,
          session.address() + " has no highestCommittedUSN: --feed usn is for AD");
    } catch (LDAPException e) {
      throw session.down(e);
    }
  }

  private List<Dn> bases(Session session) {
    var bases = new ArrayList<>(List.of(config.baseDn()));
    if (config.sites())
      session.root().configuration().ifPresent(c -> bases.add(c.below("CN=Sites")));
    return bases;
  }

  private void readAll(Session session, Picture picture) throws FeedException {
    long began = System.nanoTime();
    long usn = highest(session); // what is written from here on is read again
    Map<UUID, SeenEntry> all = new LinkedHashMap<>();
    for (Dn base : bases(session)) {
      Map<Dn, Attribute> descriptors = descriptors(session, base);
      reading(session)
          .all(
              base.toString(),
              ALL,
              EntryReader.attributes(),
              List.of(),
              entry -> {
                Optional<Attribute> descriptor =
                    descriptors.isEmpty()
                        ? Optional.empty()
                        : Dn.find(entry.getDN()).map(descriptors::get);
                Entry whole = AdSearch.complete(session.connection(), entry);
                SeenEntry seen = session.reader().read(AdSearch.with(whole, descriptor));
                all.put(seen.id(), seen);
              });
    }
    picture.complete(session, all.values(), Duty.since(began), false);
    place = Optional.of(new Place(session.root().controller(), usn));
  }

  private Reading reading(Session session) {
    return new Reading(session, config, PAGE);
  }

  private Map<Dn, Attribute> descriptors(Session session, Dn base) throws FeedException {
    Map<Dn, Attribute> found = new HashMap<>();
    reading(session)
        .all(
            base.toString(),
            "(objectClass=" + LdapClass.GROUP_POLICY_CONTAINER.ldapName() + ")",
            new String[] {AdSearch.DESCRIPTOR},
            List.of(AdSearch.descriptorFlags()),
            entry -> {
              Attribute descriptor = entry.getAttribute(AdSearch.DESCRIPTOR);
              if (descriptor != null) found.put(Dn.parse(entry.getDN()), descriptor);
            });
    return found;
  }

  /// @return whether something was written that was not found
  private boolean poll(Session session, Picture picture) throws FeedException {
    Place from = place.orElseThrow();
    long highest = highest(session);
    if (highest == from.usn()) return false;
    if (highest < from.usn())
      throw new FeedException(
          Kind.POSITION, session.address() + " was set back from write " + from.usn());
    String filter = "(" + EntryReader.USN_CHANGED + ">=" + (from.usn() + 1) + ")";
    List<SeenEntry> changed = search(session, filter);
    deliver(session, picture, changed, Set.of());
    place = Optional.of(new Place(from.controller(), highest));
    return changed.size() < highest - from.usn();
  }

  private List<SeenEntry> search(Session session, String filter) throws FeedException {
    var found = new ArrayList<SeenEntry>();
    for (Dn base : bases(session))
      reading(session)
          .all(
              base.toString(),
              filter,
              EntryReader.attributes(),
              List.of(),
              entry -> found.add(whole(session, entry)));
    return found;
  }

  private SeenEntry whole(Session session, Entry entry) throws FeedException, LDAPException {
    Entry complete = AdSearch.complete(session.connection(), entry);
    return session
        .reader()
        .read(AdSearch.withDescriptor(session.connection(), complete, session.root()));
  }

  /// With the entries that refer to renamed or deleted ones: Active Directory changes the names in
  /// them without writing them. All of it is one change, or groups would be without their members,
  /// or a computer that is made anew in the groups of the one that was deleted.
  private void deliver(
      Session session, Picture picture, List<SeenEntry> changed, Set<UUID> vanished)
      throws FeedException {
    var all = new ArrayList<SeenEntry>(changed);
    var gone = new HashSet<>(vanished);
    displaced(session, picture, all, gone);
    List<SeenEntry> renamed =
        changed.stream().filter(seen -> picture.renamed(seen).isPresent()).toList();
    List<Known> deleted = gone.stream().flatMap(id -> picture.replica().find(id).stream()).toList();
    if (deleted.stream().anyMatch(UsnFeed::mayBeReferredTo)) {
      all.addAll(search(session, REFERRERS));
    } else {
      // A reference to a deleted object has that one's new name, and means no other that comes.
      boolean ipsec =
          deleted.stream().anyMatch(known -> known.kept() && known.kind() == SeenEntry.Kind.IPSEC);
      if (ipsec) all.addAll(search(session, IPSEC_REFERRERS));
      if (!renamed.isEmpty()) all.addAll(referrers(session, picture, renamed));
    }
    picture.compared(session, all, Set.of(), gone);
  }

  /// Whose name an entry has that was just written: a computer that is made anew has the name of
  /// the one that was deleted, of which nothing tells.
  private void displaced(Session session, Picture picture, List<SeenEntry> written, Set<UUID> gone)
      throws FeedException {
    var known = new HashSet<UUID>(gone);
    written.forEach(seen -> known.add(seen.id()));
    for (SeenEntry seen : List.copyOf(written)) {
      Optional<UUID> holder =
          picture.replica().find(seen.dn()).map(Known::id).filter(id -> !known.contains(id));
      if (holder.isEmpty()) continue;
      Optional<SeenEntry> now = find(session, holder.get());
      now.ifPresentOrElse(written::add, () -> gone.add(holder.get()));
      known.add(holder.get());
    }
  }

  private Optional<SeenEntry> find(Session session, UUID id) throws FeedException {
    try {
      Entry found = session.connection().getEntry("<GUID=" + id + ">", EntryReader.attributes());
      return found == null ? Optional.empty() : Optional.of(whole(session, found));
    } catch (LDAPException e) {
      throw session.down(e);
    }
  }

  /// As a member, or as the site of a subnet, beside what only IPsec objects refer to.
  private static boolean mayBeReferredTo(Replica.Known known) {
    return known.kept()
        && known.kind() != SeenEntry.Kind.GPO
        && known.kind() != SeenEntry.Kind.IPSEC;
  }

  private List<SeenEntry> referrers(Session session, Picture picture, List<SeenEntry> renamed)
      throws FeedException {
    boolean leaf =
        renamed.size() == 1
            && renamed.getFirst().kind() == SeenEntry.Kind.COMPUTER
            && picture
                .renamed(renamed.getFirst())
                .flatMap(picture.replica()::find)
                .filter(known -> !picture.replica().hasChildren(known.dn()))
                .isPresent();
    if (leaf) {
      String name = com.unboundid.ldap.sdk.Filter.encodeValue(renamed.getFirst().dn().toString());
      return search(session, "(&(objectClass=group)(member=" + name + "))");
    }
    return search(session, REFERRERS);
  }

  private void compare(Session session, Picture picture) throws FeedException {
    Map<UUID, Dn> there = new HashMap<>();
    for (Dn base : bases(session))
      reading(session)
          .all(
              base.toString(),
              ALL,
              new String[] {"objectGUID"},
              List.of(),
              entry -> {
                SeenEntry seen = session.reader().read(entry);
                there.put(seen.id(), seen.dn());
              });
    Set<UUID> vanished = new HashSet<>(picture.replica().ids());
    vanished.removeAll(there.keySet());
    var gone = new HashSet<UUID>();
    for (UUID id : vanished) if (!exists(session, id)) gone.add(id);
    deliver(session, picture, unknown(session, picture, there), gone);
  }

  /// New to us, or by another name.
  private List<SeenEntry> unknown(Session session, Picture picture, Map<UUID, Dn> there)
      throws FeedException {
    var names = new ArrayList<Dn>();
    there.forEach((id, dn) -> {
      if (picture.replica().find(id).filter(k -> k.dn().equals(dn)).isEmpty()) names.add(dn);
    });
    if (names.size() > MOST_UNKNOWN)
      throw new FeedException(Kind.POSITION, names.size() + " entries are new or renamed");
    var found = new ArrayList<SeenEntry>();
    for (Dn dn : names) session.look(dn).ifPresent(found::add);
    return found;
  }

  /// An entry that is moved while pages are read may be on none of them.
  private boolean exists(Session session, UUID id) throws FeedException {
    try {
      return session.connection().getEntry("<GUID=" + id + ">", "1.1") != null;
    } catch (LDAPException e) {
      throw session.down(e);
    }
  }
}
