package dev.reeve.server.directory.ldap;

import dev.reeve.model.gp.Dn;
import dev.reeve.schema.names.LdapAttribute;
import dev.reeve.server.directory.ldap.FeedException.Kind;
import dev.reeve.server.directory.ldap.Replica.Known;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;

/// Whether we still see what is there. A directory that takes rights away from us answers as if the
/// content were gone, with success; policy must not be withdrawn for that.
///
/// What gives it away: an entry that lost an attribute and was not written; an entry that has
/// children, none of which we see; a whole kind of entries gone at once.
final class Sight {

  private static final String POLICIES = "CN=Policies,CN=System";

  private static final List<String> CRITICAL =
      List.of(
          POLICIES, "CN=IP Security,CN=System", "CN=Reeve,CN=System", "CN=Sites,CN=Configuration");

  /// So many of a kind are not deleted between two looks by accident.
  private static final int MANY = 3;

  private static final int NEIGHBOURS = 3;
  private static final int MOST_LOOKS = 30;

  private static final int PER_PATROL = 32;
  private static final int OBJECT_CLASS = SeenEntry.bit(LdapAttribute.OBJECT_CLASS);

  /// Also those that show nothing telling: it may have been hidden when they were read.
  private static final Set<SeenEntry.Kind> PATROLLED =
      EnumSet.of(SeenEntry.Kind.GPO, SeenEntry.Kind.CONTAINER, SeenEntry.Kind.IPSEC);

  private final LdapConfig config;
  private Earlier earlier;
  private final Queue<UUID> route = new ArrayDeque<>();
  private Set<UUID> missing = Set.of();

  /// @param earlier for the first complete read, before which nothing is known
  Sight(LdapConfig config, Earlier earlier) {
    this.config = config;
    this.earlier = earlier;
  }

  /// A complete read, against what was known before.
  ///
  /// @param nothingWritten the directory says that nothing was written since
  void judgeComplete(
      Session session, Collection<SeenEntry> all, Replica before, boolean nothingWritten)
      throws FeedException {
    var byName = new HashMap<Dn, SeenEntry>();
    var parents = new HashSet<Dn>();
    var ids = new HashSet<UUID>();
    for (SeenEntry seen : all) {
      byName.put(seen.dn(), seen);
      seen.dn().parent().ifPresent(parents::add);
      ids.add(seen.id());
    }
    base(session, Optional.ofNullable(byName.get(config.baseDn())));
    if (!byName.containsKey(config.baseDn().below(POLICIES)))
      throw rights(session, config.baseDn(), "no " + POLICIES + " is shown, where the GPOs are");
    for (SeenEntry seen : all) {
      notStripped(session, seen, before);
      if (before.isEmpty()) notStripped(session, seen, earlier.strippedFrom(seen));
    }
    for (SeenEntry seen : all) {
      boolean hidden = seen.parent() && !parents.contains(seen.dn());
      if (hidden
          && (isCritical(session, seen.dn()) || before.hasChildren(seen.dn()))
          && session.hidesChildren(seen.dn()))
        throw rights(session, seen.dn(), "there are entries below it, and none is shown");
    }
    notAllBare(session, all);
    descriptors(session, all);
    if (nothingWritten) {
      for (UUID id : before.ids()) {
        Known known = before.find(id).orElseThrow();
        if (known.kept() && !ids.contains(id) && !session.isGone(known.dn()))
          throw rights(
              session, config.baseDn(), known.dn() + " is gone though nothing was written");
      }
    }
    kindsRemain(session, before, ids);
    for (SeenEntry seen : all)
      if (!parents.contains(seen.dn())) notEmptied(session, before, seen.dn());
    earlier = Earlier.NOTHING;
  }

  /// Where a directory does not tell that an entry has children, many that are gone at once do.
  private void notEmptied(Session session, Replica before, Dn container) throws FeedException {
    int had = before.childrenOf(container).size();
    if (had >= MANY && isCritical(session, container))
      throw rights(
          session,
          container,
          "not one of "
              + had
              + " entries below it is shown any more"
              + " (if they were really deleted, restart the server, and it believes it)");
  }

  private void base(Session session, Optional<SeenEntry> base) throws FeedException {
    if (base.isEmpty()) throw new FeedException(Kind.RIGHTS, Advice.noBase(session.root(), config));
    if (base.get().entry().isBare())
      throw rights(session, config.baseDn(), "its name is shown and no attribute");
  }

  private void notStripped(Session session, SeenEntry seen, Replica before) throws FeedException {
    Optional<Known> known = before.find(seen.id());
    if (known.isPresent()) notStripped(session, seen, strippedFrom(known.get(), seen));
  }

  private void notStripped(Session session, SeenEntry seen, int lost) throws FeedException {
    if (lost != 0)
      throw rights(
          session, seen.dn(), SeenEntry.named(lost) + " is gone though the entry was not written");
  }

  /// The attributes it lost without being written.
  private static int strippedFrom(Known known, SeenEntry seen) {
    boolean written = !known.firm() || !known.stamp().equals(seen.stamp());
    if (seen.stamp().isEmpty() && !known.stamp().isEmpty()) written = false; // hidden too
    return written ? 0 : known.traits() & ~seen.traits() & ~SeenEntry.changesUnwritten(seen);
  }

  private void notAllBare(Session session, Collection<SeenEntry> all) throws FeedException {
    Map<Dn, Integer> shown = new LinkedHashMap<>();
    Map<Dn, Integer> bare = new HashMap<>();
    for (SeenEntry seen : all) {
      Optional<Dn> parent = seen.dn().parent().filter(p -> isCritical(session, p));
      if (parent.isEmpty()) continue;
      (seen.entry().isBare() ? bare : shown).merge(parent.get(), 1, Integer::sum);
    }
    for (var each : bare.entrySet()) {
      if (!shown.containsKey(each.getKey()))
        throw rights(
            session,
            each.getKey(),
            "of " + each.getValue() + " entries below it the names are shown and no attribute");
    }
  }

  /// Without its descriptor a GPO would seem to apply to everyone.
  private void descriptors(Session session, Collection<SeenEntry> all) throws FeedException {
    if (session.root().highestUsn().isEmpty()) return;
    int gpos = 0;
    for (SeenEntry seen : all) {
      if (seen.kind() != SeenEntry.Kind.GPO) continue;
      if (seen.entry().has(LdapAttribute.NT_SECURITY_DESCRIPTOR)) return;
      gpos++;
    }
    if (gpos > 0)
      throw rights(
          session,
          config.baseDn().below(POLICIES),
          "nTSecurityDescriptor is shown of none of " + gpos + " group policy objects");
  }

  private static final List<SeenEntry.Kind> KINDS =
      List.of(
          SeenEntry.Kind.GPO,
          SeenEntry.Kind.CONTAINER,
          SeenEntry.Kind.IPSEC,
          SeenEntry.Kind.COMPUTER);

  private void kindsRemain(Session session, Replica before, Set<UUID> remaining)
      throws FeedException {
    Map<SeenEntry.Kind, Integer> had = before.count(_ -> true);
    Map<SeenEntry.Kind, Integer> have = before.count(remaining::contains);
    for (SeenEntry.Kind kind : KINDS) {
      if (had.getOrDefault(kind, 0) >= MANY && !have.containsKey(kind))
        throw rights(
            session,
            config.baseDn(),
            "not one "
                + kind
                + " is left of "
                + had.get(kind)
                + " (if they were really deleted, restart the server, and it believes it)");
    }
  }

  /// Entries that a comparison did not find any more.
  void judgeVanished(Session session, Replica before, Set<UUID> gone) throws FeedException {
    if (gone.isEmpty()) return;
    var remaining = new HashSet<>(before.ids());
    remaining.removeAll(gone);
    kindsRemain(session, before, remaining);
    var emptied = new HashSet<Dn>();
    for (UUID id : gone)
      before.find(id).flatMap(known -> known.dn().parent()).ifPresent(emptied::add);
    for (Dn parent : emptied) {
      Optional<Known> known = before.find(parent);
      if (known.isEmpty() || gone.contains(known.get().id())) continue;
      boolean left = !gone.containsAll(before.childrenOf(parent));
      if (!left) notEmptied(session, before, parent);
      if (!left && session.hidesChildren(parent))
        throw rights(session, parent, "there are entries below it, and none is shown any more");
    }
  }

  /// Changed entries. One that lost something telling is believed when its neighbours, unchanged,
  /// still show the same.
  void judgeChanged(Session session, Replica before, Collection<SeenEntry> changed)
      throws FeedException {
    int looks = 0;
    for (SeenEntry seen : changed) {
      notStripped(session, seen, before);
      int lost =
          before.find(seen.id()).map(k -> k.traits() & ~seen.traits()).orElse(0)
              & ~SeenEntry.changesUnwritten(seen);
      for (LdapAttribute attribute : SeenEntry.named(lost)) {
        if (++looks > MOST_LOOKS) return;
        neighboursStillShow(session, before, seen, SeenEntry.bit(attribute));
      }
    }
  }

  private void neighboursStillShow(Session session, Replica before, SeenEntry seen, int trait)
      throws FeedException {
    List<Known> nearest =
        before
            .all()
            .filter(k -> (k.traits() & trait) != 0 && !k.id().equals(seen.id()))
            .sorted(
                Comparator.comparingInt((Known k) -> -inCommon(k.dn(), seen.dn()))
                    .thenComparing(Known::dn))
            .limit(NEIGHBOURS)
            .toList();
    for (Known neighbour : nearest) {
      Optional<SeenEntry> now = session.look(neighbour.dn());
      if (now.isEmpty()) continue; // deleted or renamed meanwhile
      if ((now.get().traits() & trait) != 0) return;
      notStripped(session, now.get(), before);
    }
  }

  private static int inCommon(Dn a, Dn b) {
    Optional<Dn> up = Optional.of(b);
    while (up.isPresent() && !a.isUnder(up.get())) up = up.get().parent();
    return up.map(Dn::depth).orElse(0);
  }

  /// Looks at some entries of each telling attribute, others each time: whether they still show it.
  ///
  /// @param toldOfDeletions the feed says at once what was deleted: what is not there twice is
  ///   hidden, unless its container says otherwise
  void patrol(Session session, Replica before, boolean toldOfDeletions) throws FeedException {
    if (session.look(config.baseDn()).isEmpty())
      throw new FeedException(Kind.RIGHTS, Advice.noBase(session.root(), config));
    if (route.isEmpty())
      before
          .all()
          .filter(k -> PATROLLED.contains(k.kind()) || (k.traits() & ~OBJECT_CLASS) != 0)
          .forEach(k -> route.add(k.id()));
    var toLook = new HashSet<>(missing);
    for (int i = 0; i < PER_PATROL && !route.isEmpty(); i++) toLook.add(route.remove());
    var notFound = new HashSet<UUID>();
    for (UUID id : toLook) {
      Optional<Known> known = before.find(id);
      if (known.isEmpty()) continue;
      Optional<SeenEntry> now = session.look(known.get().dn());
      if (now.isEmpty()) {
        if (toldOfDeletions && missing.contains(id)) throw untold(session, known.get().dn());
        notFound.add(id);
      } else if (now.get().id().equals(id) || now.get().entry().isBare()) {
        notStripped(session, sameId(now.get(), id), before);
        notRevealed(session, now.get(), known.get());
      }
    }
    missing = notFound;
  }

  private FeedException untold(Session session, Dn dn) throws FeedException {
    return session.isGone(dn)
        ? new FeedException(
            Kind.POSITION,
            session.address() + ": " + dn + " is gone, and its deletion was not told")
        : rights(session, dn, "it is not shown any more, and nobody deleted it");
  }

  /// What was hidden when it was read and is not any more: no feed tells of that.
  private static void notRevealed(Session session, SeenEntry seen, Known known)
      throws FeedException {
    int more = seen.traits() & ~known.traits() & ~SeenEntry.changesUnwritten(seen);
    if (more == 0 || !known.firm() || !known.stamp().equals(seen.stamp())) return;
    throw new FeedException(
        Kind.POSITION,
        session.address()
            + ": "
            + SeenEntry.named(more)
            + " of "
            + seen.dn()
            + " is shown though the entry was not written: it was hidden");
  }

  /// A bare entry does not show its id either.
  private static SeenEntry sameId(SeenEntry seen, UUID id) {
    return new SeenEntry(
        id, seen.entry(), seen.stamp(), seen.parent(), seen.traits(), seen.kind(), seen.digest());
  }

  private boolean isCritical(Session session, Dn dn) {
    for (String relative : CRITICAL) if (dn.equals(config.baseDn().below(relative))) return true;
    return session
        .root()
        .configuration()
        .filter(configuration -> dn.equals(configuration.below("CN=Sites")))
        .isPresent();
  }

  private FeedException rights(Session session, Dn where, String seen) {
    return new FeedException(Kind.RIGHTS, Advice.rights(session.root(), config, where, seen));
  }
}
